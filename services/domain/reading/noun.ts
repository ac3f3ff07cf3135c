import type { Caller, Permission } from "../../platform/caller";
import type { Tx } from "../../platform/unit-of-work";
import type { Cursors } from "./cursor";
import type { Arguments } from "./selection";

/** One value as PostgreSQL writes it. */
export type Cell = string | null;
export type Row = readonly Cell[];

/** Writes a value of a row as JSON. */
export type Encode = (row: Row, run: Run) => string;

export const nounNames = [
  "Query",
  "Viewer",
  "Organization",
  "SeatSummary",
  "Entitlement",
  "Member",
  "Licence",
  "Subscription",
  "ScheduledChange",
  "Plan",
  "PlanFeature",
  "PlanPrice",
  "Invitation",
  "EventTypeTemplate",
  "EventType",
  "AuditEntry",
  "ProvisioningEntry",
  "ApiToken",
  "IdentityConnection",
  "IdpCertificate",
  "SpKey",
  "VerifiedDomain",
  "ScimToken",
  "LoginSession",
  "SsoExemption",
  "IdentityLink",
  "Change",
  "Group",
] as const;
export type NounName = (typeof nounNames)[number];

/** What the values of a statement's parameters are computed from, at each request. */
export interface Run {
  readonly tx: Tx;
  readonly orgId: string;
  readonly now: Date;
  readonly caller: Caller;
  readonly locale: "fr" | "en";
  readonly args: readonly Arguments[];
  readonly cursors: Cursors;
  /** The rows that the statement gave. */
  readonly rows: readonly Row[];
  /** Things of this answer that were written already, by the place of the link and the thing's key. */
  readonly memo: Map<string, string>[];
}

/** Adds a parameter to the statement that is being written, and answers its place: `$3`. */
export type Bind = (value: (run: Run) => unknown) => string;

/** Which permission it takes to look here; nothing where everybody in the organization may. */
export type Gate = (caller: Caller, args: Arguments) => Permission | undefined;

/** A value in one column or expression of the row. */
export interface Column {
  readonly kind: "column";
  readonly sql: (row: string, bind: Bind) => string;
  readonly encode: (cell: number) => Encode;
}

/** A value made of several columns and of who is asking. `of` names its type where it has fields of its own. */
export interface Computed {
  readonly kind: "computed";
  readonly of?: string;
  readonly columns: readonly ((row: string) => string)[];
  readonly value: (cells: readonly Cell[], run: Run) => unknown;
}

/** At most one other thing: a join. `join` names the table and the condition. */
export interface One {
  readonly kind: "one";
  readonly noun: NounName;
  readonly join: (to: string, from: string, bind: Bind, argument: ArgumentOf) => string;
  readonly gate?: Gate;
}

/** A short list, whole: never more than 100 rows by its nature. */
export interface List {
  readonly kind: "list";
  readonly noun: NounName;
  readonly from: (to: string, from: string, bind: Bind, argument: ArgumentOf) => string;
  readonly orderBy: (to: string) => string;
  readonly gate?: Gate;
}

/** A list in pages. */
export interface Many {
  readonly kind: "many";
  readonly noun: NounName;
  /** Table and condition, e.g. `member m1 where m1.org_id = $1`. */
  readonly from: (to: string, from: string, bind: Bind, argument: ArgumentOf) => string;
  readonly filters: Readonly<Record<string, Filter>>;
  /** The first one is the default. */
  readonly orders: Readonly<Record<string, Order>>;
  readonly gate?: Gate;
}

/** An argument of the field at run time. */
export type ArgumentOf = (name: string) => (run: Run) => unknown;

export interface Filter {
  /** Which form of the condition a value asks for; `absent` where none is given. Texts differ by form only. */
  readonly form: (value: unknown) => string;
  readonly sql: (to: string, bind: Bind, value: (run: Run) => unknown, form: string) => string;
}

/** A column by which pages are ordered; the id decides between equals (GQL-11). */
export interface Order {
  readonly column: (row: string) => string;
  readonly type: "instant" | "text" | "number";
  readonly descending?: boolean;
}

export type Member = Column | Computed | One | List | Many;

/** A kind of thing, as people see it: fields, where they come from, and what lies behind them. */
export interface Noun {
  readonly name: NounName;
  /** The column that is never null in a row: says whether a joined row is there. */
  readonly key: (row: string) => string;
  readonly members: Readonly<Record<string, Member>>;
}

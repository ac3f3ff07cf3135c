import type { ConnectionId, GroupId, MemberId } from "../../kernel/ids";
import type { Group } from "../groups";
import type { Member } from "../members";

/** A member as one connection sees it: with what other modules know of them (SCIM-063). */
export interface ProvisionedMember extends Member {
  /** The id that this connection's client gave; no other connection sees it (SCIM-013). */
  readonly externalId: string | null;
  /** Plan of the seat that the member holds. */
  readonly planCode: string | null;
  readonly isWaiting: boolean;
  readonly managedByName: string | null;
  readonly hasAccepted: boolean;
  /** The manager, where `managerRef` names a live member. */
  readonly manager: { readonly id: MemberId; readonly name: string } | null;
  /** Null when they were not asked for. */
  readonly groups: readonly GroupOfMember[] | null;
}

export interface GroupOfMember {
  readonly id: GroupId;
  readonly displayName: string;
  /** Otherwise through another group. */
  readonly direct: boolean;
}

/** Which groups of a member are read (ruling d5: lists show direct ones). */
export type GroupsAsked = "none" | "direct" | "all";

export interface ProvisionedGroup extends Group {
  readonly externalId: string | null;
  readonly kind: "team" | "role" | "licence";
  /** Null when they were not asked for, or are too many for a list. */
  readonly members: readonly ChildOfGroup[] | null;
}

export interface ChildOfGroup {
  readonly kind: "MEMBER" | "GROUP";
  readonly id: string;
  readonly display: string;
}

/** What a door has compiled of a list request: SQL over the row `m`, `$1` being the organization. */
export interface ListQuery {
  /** Which rows are in the list at all. */
  readonly where: string;
  /** Which of them lie behind (or before) the place where a walk by cursor stands; `true` for a page by index. */
  readonly keyset: string;
  readonly orderBy: string;
  /** By what a row is ordered before its id, as the next cursor needs it; `null` where it needs nothing. */
  readonly sortValue: string;
  readonly values: readonly unknown[];
  readonly limit: number;
  readonly offset: number;
}

/** A row of a page, with its place in the order. */
export type Placed<T> = T & { readonly sortValue: string | number | boolean | Date | null };

export interface Listed<T> {
  readonly rows: readonly Placed<T>[];
  readonly total: number;
}

/** The connection on whose behalf something is read or written. */
export interface Provisioner {
  readonly connectionId: ConnectionId;
  readonly name: string;
  /** The highest role that the connection may grant (SCIM-048). */
  readonly roleCeiling: "OWNER" | "ADMIN" | "MEMBER";
}

import { invalid } from "../../kernel/errors";
import { readId, type IdKind } from "../../kernel/ids";
import { foldKey } from "../../kernel/text";
import type { Filter, Order } from "./noun";

/** One of some values; a list of one is a form of its own, because an index orders what comes behind an equality. */
export function oneOf(column: string, absent: (to: string) => string = () => ""): Filter {
  return {
    form: (value) => ((value as readonly unknown[]).length === 1 ? "one" : "some"),
    sql: (to, bind, value, form) => {
      if (form === "absent") return absent(to);
      if (form === "one") return `${to}.${column} = ${bind((run) => (value(run) as readonly unknown[])[0])}::text`;
      return `${to}.${column} = any(${bind(value)}::text[])`;
    },
  };
}

/** A public id of one kind; an id of another kind finds nothing, like one that does not exist (GQL-13). */
export function idIs(column: string, kind: IdKind): Filter {
  return {
    form: () => "given",
    sql: (to, bind, value, form) =>
      form === "absent" ? "" : `${to}.${column} = ${bind((run) => uuidOfKind(kind, value(run)))}::uuid`,
  };
}

/** The uuid of a public id of this kind, or null. */
export function uuidOfKind(kind: IdKind, text: unknown): string | null {
  const read = typeof text === "string" ? readId(text) : undefined;
  return read?.kind === kind ? read.id : null;
}

/** Equality, or any other condition on one parameter. */
export function where(sql: (to: string, parameter: string) => string): Filter {
  return {
    form: () => "given",
    sql: (to, bind, value, form) => (form === "absent" ? "" : sql(to, bind(value))),
  };
}

const lastCharacter = "\u{10ffff}";
const searchMax = 120;

/**
 * What begins so, in any of some columns that hold comparison keys (ruling d4): ranges, because they are the one form
 * of a prefix that an index answers under row security and with a parameter (DB-27). `rows` selects the ids.
 */
export function beginsWith(rows: (from: string, to: string) => string): Filter {
  return {
    form: () => "given",
    sql: (row, bind, value, form) => {
      if (form === "absent") return "";
      const from = bind((run) => prefixOf(value(run)));
      const to = bind((run) => prefixOf(value(run)) + lastCharacter);
      return `${row}.id in (${rows(`${from}::text`, `${to}::text`)})`;
    },
  };
}

function prefixOf(value: unknown): string {
  const prefix = foldKey(String(value)).trim();
  if (prefix === "" || prefix.length > searchMax) throw invalid("filter.search", `1 to ${searchMax} characters`);
  return prefix;
}

const byTime = (column: string) => (row: string) => `${row}.${column}`;

/** By time of creation, oldest first unless it says otherwise. */
export const byCreation: Readonly<Record<string, Order>> = {
  CREATED_AT_ASC: { column: byTime("created_at"), type: "instant" },
  CREATED_AT_DESC: { column: byTime("created_at"), type: "instant", descending: true },
};

const nameKey = (row: string) => `${row}.name_key`;

/** By time of creation, or by the name that people read. */
export const byCreationOrName: Readonly<Record<string, Order>> = {
  ...byCreation,
  NAME_ASC: { column: nameKey, type: "text" },
  NAME_DESC: { column: nameKey, type: "text", descending: true },
};

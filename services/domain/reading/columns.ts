import type { IdKind } from "../../kernel/ids";
import type { Permission } from "../../platform/caller";
import { asFlag, asId, asInstant, asText, asWord, asWritten } from "./encode";
import type { Bind, Cell, Column, Computed, Encode, Gate, Run } from "./noun";

type Expression = (row: string, bind: Bind) => string;

const column = (sql: string | Expression, encode: (cell: number) => Encode): Column => ({
  kind: "column",
  sql: typeof sql === "string" ? (row) => `${row}.${sql}` : sql,
  encode,
});

export const text = (sql: string | Expression): Column => column(sql, asText);
/** One of a closed set of words; with `upper` where the database has it in lower case. */
export const word = (sql: string | Expression): Column => column(sql, asWord);
export const upper = (name: string): Column => word((row) => `upper(${row}.${name})`);
export const number = (sql: string | Expression): Column => column(sql, asWritten);
export const flag = (sql: string | Expression): Column => column(sql, asFlag);
export const json = (sql: string | Expression): Column => column(sql, asWritten);
export const id = (kind: IdKind, sql: string | Expression = "id"): Column => column(sql, asId(kind));

/** An instant: PostgreSQL writes it in UTC whatever the zone of the session, three digits of a second at most. */
export const instant = (sql: string | Expression): Column => {
  const inner = typeof sql === "string" ? (row: string) => `${row}.${sql}` : sql;
  return column((row, bind) => `(${inner(row, bind)}) at time zone 'UTC'`, asInstant);
};

export const computed = (
  columns: readonly string[],
  value: (cells: readonly Cell[], run: Run) => unknown,
  of?: string,
): Computed => ({
  kind: "computed",
  ...(of === undefined ? {} : { of }),
  columns: columns.map((name) => (row: string) => `${row}.${name}`),
  value,
});

/** Looking here takes a permission. */
export const needs =
  (permission: Permission): Gate =>
  () =>
    permission;

/** `MEMBER_WRITE`, as a permission is shown at the door. */
export function shownPermission(permission: Permission): string {
  return permission.toUpperCase().replace(/[:-]/g, "_");
}

/** Which of these permissions the caller has: what a screen offers for a thing (style guide 1.3). */
export const viewerMay = (...permissions: readonly Permission[]): Computed =>
  computed([], (_cells, run) => permissions.filter((p) => run.caller.permissions.has(p)).map(shownPermission));

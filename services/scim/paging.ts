import { limits } from "./limits";
import { invalidValue, shown } from "./refusal";

/** Which part of a list is asked for, by index (SCIM-130) or by cursor (SCIM-132). */
export type Page =
  | { readonly by: "index"; readonly startIndex: number; readonly count: number }
  | {
      readonly by: "cursor";
      readonly cursor: string | undefined;
      readonly count: number;
      readonly countGiven: boolean;
    };

export interface PageRequest {
  readonly startIndex?: unknown;
  readonly count?: unknown;
  readonly cursor?: unknown;
}

/** Reads startIndex, count and cursor as the RFCs bound them: out of range is brought into it, nonsense refused. */
export function readPage({ startIndex, count, cursor }: PageRequest): Page {
  const rows = Math.min(Math.max(readInteger("count", count) ?? limits.defaultPageSize, 0), limits.maxPageSize);
  if (cursor === undefined || cursor === null) {
    return { by: "index", startIndex: Math.max(readInteger("startIndex", startIndex) ?? 1, 1), count: rows };
  }
  if (startIndex !== undefined && startIndex !== null) throw invalidValue("startIndex and cursor exclude each other");
  if (typeof cursor !== "string") throw invalidValue(`cursor is ${shown(cursor)}, expected a string`);
  return { by: "cursor", cursor: cursor === "" ? undefined : cursor, count: rows, countGiven: count !== undefined };
}

function readInteger(name: string, given: unknown): number | undefined {
  if (given === undefined || given === null || given === "") return undefined;
  const number = typeof given === "string" && /^[+-]?\d{1,15}$/.test(given.trim()) ? Number(given) : given;
  if (!Number.isSafeInteger(number)) throw invalidValue(`${name} is ${shown(given)}, expected an integer`);
  // PostgreSQL's offset is a bigint, the page behind the last row is empty anyway.
  return Math.max(-1, Math.min(number as number, 2_147_483_647));
}

import { createHash } from "node:crypto";

/** A statement with a stable name, so that PostgreSQL plans it once per connection (2.5 × at this level, DB-12). */
export interface Statement {
  readonly name: string;
  readonly text: string;
  readonly isMass?: boolean;
}

/** Declares a statement; `label` is for people reading pg_stat_statements, the hash makes the name unique. */
export function statement(label: string, text: string): Statement {
  return { name: nameOf(label, text), text };
}

/**
 * A statement that joins sets as large as a whole organization. What PostgreSQL counted last knows nothing of an
 * organization that came or grew since: it reckons with one row and joins row by row, which takes the square of the
 * number (10,000 holders of a pool: over 5 s, against 76 ms). Such a statement is planned without nested loops.
 */
export function massStatement(label: string, text: string): Statement {
  // A name of its own: the same text may also be planned for a few rows.
  return { name: nameOf(label, `mass ${text}`), text, isMass: true };
}

function nameOf(label: string, text: string): string {
  const hash = createHash("sha256").update(text).digest("hex").slice(0, 16);
  return `${label.slice(0, 40)}_${hash}`;
}

import { createHash } from "node:crypto";

/** A statement with a stable name, so that PostgreSQL plans it once per connection (2.5 × at this level, DB-12). */
export interface Statement {
  readonly name: string;
  readonly text: string;
}

/** Declares a statement; `label` is for people reading pg_stat_statements, the hash makes the name unique. */
export function statement(label: string, text: string): Statement {
  const hash = createHash("sha256").update(text).digest("hex").slice(0, 16);
  return { name: `${label.slice(0, 40)}_${hash}`, text };
}

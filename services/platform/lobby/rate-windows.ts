import { createHash } from "node:crypto";
import { lobbySql, sql, statement } from "../sql";
import type { Database, Tx } from "../unit-of-work";

const hit = statement(
  "rate-hit",
  `insert into rate_window (key_hash, starts_at, hits)
   values ($1, to_timestamp(floor(extract(epoch from now()) / $2) * $2), 1)
   on conflict (key_hash, starts_at) do update set hits = rate_window.hits + 1
   returning hits`,
);
const peek = statement(
  "rate-peek",
  `select hits from rate_window
   where key_hash = $1 and starts_at = to_timestamp(floor(extract(epoch from now()) / $2) * $2)`,
);
const prune = statement("rate-prune", `delete from rate_window where starts_at < now() - interval '1 day'`);

/** Counts one hit in a fixed window shared by all replicas; answers the hits so far. Keys are stored hashed. */
export async function countHit(db: Database, key: string, windowSeconds: number): Promise<number> {
  return (await lobbySql(db).one<{ hits: number }>(hit, [hashOf(key), windowSeconds])).hits;
}

/** The same inside a unit of work: what comes at the same moment waits, and what is refused in the end is not counted. */
export async function countHitIn(tx: Tx, key: string, windowSeconds: number): Promise<number> {
  return (await sql(tx).one<{ hits: number }>(hit, [hashOf(key), windowSeconds])).hits;
}

/** The hits of the running window without counting. */
export async function hitsSoFar(db: Database, key: string, windowSeconds: number): Promise<number> {
  return (await lobbySql(db).maybe<{ hits: number }>(peek, [hashOf(key), windowSeconds]))?.hits ?? 0;
}

/** Forgets windows that are over. */
export async function pruneRateWindows(db: Database): Promise<number> {
  return lobbySql(db).exec(prune);
}

function hashOf(key: string): Buffer {
  return createHash("sha256").update(key).digest();
}

import { lobbySql, statement } from "../platform/sql";
import type { Database } from "../platform/unit-of-work";

// Ages by the clock that wrote the times: due times are the business's, jobs the queue's.
const dueWork = statement(
  "freshness-agenda",
  `select kind, extract(epoch from $1::timestamptz - min(due_at))::float as seconds from agenda
   where due_at <= $1 and parked_at is null group by kind`,
);
const parked = statement(
  "freshness-parked",
  `select count(*)::integer as parked from agenda where parked_at is not null`,
);
const jobs = statement(
  "freshness-jobs",
  `select extract(epoch from now() - min(run_at))::float as seconds from graphile_worker.jobs
   where run_at <= now() and locked_at is null and attempts < max_attempts`,
);

export interface Freshness {
  /** Age in seconds of the oldest due work, by kind. */
  readonly agenda: ReadonlyMap<string, number>;
  /** Age in seconds of the oldest job that waits. */
  readonly jobs: number;
  /** Lines of the agenda that failed ten times and wait for a person. */
  readonly parked: number;
}

export async function readFreshness(db: Database): Promise<Freshness> {
  const kinds = await lobbySql(db).many<{ kind: string; seconds: number }>(dueWork, [db.clock.now()]);
  const waiting = await lobbySql(db).one<{ seconds: number | null }>(jobs);
  const stuck = await lobbySql(db).one<{ parked: number }>(parked);
  return {
    agenda: new Map(kinds.map(({ kind, seconds }) => [kind, seconds])),
    jobs: Math.max(0, waiting.seconds ?? 0),
    parked: stuck.parked,
  };
}

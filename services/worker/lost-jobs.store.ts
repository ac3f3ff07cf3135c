import { lobbySql, statement } from "../platform/sql";
import type { Database } from "../platform/unit-of-work";

// The library frees the jobs of a worker that was killed after four hours. A delivery takes seconds, and taking one twice
// is harmless (event_delivery), so two minutes are enough.
const release = statement(
  "queue-release-lost",
  `select count(graphile_worker.force_unlock_workers(array[lost.worker]))::integer as workers
   from (
     select distinct locked_by as worker from graphile_worker.jobs where locked_at < now() - interval '2 minutes') lost`,
);

/** Frees the jobs of workers that have not ended them in time; answers how many workers that were. */
export async function releaseLostJobs(db: Database): Promise<number> {
  return (await lobbySql(db).one<{ workers: number }>(release)).workers;
}

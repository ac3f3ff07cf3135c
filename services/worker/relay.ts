import { Logger, run } from "graphile-worker";
import type { Pool } from "pg";
import type { Log } from "../platform/log";
import { deliverTask } from "../platform/outbox";
import type { Database } from "../platform/unit-of-work";
import { deliverEvents, readDeliverJob } from "./deliver-events";

export interface Relay {
  /** Takes no more jobs and waits for those that run. */
  stop(): Promise<void>;
}

const concurrentJobs = 2;
const pollMs = 1_000;

/**
 * Takes delivery jobs from the queue: woken by the database's notice, and by looking every second where notices do not
 * get through (a transaction pooler). A job that fails comes again with growing distance, 25 times (decision 14).
 */
export async function startRelay(options: { db: Database; pool: Pool; log: Log }): Promise<Relay> {
  const { db, pool, log } = options;
  listenForErrors(pool);
  const runner = await run({
    pgPool: pool,
    concurrency: concurrentJobs,
    pollInterval: pollMs,
    noHandleSignals: true,
    // Without this the library looks for a file `crontab` where the process was started.
    parsedCronItems: [],
    logger: queueLogger(log),
    taskList: { [deliverTask]: async (payload: unknown) => deliverEvents(db, readDeliverJob(payload)) },
  });
  let stopping = false;
  runner.promise.catch((error: unknown) => {
    if (!stopping) log.error({ err: error }, "the queue stopped");
  });
  return {
    async stop() {
      stopping = true;
      await runner.stop();
    },
  };
}

// The library asks for handlers on the pool's connections, or writes to the console that there are none.
function listenForErrors(pool: Pool): void {
  if (pool.listenerCount("connect") === 0) {
    pool.on("connect", (client) => client.on("error", () => undefined)); // the query that runs is told as well
  }
}

function queueLogger(log: Log): Logger {
  return new Logger(() => (level, message, meta) => {
    const error = meta?.error;
    const fields = error === undefined ? { queue: true } : { queue: true, err: error };
    if (level === "error") log.error(fields, message);
    else if (level === "warning") log.warn(fields, message);
    else log.debug(fields, message);
  });
}

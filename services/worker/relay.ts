import { Logger, run, type Runner } from "graphile-worker";
import { Pool } from "pg";
import type { Log } from "../platform/log";
import { PooledClient } from "../platform/pooled-client";
import { deliverTask } from "../platform/outbox";
import type { Database } from "../platform/unit-of-work";
import { deliverEvents, readDeliverJob } from "./deliver-events";
import { repeat } from "./repeat";

export interface Relay {
  /** Takes no more jobs and waits for those that run. */
  stop(): Promise<void>;
}

const concurrentJobs = 2;
const pollMs = 1_000;
const restartMs = 2_000;
// How jobs ended is noted in batches of this very moment. One by one, the library waits for no note and hears of none that
// failed: the rejection that nobody takes would end the process where the database goes away just then (REL-21).
const notesTogether = { completeJobBatchDelay: 0, failJobBatchDelay: 0 } as const;

/**
 * Takes delivery jobs from the queue: woken by the database's notice, and by looking every second where notices do not
 * get through (a transaction pooler). A job that fails comes again with growing distance, 25 times (decision 14).
 */
export function startRelay(options: { db: Database; pool: Pool; log: Log }): Relay {
  const { db, log } = options;
  const pool = ownPool(options.pool, log);
  let runner: Runner | undefined;
  let stopping = false;
  // The library gives up when it cannot note how a job ended, as when the database goes away in that moment (REL-21).
  const running = repeat({
    everyMs: restartMs,
    pass: async () => {
      runner = await openQueue(db, pool, log);
      if (stopping) await runner.stop();
      await runner.promise;
      return false;
    },
    onError: (error) => log.warn({ err: error }, "the queue stopped; it is opened again"),
  });
  return {
    async stop() {
      stopping = true;
      // Where it has ended by itself in this moment there is nothing to stop.
      await runner?.stop().catch(() => undefined);
      await running.stop();
      await pool.end();
    },
  };
}

function openQueue(db: Database, pool: Pool, log: Log): Promise<Runner> {
  return run({
    pgPool: pool,
    concurrency: concurrentJobs,
    noPreparedStatements: pool.options.Client === PooledClient,
    pollInterval: pollMs,
    noHandleSignals: true,
    // Without this the library looks for a file `crontab` where the process was started.
    parsedCronItems: [],
    logger: queueLogger(log),
    preset: { worker: notesTogether },
    taskList: { [deliverTask]: async (payload: unknown) => deliverEvents(db, readDeliverJob(payload)) },
  });
}

// One connection listens for as long as the worker runs, one takes jobs: out of a background pool of two, nothing would
// be left for the work itself.
function ownPool(like: Pool, log: Log): Pool {
  const { options } = like;
  // pg hides the password from whoever copies the options.
  const pool = new Pool({ ...options, password: options.password, max: 2, application_name: "plenum queue" });
  pool.on("error", (error) => log.debug({ err: error }, "a connection of the queue was lost"));
  pool.on("connect", (client) => client.on("error", () => undefined)); // the query that runs is told as well
  return pool;
}

// The library tells at length what it does; that is for debugging, its trouble is not.
const levels: Readonly<Record<string, "error" | "warn">> = { error: "error", warning: "warn" };

function queueLogger(log: Log): Logger {
  return new Logger(() => (level, message, meta) => {
    const error: unknown = meta?.error;
    const fields = error === undefined ? { queue: true } : { queue: true, err: error };
    log[levels[level] ?? "debug"](fields, message);
  });
}

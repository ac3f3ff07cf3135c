import { headSigner } from "../domain/audit";
import { hourMs, secondMs } from "../kernel/clock";
import { poolOf } from "../platform/data-source";
import type { Door, DoorContext } from "../platform/door";
import { pruneRateWindows } from "../platform/lobby";
import { workAgenda } from "./agenda-loop";
import { readFreshness } from "./freshness.store";
import { releaseLostJobs } from "./lost-jobs.store";
import { pruneLobbyRows } from "./prune.store";
import { startRelay } from "./relay";
import { repeat, type Repeating } from "./repeat";
import { sendMails } from "./send-mails";

// Entries are sealed and due work is begun within a second (SEC-51).
const agendaMs = 250;
const mailMs = 2 * secondMs;
const freshnessMs = 5 * secondMs;
const lostJobsMs = 30 * secondMs;

/**
 * The door that nobody knocks at: delivers domain events, does due work, sends mails. Any number of processes may open
 * it; they share the work by leases and row locks.
 */
export const openWorker: Door = (context) => {
  const { db, log } = context;
  const relay = startRelay({ db, pool: poolOf(db.source), log });
  const loops = [agenda(context), freshness(context), lostJobs(context), housekeeping(context)];
  if (context.mailer.sends) loops.push(mails(context));
  return {
    async close() {
      await Promise.all([relay.stop(), ...loops.map((loop) => loop.stop())]);
    },
  };
};

function agenda({ config, db, log, masterSecret }: DoorContext): Repeating {
  const tools = { signer: headSigner(masterSecret, config.previousSecretKey), log };
  return repeat({
    everyMs: agendaMs,
    pass: async () => (await workAgenda(db, tools)) > 0,
    onError: (error) => log.error({ err: error }, "the agenda cannot be read"),
  });
}

function mails({ db, mailer, log }: DoorContext): Repeating {
  return repeat({
    everyMs: mailMs,
    pass: () => sendMails({ db, mailer, log }),
    onError: (error) => log.error({ err: error }, "kept mails cannot be read"),
  });
}

// The heartbeat: while it is written the worker lives, and its numbers say whether it keeps up.
function freshness({ db, log, metrics }: DoorContext): Repeating {
  return repeat({
    everyMs: freshnessMs,
    pass: async () => {
      const { agenda: due, jobs, parked } = await readFreshness(db);
      for (const kind of ["SEAL", "RENEW"]) metrics.fresh(`agenda ${kind.toLowerCase()}`, due.get(kind) ?? 0);
      metrics.fresh("events", jobs);
      if (parked > 0) log.error({ parked }, "due work failed ten times and waits for a person");
      return false;
    },
    onError: (error) => log.error({ err: error }, "the worker cannot read how late it is"),
  });
}

function lostJobs({ db, log }: DoorContext): Repeating {
  return repeat({
    everyMs: lostJobsMs,
    pass: async () => {
      const workers = await releaseLostJobs(db);
      if (workers > 0) log.warn({ workers }, "the deliveries of a lost worker are taken over");
      return false;
    },
    onError: (error) => log.error({ err: error }, "lost deliveries cannot be looked for"),
  });
}

function housekeeping({ db, log }: DoorContext): Repeating {
  return repeat({
    everyMs: hourMs,
    pass: async () => {
      const rows = (await pruneRateWindows(db)) + (await pruneLobbyRows(db));
      if (rows > 0) log.debug({ rows }, "expired rows deleted");
      return false;
    },
    onError: (error) => log.error({ err: error }, "expired rows cannot be deleted"),
  });
}

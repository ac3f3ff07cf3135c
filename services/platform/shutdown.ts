import { setTimeout as sleep } from "node:timers/promises";
import { stopwatchMs } from "../kernel/clock";
import type { Log } from "./log";

/** One thing to end, in the order in which they are given. */
export interface Ending {
  readonly name: string;
  readonly end: () => Promise<unknown>;
}

// npm hands Ctrl-C on to a process that the terminal has told already; only a later signal means impatience.
const echoMs = 500;
const endingMsMax = 30_000;

/**
 * Waits for SIGTERM or SIGINT, then runs the endings one after the other and exits with 0 (GQL-08). A second signal
 * ends the process at once; the embedded PostgreSQL notices by itself.
 */
export function endOnSignal(log: Log, endings: () => readonly Ending[]): { readonly end: (code: number) => void } {
  let beganAt: number | undefined;
  const end = (code: number): void => {
    if (beganAt !== undefined) return;
    beganAt = stopwatchMs();
    void runEndings(log, endings()).then((clean) => process.exit(clean || code !== 0 ? code : 1));
  };
  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    process.on(signal, () => {
      if (beganAt === undefined) {
        log.info({ signal }, "stopping");
        end(0);
      } else if (stopwatchMs() - beganAt > echoMs) {
        log.warn({ signal }, "stopping at once");
        process.exit(130);
      }
    });
  }
  return { end };
}

async function runEndings(log: Log, endings: readonly Ending[]): Promise<boolean> {
  let clean = true;
  for (const { name, end } of endings) {
    const late = sleep(endingMsMax, "late" as const, { ref: false });
    const outcome = await Promise.race([end().then(() => "done" as const), late]).catch((error: unknown) => error);
    if (outcome === "done") continue;
    clean = false;
    log.error({ err: outcome === "late" ? undefined : outcome, part: name }, "a part did not end cleanly");
  }
  return clean;
}

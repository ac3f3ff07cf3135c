import { setTimeout as sleep } from "node:timers/promises";
import { minuteMs, stopwatchMs } from "../../kernel/clock";

const waitMsMax = 5 * minuteMs;

/**
 * Repeats a step of the migration that met somebody else's lock: it gives up its place in the queue after two seconds,
 * so that reads behind it go on, and comes again (OPS-10).
 */
export async function retrying<T>(attempt: () => Promise<T>): Promise<T> {
  const began = stopwatchMs();
  for (let n = 1; ; n++) {
    try {
      return await attempt();
    } catch (error) {
      if (!mayPass(error) || stopwatchMs() - began > waitMsMax) throw error;
      await sleep(Math.min(100 * 2 ** n, 2_000) * (0.5 + Math.random() / 2));
    }
  }
}

// 55P03: a lock was held for more than two seconds; 40P01: deadlock. The catalogue answers XX000 where a privilege is
// granted in the moment in which autovacuum notes its figures.
function mayPass(error: unknown): boolean {
  const { code, message, cause } = error as { code?: string; message?: string; cause?: unknown };
  if (code === "55P03" || code === "40P01") return true;
  if (code === "XX000" && message === "tuple concurrently updated") return true;
  return cause !== undefined && mayPass(cause);
}

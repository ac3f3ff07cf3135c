import { setTimeout as sleep } from "node:timers/promises";
import { minuteMs, stopwatchMs } from "../../kernel/clock";
import type { Postmaster } from "./postmaster";

export const restartsPerMinuteMax = 5;
const firstPauseMs = 100;

export interface Supervised {
  /** Stops the server and ends the supervision. */
  stop(): Promise<void>;
}

export interface Supervision {
  readonly start: () => Promise<Postmaster>;
  readonly onRestart?: (restarts: number) => void;
  /** Called once, when restarting has been given up. */
  readonly onFailure: (error: Error) => void;
}

/**
 * Keeps a server running: one that ends by itself is started again, each time after twice the pause, and after
 * five restarts within a minute it is given up (DB-05).
 */
export function supervise(first: Postmaster, { start, onRestart, onFailure }: Supervision): Supervised {
  let running: Postmaster | undefined = first;
  let stopping = false;
  // Asked anew after each wait: stop() may have come meanwhile.
  const isStopping = (): boolean => stopping;
  const restarts: number[] = [];

  const watch = async (): Promise<void> => {
    for (;;) {
      await running?.ended;
      running = undefined;
      if (isStopping()) return;
      const now = stopwatchMs();
      while (restarts[0] !== undefined && now - restarts[0] > minuteMs) restarts.shift();
      if (restarts.length >= restartsPerMinuteMax) {
        return onFailure(new Error(`PostgreSQL ended ${restarts.length + 1} times within a minute`));
      }
      await sleep(firstPauseMs * 2 ** restarts.length);
      if (isStopping()) return;
      restarts.push(now);
      onRestart?.(restarts.length);
      // A start that fails counts like a crash: the loop finds nothing running and tries again.
      running = await start().catch(() => undefined);
      if (isStopping()) await running?.stop();
    }
  };
  const watching = watch();

  return {
    async stop() {
      stopping = true;
      await running?.stop();
      await watching;
    },
  };
}

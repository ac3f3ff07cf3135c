import { PlenumError } from "../kernel/errors";
import { stopwatchMs } from "../kernel/clock";
import { countHit, hitsSoFar } from "../platform/lobby";
import type { Database } from "../platform/unit-of-work";

export const failuresPerMinuteMax = 60;
const windowSeconds = 60;
const suspectsMax = 10_000;

/**
 * Refusals per network address and minute, counted for all replicas; successes are not counted, because a whole
 * company signs in from one address on Monday morning (ruling 13). An address without a recent refusal here is not
 * even looked up, so an honest sign-in pays nothing.
 */
export class FailureLimit {
  private readonly suspects = new Map<string, number>();

  constructor(
    private readonly db: Database,
    private readonly what: string,
  ) {}

  /** @throws PlenumError `rate_limited`. */
  async check(ip: string): Promise<void> {
    const until = this.suspects.get(ip);
    if (until === undefined) return;
    if (until < stopwatchMs()) {
      this.suspects.delete(ip);
      return;
    }
    if ((await hitsSoFar(this.db, this.key(ip), windowSeconds)) >= failuresPerMinuteMax) {
      throw new PlenumError("rate_limited", "too many refused sign-ins from this network; try again in a minute");
    }
  }

  async failed(ip: string): Promise<void> {
    if (this.suspects.size >= suspectsMax) this.suspects.clear();
    this.suspects.set(ip, stopwatchMs() + 2 * windowSeconds * 1_000);
    await countHit(this.db, this.key(ip), windowSeconds);
  }

  private key(ip: string): string {
    return `${this.what}/${ip}`;
  }
}

/**
 * How many messages one connection may bring a minute to this process (ruling 13): far above any honest Monday, and
 * low enough that one tenant cannot fill the queue for all.
 */
export class Throughput {
  private readonly counts = new Map<string, number>();
  private minute = 0;

  constructor(private readonly perMinuteMax = 3_000) {}

  /** @throws PlenumError `rate_limited`. */
  admit(connectionId: string): void {
    const minute = Math.floor(stopwatchMs() / 60_000);
    if (minute !== this.minute) {
      this.counts.clear();
      this.minute = minute;
    }
    const count = (this.counts.get(connectionId) ?? 0) + 1;
    this.counts.set(connectionId, count);
    if (count > this.perMinuteMax) {
      throw new PlenumError("rate_limited", "too many sign-ins at this connection; try again in a minute");
    }
  }
}

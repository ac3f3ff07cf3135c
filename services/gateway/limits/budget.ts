import { stopwatchMs } from "../../kernel/clock";

export interface Budget {
  /** Points that a client may spend in one go. */
  readonly points: number;
  /** Points that come back each second. */
  readonly restorePerSecond: number;
}

/** GQL-31: enough for 50 full pages in one go and two and a half a second from then on. */
export const defaultBudget: Budget = { points: 10_000, restorePerSecond: 500 };

/** How a client stands after a request. */
export interface ThrottleStatus {
  readonly maximumAvailable: number;
  readonly currentlyAvailable: number;
  readonly restoreRate: number;
}

export interface Charge {
  readonly allowed: boolean;
  readonly status: ThrottleStatus;
  /** Seconds until the request could be paid. */
  readonly retryAfter: number;
}

const clientsMax = 10_000;

/**
 * A leaking bucket of points for each client of this replica. Kept in memory: a replica that starts anew forgives, and
 * each replica counts for itself, so n replicas allow up to n times as much.
 */
export class CostBudgets {
  private readonly clients = new Map<string, { left: number; at: number }>();

  constructor(
    private readonly budget: Budget = defaultBudget,
    private readonly nowMs: () => number = stopwatchMs,
  ) {}

  /** Takes the points of a request, or nothing where they are not there. */
  charge(client: string, points: number): Charge {
    const { points: most, restorePerSecond } = this.budget;
    const now = this.nowMs();
    const known = this.clients.get(client) ?? { left: most, at: now };
    const left = Math.min(most, known.left + ((now - known.at) / 1000) * restorePerSecond);
    const allowed = points <= left;
    this.keep(client, { left: allowed ? left - points : left, at: now });
    const currentlyAvailable = Math.floor(allowed ? left - points : left);
    return {
      allowed,
      status: { maximumAvailable: most, currentlyAvailable, restoreRate: restorePerSecond },
      retryAfter: allowed ? 0 : Math.max(1, Math.ceil((Math.min(points, most) - left) / restorePerSecond)),
    };
  }

  // Who was not seen for longest is forgotten first; by then their bucket is full again.
  private keep(client: string, bucket: { left: number; at: number }): void {
    this.clients.delete(client);
    this.clients.set(client, bucket);
    if (this.clients.size > clientsMax) this.clients.delete(this.clients.keys().next().value as string);
  }
}

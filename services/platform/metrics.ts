import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from "prom-client";
import type { Pool } from "pg";
import { SliWindow, type SliMinute } from "./sli";

/** What the doors and the worker count; read by `/metrics` (OPS-01). */
export interface Metrics {
  readonly registry: Registry;
  /** One finished request; the operation is a name of ours or of the client's manifest. */
  request(door: string, operation: string, status: number, seconds: number): void;
  /** How old the oldest unfinished thing of a kind is: outbox, sealer. */
  fresh(what: string, seconds: number): void;
  /** Watches the connections of a pool: used, idle, and requests that wait for one. */
  watchPool(name: string, pool: Pool): void;
  /** Closes the running minute and starts the next. */
  closeMinute(): SliMinute;
}

const operationsMax = 200;

export function openMetrics(version: string): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  new Gauge({ name: "plenum_build_info", help: "The running release", labelNames: ["version"], registers })
    .labels(version)
    .set(1);
  const seconds = new Histogram({
    name: "plenum_request_seconds",
    help: "Duration of requests by door and operation",
    labelNames: ["door", "operation"],
    buckets: [0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10],
    registers,
  });
  const requests = new Counter({
    name: "plenum_requests_total",
    help: "Requests by door and class of status",
    labelNames: ["door", "status"],
    registers,
  });
  const minuteErrors = new Gauge({
    name: "plenum_sli_error_ratio",
    help: "5xx among the requests of the last full minute",
    registers,
  });
  const minuteLatency = new Gauge({
    name: "plenum_sli_latency_seconds",
    help: "Latency of the last full minute by operation",
    labelNames: ["operation", "quantile"],
    registers,
  });
  const downMinutes = new Counter({
    name: "plenum_sli_down_minutes_total",
    help: "Minutes in which more than 10 % of the requests failed on our side",
    registers,
  });
  const freshness = new Gauge({
    name: "plenum_sli_freshness_seconds",
    help: "Age of the oldest work that is not done yet",
    labelNames: ["what"],
    registers,
  });
  const pools = poolMetrics(registry);
  const operations = new Set<string>();
  // Names may come from clients; a label for each would grow without end (REL-24).
  const bounded = (operation: string): string => {
    if (operations.has(operation)) return operation;
    if (operations.size >= operationsMax) return "other";
    operations.add(operation);
    return operation;
  };
  const minute = new SliWindow();

  return {
    registry,
    request(door, operation, status, took) {
      const name = bounded(`${door} ${operation}`);
      seconds.labels(door, name).observe(took);
      requests.labels(door, `${Math.floor(status / 100)}xx`).inc();
      minute.add(name, status, took);
    },
    fresh: (what, age) => freshness.labels(what).set(age),
    watchPool: pools,
    closeMinute() {
      const closed = minute.close();
      minuteErrors.set(closed.errorRatio);
      minuteLatency.reset();
      for (const { operation, p50, p95, p99 } of closed.operations) {
        for (const [quantile, value] of Object.entries({ "0.5": p50, "0.95": p95, "0.99": p99 })) {
          minuteLatency.labels(operation, quantile).set(value);
        }
      }
      if (closed.down) downMinutes.inc();
      return closed;
    },
  };
}

function poolMetrics(registry: Registry): (name: string, pool: Pool) => void {
  const watched = new Map<string, Pool>();
  new Gauge({
    name: "plenum_pool_connections",
    help: "Connections to the database by state; `waiting` are requests without one",
    labelNames: ["pool", "state"],
    registers: [registry],
    collect() {
      for (const [name, pool] of watched) {
        this.labels(name, "busy").set(pool.totalCount - pool.idleCount);
        this.labels(name, "idle").set(pool.idleCount);
        this.labels(name, "waiting").set(pool.waitingCount);
      }
    },
  });
  return (name, pool) => watched.set(name, pool);
}

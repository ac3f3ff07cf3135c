/** The service level of one minute (OPS-01). */
export interface SliMinute {
  readonly requests: number;
  /** Share of 5xx. */
  readonly errorRatio: number;
  /** More than 10 % failed on our side: the definition of a minute of downtime. */
  readonly down: boolean;
  readonly operations: readonly OperationLevel[];
}

export interface OperationLevel {
  readonly operation: string;
  readonly requests: number;
  /** Seconds. */
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
}

const samplesMax = 1_000;
const downRatio = 0.1;

/** Gathers the requests of the running minute: exact counts, latencies of a bounded sample per operation. */
export class SliWindow {
  private requests = 0;
  private failed = 0;
  private readonly operations = new Map<string, { count: number; seconds: number[] }>();

  add(operation: string, status: number, seconds: number): void {
    this.requests++;
    if (status >= 500) this.failed++;
    const known = this.operations.get(operation) ?? { count: 0, seconds: [] };
    known.count++;
    if (known.seconds.length < samplesMax) known.seconds.push(seconds);
    else {
      // Reservoir sampling: each request of the minute has the same chance to be in the sample.
      const place = Math.floor(Math.random() * known.count);
      if (place < samplesMax) known.seconds[place] = seconds;
    }
    this.operations.set(operation, known);
  }

  close(): SliMinute {
    const errorRatio = this.requests === 0 ? 0 : this.failed / this.requests;
    const operations = [...this.operations].map(([operation, { count, seconds }]) => {
      const sorted = seconds.sort((a, b) => a - b);
      const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
      return { operation, requests: count, p50: at(0.5), p95: at(0.95), p99: at(0.99) };
    });
    const closed = { requests: this.requests, errorRatio, down: errorRatio > downRatio, operations };
    this.requests = 0;
    this.failed = 0;
    this.operations.clear();
    return closed;
  }
}

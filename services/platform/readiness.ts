import type { Pool } from "pg";
import { secondMs, stopwatchMs, type Clock } from "../kernel/clock";
import { statusOf } from "./migrate";

/** Why a process takes no requests, or that it does. */
export interface Readiness {
  readonly ready: boolean;
  readonly reasons: readonly Unready[];
}

export type Unready = "starting" | "stopping" | "database" | "migrations" | "clock";

const answerMsMax = 1_500;
const driftMsMax = 2 * secondMs;
const keepMs = 250;
const stopped: Readiness = { ready: false, reasons: ["stopping"] };

/**
 * Whether this process can serve: the database answers, is migrated, and its clock agrees with ours to 2 s
 * (ruling a13). Answers within 1.5 s also where the database hangs (REL-21).
 */
export class ReadinessProbe {
  private pool: Pool | undefined;
  private upToDate = false;
  private stopping = false;
  private opening = false;
  private last: { readonly at: number; readonly answer: Promise<Readiness> } | undefined;

  constructor(private readonly clock: Clock) {}

  /** The process has its pool from now on; a pool of its own, so that busy requests do not look like a lost database. */
  watch(pool: Pool): void {
    this.pool = pool;
    this.last = undefined;
  }

  /** The doors are still shut: not ready, whatever the database says, until they are `opened`. */
  hold(): void {
    this.opening = true;
  }

  opened(): void {
    this.opening = false;
    this.last = undefined;
  }

  /** From now on the answer is no (GQL-08). */
  stop(): void {
    this.stopping = true;
  }

  isStopping(): boolean {
    return this.stopping;
  }

  /** Whether the schema was seen to be that of this release; asked by every request. */
  get migrated(): boolean {
    return this.upToDate;
  }

  async check(): Promise<Readiness> {
    if (this.isStopping()) return stopped;
    if (!this.pool) return { ready: false, reasons: ["starting"] };
    const now = stopwatchMs();
    // Balancers ask often and from several places; the answers of a quarter second are one.
    if (!this.last || now - this.last.at > keepMs) this.last = { at: now, answer: this.ask(this.pool) };
    const answer = await this.last.answer;
    // The end may have begun while the database was asked.
    return this.isStopping() ? stopped : answer;
  }

  private async ask(pool: Pool): Promise<Readiness> {
    const reasons = await withinMs(answerMsMax, this.look(pool)).catch((): Unready[] => ["database"]);
    return { ready: reasons.length === 0, reasons };
  }

  private async look(pool: Pool): Promise<Unready[]> {
    const reasons: Unready[] = this.opening ? ["starting"] : [];
    // What was migrated stays so; asking once saves reading the migrations at every probe.
    if (!this.upToDate) {
      const { pending, edited } = await statusOf(pool);
      this.upToDate = pending.length + edited.length === 0;
      if (!this.upToDate) reasons.push("migrations");
    }
    const before = this.clock.now().getTime();
    const { rows } = await pool.query<{ ms: number }>(
      "select extract(epoch from clock_timestamp())::float8 * 1000 as ms",
    );
    const between = (before + this.clock.now().getTime()) / 2;
    if (Math.abs((rows[0]?.ms ?? 0) - between) > driftMsMax) reasons.push("clock");
    return reasons;
  }
}

async function withinMs<T>(ms: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error("no answer in time")), ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

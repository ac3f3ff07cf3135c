import { availableParallelism } from "node:os";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { PlenumError } from "../kernel/errors";
import type { TestEvidence } from "../domain/identity";
import type { LogoutVerdict } from "./logout/verify";
import { threadReady } from "./thread-ready";
import type { LogoutJob, Outcome, ReportJob, ResponseJob, ValidationJob, ValidationReply } from "./validation-job";
import type { Verdict } from "./verify";

export interface PoolOptions {
  /** Threads; one core is left to the main loop. */
  readonly size?: number;
  /** Jobs that may wait; beyond it the door answers 503. */
  readonly queueMax?: number;
  readonly wallMs?: number;
  readonly script?: string;
}

/** Figures for /metrics (SAML-101). */
export interface PoolCounts {
  readonly waiting: number;
  readonly running: number;
  readonly finished: number;
  readonly killed: number;
  readonly turnedAway: number;
}

interface Waiting {
  readonly job: ValidationJob;
  readonly done: (verdict: Outcome) => void;
  readonly failed: (error: Error) => void;
}

interface Thread {
  readonly worker: Worker;
  isReady: boolean;
  current: (Waiting & { readonly timer: NodeJS.Timeout }) | undefined;
}

// Under jest the sources are TypeScript, which a thread cannot load: `npm test` builds dist/ first.
const compiled = __filename.endsWith(".ts") ? join(__dirname, "../../dist/services/saml") : __dirname;

/**
 * Validates responses off the main thread (SAML-26). A response that takes longer than the wall limit is refused, its
 * thread terminated and replaced; the main loop never waits for one. 17 000 empty elements block a naive validator for
 * 6.4 s, and the pre-scan is one wall against that: this is the other.
 */
export class ValidationPool {
  private readonly threads = new Set<Thread>();
  private readonly queue: Waiting[] = [];
  private readonly counts = { finished: 0, killed: 0, turnedAway: 0 };
  private readonly size: number;
  private readonly queueMax: number;
  private readonly wallMs: number;
  private readonly script: string;
  private closed = false;

  constructor(options: PoolOptions = {}) {
    this.size = options.size ?? Math.max(1, availableParallelism() - 1);
    this.queueMax = options.queueMax ?? 200;
    this.wallMs = options.wallMs ?? 2_000;
    this.script = options.script ?? join(compiled, "validation-worker.js");
  }

  /** Starts one thread ahead of the first sign-in, so that nobody waits for its modules. */
  warm(): void {
    if (this.threads.size === 0) this.spawn();
  }

  /**
   * A verdict on one response; `timed_out` where the wall limit was reached.
   * @throws PlenumError `unavailable` when as many wait as may.
   */
  validate(job: ResponseJob): Promise<Verdict> {
    // A job is answered with the verdict of its own kind.
    return this.queued(job) as Promise<Verdict>;
  }

  /** The same for a logout message. */
  validateLogout(job: LogoutJob): Promise<LogoutVerdict> {
    return this.queued(job) as Promise<LogoutVerdict>;
  }

  /** A response examined for its administrator. */
  examine(job: ReportJob): Promise<TestEvidence> {
    return this.queued(job) as Promise<TestEvidence>;
  }

  private queued(job: ValidationJob): Promise<Outcome> {
    if (this.closed || this.queue.length >= this.queueMax) {
      this.counts.turnedAway++;
      throw new PlenumError("unavailable", "too many sign-ins are being validated at this moment");
    }
    return new Promise((done, failed) => {
      this.queue.push({ job, done, failed });
      this.serve();
    });
  }

  figures(): PoolCounts {
    const running = [...this.threads].filter((thread) => thread.current).length;
    return { ...this.counts, waiting: this.queue.length, running };
  }

  /** Ends every thread; jobs that still wait are refused. */
  async close(): Promise<void> {
    this.closed = true;
    const stopping = new PlenumError("unavailable", "the service is shutting down");
    for (const waiting of this.queue.splice(0)) waiting.failed(stopping);
    for (const { current } of this.threads) this.finish(current, (waiting) => waiting.failed(stopping));
    await Promise.all([...this.threads].map((thread) => thread.worker.terminate()));
    this.threads.clear();
  }

  private serve(): void {
    while (this.queue.length > 0 && !this.closed) {
      const idle = [...this.threads].find((thread) => thread.isReady && !thread.current);
      if (!idle) return this.grow();
      const waiting = this.queue.shift();
      if (!waiting) return;
      const timer = setTimeout(() => this.kill(idle, { code: "timed_out" }), this.wallMs);
      idle.current = { ...waiting, timer };
      idle.worker.postMessage(waiting.job);
    }
  }

  // One thread for each job that waits, as far as there are cores.
  private grow(): void {
    const starting = [...this.threads].filter((thread) => !thread.isReady).length;
    if (this.threads.size < this.size && starting < this.queue.length) this.spawn();
  }

  private spawn(): void {
    const worker = new Worker(this.script, { resourceLimits: { maxOldGenerationSizeMb: 192 } });
    const thread: Thread = { worker, isReady: false, current: undefined };
    worker.unref();
    worker.on("message", (reply: ValidationReply | typeof threadReady) => {
      // Loading its modules is no part of anybody's two seconds.
      if (reply === threadReady) thread.isReady = true;
      else this.answer(thread, reply);
      this.serve();
    });
    worker.on("error", (error) => {
      if (!thread.isReady) this.giveUp(thread, error);
      // Out of memory, or a fault outside the job: the message that did it is refused, the thread replaced.
      else this.kill(thread, { code: "timed_out", received: error.message });
    });
    this.threads.add(thread);
  }

  private answer(thread: Thread, reply: ValidationReply): void {
    const { current } = thread;
    thread.current = undefined;
    this.counts.finished++;
    this.finish(current, (waiting) =>
      "outcome" in reply ? waiting.done(reply.outcome) : waiting.failed(new Error(reply.fault)),
    );
  }

  // A thread that cannot even load its modules would be started again for ever.
  private giveUp(thread: Thread, error: Error): void {
    this.threads.delete(thread);
    const fault = new Error("a validation thread did not start", { cause: error });
    for (const waiting of this.queue.splice(0)) waiting.failed(fault);
  }

  private kill(thread: Thread, refusal: { code: "timed_out"; received?: string }): void {
    if (!this.threads.delete(thread)) return;
    this.counts.killed++;
    void thread.worker.terminate();
    const claimed = { responseId: null, inResponseTo: null, issuer: null, certificate: null };
    this.finish(thread.current, (waiting) => {
      if (waiting.job.kind === "report")
        waiting.failed(new PlenumError("unavailable", "the examination took too long"));
      else waiting.done({ ok: false, refusal, claimed });
    });
    this.serve();
  }

  private finish(current: Thread["current"], tell: (waiting: Waiting) => void): void {
    if (!current) return;
    clearTimeout(current.timer);
    tell(current);
  }
}

import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { closeSync, openSync, rmSync, statSync } from "node:fs";
import { availableParallelism, loadavg, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { closeAfterFile } from "./database";

export const repository = resolve(__dirname, "../..");

/** Brings dist/ up to date: processes of their own run from there. `npm test` has done it already. */
export async function build(): Promise<void> {
  const lock = join(tmpdir(), "plenum-test-build.lock");
  for (let waited = 0; ; waited += 50) {
    try {
      closeSync(openSync(lock, "wx"));
      break;
    } catch {
      const since = statSync(lock, { throwIfNoEntry: false })?.mtimeMs ?? 0;
      if (Date.now() - since > 30_000) rmSync(lock, { force: true });
      await sleep(50);
    }
  }
  try {
    execFileSync(process.execPath, ["services/build.mjs"], { cwd: repository });
  } finally {
    rmSync(lock, { force: true });
  }
}

/** A process of a test's own, with what it has said so far. */
export class Child {
  readonly lines: string[] = [];
  stderr = "";
  readonly ended: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;

  constructor(readonly process: ChildProcess) {
    createInterface({ input: process.stdout as NodeJS.ReadableStream }).on("line", (line) => this.lines.push(line));
    process.stderr?.on("data", (data: Buffer) => (this.stderr += data.toString()));
    this.ended = new Promise((done) => process.once("close", (code, signal) => done({ code, signal })));
    closeAfterFile(async () => {
      process.kill("SIGKILL");
      await this.ended;
    });
  }

  get pid(): number {
    return this.process.pid as number;
  }

  /** Waits for a line and gives what `read` makes of it. */
  async line<T>(read: (line: string) => T | undefined, ms = 20_000): Promise<T> {
    for (let waited = 0; waited < ms; waited += 10) {
      for (const line of this.lines) {
        const found = read(line);
        if (found !== undefined) return found;
      }
      if (this.process.exitCode !== null && waited > 200) break;
      await sleep(10);
    }
    throw new Error(`the process did not say so.\n${this.lines.join("\n")}\n${this.stderr}`);
  }
}

export interface ChildOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly detached?: boolean;
}

/** Starts a script of the repository with an environment of its own. */
export function run(script: string, args: readonly string[], options: ChildOptions = {}): Child {
  return new Child(
    spawn(process.execPath, [join(repository, script), ...args], {
      cwd: tmpdir(),
      env: { PATH: process.env.PATH ?? "", ...options.env },
      detached: options.detached ?? false,
      stdio: ["ignore", "pipe", "pipe"],
    }),
  );
}

/** Waits until something holds. */
export async function until(holds: () => boolean | Promise<boolean>, ms: number): Promise<boolean> {
  const began = performance.now();
  while (performance.now() - began < ms) {
    if (await holds()) return true;
    await sleep(20);
  }
  return holds();
}

/** A time that is promised on cores of one's own, where others may be at work as well. */
export function budgetMs(ms: number): number {
  return ms * Math.max(1, (loadavg()[0] ?? 0) / availableParallelism());
}

import { spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { appRole, databaseName, startEmbedded, type EmbeddedServer } from "../../services/platform/embedded";
import { migrate } from "../../services/platform/migrate";
import type { BenchResult } from "./compare";

/** One name in the table of ratios. */
export interface BenchCase {
  readonly names: readonly string[];
  run(bench: Bench): Promise<Readonly<Record<string, BenchResult>>>;
}

// Servers and commands build the same addresses, wherever a server really listens.
const publicUrl = "http://localhost:4000";
const repository = join(__dirname, "../../..");

/** What a case works on: a durable database of its own, and processes that end with the run. */
export class Bench {
  private readonly children: ChildProcess[] = [];

  private constructor(
    readonly dataDir: string,
    readonly postgres: EmbeddedServer,
  ) {}

  static async open(): Promise<Bench> {
    const dataDir = mkdtempSync(join(tmpdir(), "plenum-bench-"));
    const postgres = await startEmbedded({ dataDir });
    await migrate(postgres.ownerUrl, { appRole });
    return new Bench(dataDir, postgres);
  }

  /** The database as the application's role: for our server and for the floors alike. */
  get databaseUrl(): string {
    return `postgresql://${appRole}@localhost/${databaseName}?host=${encodeURIComponent(this.postgres.socketDir)}`;
  }

  /** Starts Plenum itself, as `npm start` does. */
  async plenum(env: Readonly<Record<string, string>> = {}): Promise<{ port: number; pid: number }> {
    const port = await freePort();
    return this.child("dist/services/main.js", port, `http://127.0.0.1:${port}/readyz`, {
      PORT: String(port),
      PLENUM_PUBLIC_URL: publicUrl,
      LOG_LEVEL: "error",
      PLENUM_DATA_DIR: join(this.dataDir, "plenum"),
      PLENUM_SECRET_KEY: "the secret key of the benchmarks, long enough",
      ...env,
    });
  }

  /** Starts a floor: a small server of ours with nothing in it but the statements. */
  async floor(name: string, env: Readonly<Record<string, string>> = {}): Promise<{ port: number; pid: number }> {
    const port = await freePort();
    return this.child(`dist/test/bench/floors/${name}.js`, port, `http://127.0.0.1:${port}/ready`, {
      PORT: String(port),
      ...env,
    });
  }

  /** Runs the operator's command line and reads its JSON. */
  async command<T>(args: readonly string[]): Promise<T> {
    const child = spawn(process.execPath, [join(repository, "dist/services/cli/main.js"), ...args, "--json"], {
      env: {
        ...process.env,
        PLENUM_PUBLIC_URL: publicUrl,
        DATABASE_URL: this.databaseUrl,
        PLENUM_SECRET_KEY: "the secret key of the benchmarks, long enough",
      },
      stdio: ["ignore", "pipe", "inherit"],
    });
    let text = "";
    for await (const chunk of child.stdout) text += String(chunk);
    return JSON.parse(text) as T;
  }

  async close(): Promise<void> {
    for (const child of this.children) child.kill("SIGKILL");
    await this.postgres.stop();
    rmSync(this.dataDir, { recursive: true, force: true });
  }

  private async child(script: string, port: number, ready: string, env: Readonly<Record<string, string>>) {
    const child = spawn(process.execPath, [join(repository, script)], {
      env: { ...process.env, DATABASE_URL: this.databaseUrl, NODE_ENV: "", ...env },
      stdio: ["ignore", "ignore", "inherit"],
    });
    this.children.push(child);
    for (let n = 0; n < 200; n++) {
      if (
        await fetch(ready).then(
          (r) => r.ok,
          () => false,
        )
      )
        return { port, pid: child.pid as number };
      await new Promise((done) => setTimeout(done, 100));
    }
    throw new Error(`${script} did not become ready`);
  }
}

async function freePort(): Promise<number> {
  return new Promise((done) => {
    const probe = createServer().listen(0, "127.0.0.1", () => {
      const { port } = probe.address() as { port: number };
      probe.close(() => done(port));
    });
  });
}

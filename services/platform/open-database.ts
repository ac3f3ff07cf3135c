import { setTimeout as sleep } from "node:timers/promises";
import { minuteMs, stopwatchMs } from "../kernel/clock";
import type { Config } from "./config";
import {
  attachEmbedded,
  DirectoryInUse,
  startEmbedded,
  appRole,
  type EmbeddedOptions,
  type EmbeddedServer,
} from "./embedded";
import type { Log } from "./log";
import { migrate } from "./migrate";
import type { PgTarget } from "./targets";

/** Where the database of this configuration is, and how to let it go again. */
export interface OpenedDatabase {
  /** As the application's role. */
  readonly target: PgTarget;
  /** As the role that owns the tables, where we may be that. */
  readonly ownerTarget: PgTarget | undefined;
  readonly close: () => Promise<void>;
}

/** Starts the embedded server and migrates it, or names the given one, which `plenum migrate` migrates (ruling c2). */
export async function openDatabase(
  config: Config,
  log: Log,
  onFailure: (error: Error) => void,
): Promise<OpenedDatabase> {
  if (config.database.kind === "external") return given(config.database);
  const began = stopwatchMs();
  const server = await startInTurn({ dataDir: config.dataDir, log, onFailure });
  try {
    const { applied } = await migrate(server.ownerUrl, { appRole });
    log.info({ ms: Math.round(stopwatchMs() - began), applied }, "the embedded database is ready");
  } catch (error) {
    await server.stop();
    throw error;
  }
  return embedded(server);
}

/** For a command: the server that runs already, else one for the time of the command (ruling c3). */
export async function borrowDatabase(config: Config): Promise<OpenedDatabase> {
  if (config.database.kind === "external") return given(config.database);
  const began = stopwatchMs();
  for (;;) {
    const running = attachEmbedded(config.dataDir);
    if (running) return { target: running.appUrl, ownerTarget: running.ownerUrl, close: async () => undefined };
    try {
      return embedded(await startEmbedded({ dataDir: config.dataDir, unlisted: true }));
    } catch (error) {
      if (!(error instanceof DirectoryInUse) || stopwatchMs() - began > turnMsMax) throw error;
      await sleep(turnPauseMs);
    }
  }
}

const turnMsMax = 30_000;
const turnPauseMs = 100;

// Owned, but by nobody to attach to: a command is at work, or a server is starting or stopping. All of them pass. A
// server that runs does not, and is named at once.
async function startInTurn(options: EmbeddedOptions): Promise<EmbeddedServer> {
  const began = stopwatchMs();
  for (;;) {
    try {
      return await startEmbedded(options);
    } catch (error) {
      const passes = error instanceof DirectoryInUse && !attachEmbedded(options.dataDir);
      if (!passes || stopwatchMs() - began > turnMsMax) throw error;
      await sleep(turnPauseMs);
    }
  }
}

const embedded = (server: EmbeddedServer): OpenedDatabase => ({
  target: server.appUrl,
  ownerTarget: server.ownerUrl,
  close: () => server.stop(),
});

const given = ({ url, ownerUrl }: { url: string; ownerUrl: string | undefined }): OpenedDatabase => ({
  target: { connectionString: url },
  ownerTarget: ownerUrl === undefined ? undefined : { connectionString: ownerUrl },
  close: async () => undefined,
});

/** Repeats an attempt to reach the database with growing pauses, for a minute (REL-21). */
export async function patiently<T>(attempt: () => Promise<T>, log: Log): Promise<T> {
  const began = stopwatchMs();
  for (let n = 0; ; n++) {
    try {
      return await attempt();
    } catch (error) {
      if (!mayPass(error) || stopwatchMs() - began > minuteMs) throw error;
      log.warn({ err: error, attempt: n + 1 }, "the database cannot be reached yet");
      await sleep(Math.min(100 * 2 ** n, 2_000));
    }
  }
}

// A wrong password or an unknown database does not get better by waiting.
function mayPass(error: unknown): boolean {
  const { code = "", message = "" } = error as { code?: string; message?: string };
  return /^(?:08...|57P0[123]|53300|E[A-Z_]+)$/.test(code) || /timeout|terminated/i.test(message);
}

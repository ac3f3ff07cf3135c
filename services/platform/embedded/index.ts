import { resolve } from "node:path";
import { systemClock } from "../../kernel/clock";
import type { PgTarget } from "../targets";
import { findBinaries } from "./binaries";
import { makeCluster } from "./cluster";
import { stopOrphan } from "./orphan";
import { takeOwnership } from "./owner-lock";
import { preparePlace, socketFolder } from "./place";
import { lastWords, socketPort, startPostmaster } from "./postmaster";
import { appRole, databaseName, makeRoles, ownerRole } from "./roles";
import { readRunFile, removeRunFile, writeRunFile } from "./run-file";
import { supervise } from "./supervise";

export { DirectoryInUse } from "./owner-lock";
export { NoEmbeddedServer } from "./native";
export { appRole, databaseName, ownerRole } from "./roles";

/** The roles of one database, as connection targets. */
export interface EmbeddedTargets {
  readonly socketDir: string;
  /** Owns the tables: migrations only. */
  readonly ownerUrl: PgTarget;
  /** What the doors and the worker use. */
  readonly appUrl: PgTarget;
  /** The bootstrap superuser: tests and repair only. */
  readonly superUrl: PgTarget;
}

export interface EmbeddedServer extends EmbeddedTargets {
  /** Fast shutdown; the data directory may be owned by somebody else afterwards. */
  readonly stop: () => Promise<void>;
}

/** The three levels at which the supervisor speaks; a pino logger fits. */
export interface EmbeddedLog {
  info(facts: object, message: string): void;
  warn(facts: object, message: string): void;
  fatal(facts: object, message: string): void;
}

export interface EmbeddedOptions {
  readonly dataDir: string;
  /** Gives up durability for speed. For tests. */
  readonly volatile?: boolean;
  /** No run file: the server ends with its command, so nobody else should begin to use it. */
  readonly unlisted?: boolean;
  /** The `native` folder of the binaries; the one of the installed package where nothing is given. */
  readonly native?: string;
  readonly log?: EmbeddedLog;
  /** Called when PostgreSQL keeps ending; the process exits with 70 (EX_SOFTWARE) where nothing is given. */
  readonly onFailure?: (error: Error) => void;
}

/**
 * Starts the embedded PostgreSQL of a data directory, making the cluster on the first run.
 * @throws DirectoryInUse where another process owns the directory, NoEmbeddedServer where there are no binaries
 */
export async function startEmbedded(options: EmbeddedOptions): Promise<EmbeddedServer> {
  const { volatile = false, log } = options;
  const dataDir = resolve(options.dataDir);
  const place = preparePlace(dataDir);
  const giveBack = takeOwnership(dataDir);
  try {
    const orphan = await stopOrphan(place.cluster);
    if (orphan !== "none") log?.warn({ orphan }, "an earlier PostgreSQL had lost its owner");
    const binaries = findBinaries(place, options.native);
    makeCluster(place, binaries, volatile);
    const socketDir = socketFolder(place);
    const start = () => startPostmaster(place, binaries, socketDir, volatile);
    const first = await start();
    const targets = targetsOf(socketDir, socketPort);
    const supervised = supervise(first, {
      start,
      onRestart: (restarts) =>
        log?.warn({ restarts, postgres: lastWords(place) }, "PostgreSQL ended and is started again"),
      onFailure:
        options.onFailure ??
        ((error) => {
          log?.fatal({ err: error, postgres: lastWords(place) }, "PostgreSQL does not stay up");
          process.exit(70);
        }),
    });
    const end = async (): Promise<void> => {
      removeRunFile(dataDir);
      await supervised.stop();
      giveBack();
    };
    let ending: Promise<void> | undefined;
    const stop = (): Promise<void> => (ending ??= end());
    try {
      await makeRoles(targets.superUrl);
    } catch (error) {
      await stop();
      throw error;
    }
    if (options.unlisted) return { ...targets, stop };
    writeRunFile(dataDir, {
      pid: process.pid,
      socketDir,
      port: socketPort,
      startedAt: systemClock.now().toISOString(),
    });
    return { ...targets, stop };
  } catch (error) {
    giveBack();
    throw error;
  }
}

/** The server that another process of ours keeps running in a data directory, if there is one (ruling c3). */
export function attachEmbedded(dataDir: string): EmbeddedTargets | undefined {
  const run = readRunFile(resolve(dataDir));
  return run && targetsOf(run.socketDir, run.port);
}

function targetsOf(socketDir: string, port: number): EmbeddedTargets {
  const as = (user: string): PgTarget => ({ host: socketDir, port, user, database: databaseName });
  return { socketDir, ownerUrl: as(ownerRole), appUrl: as(appRole), superUrl: as("postgres") };
}

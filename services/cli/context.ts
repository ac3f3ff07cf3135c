import { entities } from "../domain/entities";
import { instanceOf } from "../instance";
import { systemClock } from "../kernel/clock";
import { PlenumError } from "../kernel/errors";
import type { Config } from "../platform/config";
import { openDataSource } from "../platform/data-source";
import { appRole } from "../platform/embedded";
import { keyringOf } from "../platform/keys";
import { checkMasterKey } from "../platform/lobby";
import type { Log } from "../platform/log";
import { masterSecret } from "../platform/master-secret";
import { migrate, migrationStatus } from "../platform/migrate";
import { borrowDatabase, type OpenedDatabase } from "../platform/open-database";
import type { PgTarget } from "../platform/targets";
import { Database } from "../platform/unit-of-work";
import type { CommandContext } from "./command";

/** A context that opens things when they are asked for, and closes what it has opened. */
export interface ClosableContext extends CommandContext {
  close(): Promise<void>;
}

const connections = 2;

// The embedded database is migrated by whoever opens it first; a given one by nobody but `plenum migrate` (ruling c2).
async function mustBeMigrated(config: Config, target: PgTarget, ownerTarget: PgTarget | undefined): Promise<void> {
  const { pending } = await migrationStatus(target);
  if (pending.length === 0) return;
  if (config.database.kind === "external" || !ownerTarget) {
    throw new PlenumError("unavailable", "the database is not migrated: run `plenum migrate` first", { pending });
  }
  await migrate(ownerTarget, { appRole });
}

export function openContext(config: Config, log: Log): ClosableContext {
  const closers: (() => Promise<unknown>)[] = [];
  let place: Promise<OpenedDatabase> | undefined;
  let database: Promise<Database> | undefined;

  const openPlace = async (): Promise<OpenedDatabase> => {
    const opened = await borrowDatabase(config);
    closers.push(() => opened.close());
    return opened;
  };
  const openUnits = async (): Promise<Database> => {
    const { target, ownerTarget } = await context.place();
    await mustBeMigrated(config, target, ownerTarget);
    const source = await openDataSource({
      target,
      max: connections,
      pooled: !config.prepared,
      applicationName: "plenum cli",
      entities: [...entities],
    });
    closers.push(() => source.destroy());
    const secret = masterSecret(config);
    const keyring = keyringOf(secret, config.previousSecretKey);
    const db = new Database(source, systemClock, instanceOf(config.publicUrl, keyring, config));
    await checkMasterKey(db, secret, config.previousSecretKey);
    return db;
  };
  const context: ClosableContext = {
    config,
    log,
    place: () => (place ??= openPlace()),
    database: () => (database ??= openUnits()),
    say: (text) => void process.stderr.write(`${text}\n`),
    async close() {
      for (const close of closers.splice(0).reverse()) await close();
    },
  };
  return context;
}

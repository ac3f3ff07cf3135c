import { Logger, runMigrations } from "graphile-worker";
import { Client, Pool } from "pg";
import type { PgTarget } from "../targets";
import { applyMigrations, readApplied, type AppliedMigration } from "./apply";
import { migrationsFolder, readMigrations, type Migration } from "./files";
import { grantTo } from "./grants";
import { ensurePartitions } from "./partitions";
import { retrying } from "./retry";
import { ensureAppRole } from "./roles";
import { inTurn } from "./turn";

export { MigrationFailed, MigrationMismatch, type AppliedMigration } from "./apply";
export { RoleMissing } from "./roles";

export interface MigrateOptions {
  /** The role that the doors and the worker use; made where it is missing and the migrating role may. */
  readonly appRole: string;
  readonly appPassword?: string;
  readonly folder?: string;
}

export interface Migrated {
  readonly applied: readonly string[];
  readonly partitions: readonly string[];
}

/**
 * Brings a database up to date as the role that owns its tables: our migrations, those of the queue, partitions for
 * the year to come, and the privileges of the application's role. Every step may be repeated.
 */
export async function migrate(ownerTarget: PgTarget, options: MigrateOptions): Promise<Migrated> {
  const migrations = readMigrations(options.folder);
  return withClient(ownerTarget, "plenum migrate turn", (holder) =>
    inTurn(holder, () =>
      withClient(ownerTarget, "plenum migrate", (client) => inOrder(client, ownerTarget, migrations, options)),
    ),
  );
}

async function inOrder(
  client: Client,
  ownerTarget: PgTarget,
  migrations: readonly Migration[],
  { appRole, appPassword }: MigrateOptions,
): Promise<Migrated> {
  // Both are trusted since PostgreSQL 13: whoever may create in the database may install them.
  await client.query("create extension if not exists btree_gist; create extension if not exists pg_trgm");
  await ensureAppRole(client, appRole, appPassword);
  const applied = await applyMigrations(client, migrations);
  await migrateQueue(ownerTarget);
  const partitions = await ensurePartitions(client);
  await retrying(() => grantTo(client, appRole));
  return { applied, partitions };
}

export interface MigrationStatus {
  readonly applied: readonly AppliedMigration[];
  readonly pending: readonly string[];
  /** Applied by a newer release than this one. */
  readonly unknown: readonly string[];
  /** Edited after they were applied. */
  readonly edited: readonly string[];
}

/** Where a database stands; needs no more than the application's role. */
export async function migrationStatus(target: PgTarget, folder: string = migrationsFolder()): Promise<MigrationStatus> {
  return withClient(target, "plenum migrate status", (client) => statusOf(client, folder));
}

/** The same over a connection that is already there. */
export async function statusOf(
  client: Pick<Client, "query">,
  folder: string = migrationsFolder(),
): Promise<MigrationStatus> {
  const migrations = readMigrations(folder);
  const applied = await readApplied(client);
  const known = new Map(migrations.map(({ name, checksum }) => [name, checksum]));
  const done = new Set(applied.map(({ name }) => name));
  return {
    applied,
    pending: migrations.map(({ name }) => name).filter((name) => !done.has(name)),
    unknown: applied.map(({ name }) => name).filter((name) => !known.has(name)),
    edited: applied
      .filter(({ name, checksum }) => known.has(name) && known.get(name) !== checksum)
      .map(({ name }) => name),
  };
}

async function migrateQueue(target: PgTarget): Promise<void> {
  const pool = new Pool({ ...target, max: 1, application_name: "plenum migrate" });
  pool.on("error", () => undefined); // the query that runs is told as well
  pool.on("connect", (client) => client.on("error", () => undefined));
  try {
    await runMigrations({ pgPool: pool, schema: "graphile_worker", logger: new Logger(() => () => undefined) });
  } finally {
    await pool.end();
  }
}

async function withClient<T>(target: PgTarget, application: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ ...target, application_name: application, connectionTimeoutMillis: 5_000 });
  client.on("error", () => undefined); // the query that runs is told as well
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

import type { Client } from "pg";
import type { Migration } from "./files";
import { retrying } from "./retry";

/** An applied migration was edited afterwards. */
export class MigrationMismatch extends Error {}

/** A migration that the database refused; nothing of it was kept. */
export class MigrationFailed extends Error {}

export interface AppliedMigration {
  readonly name: string;
  readonly checksum: string;
  readonly appliedAt: Date;
}

/** Applies what is missing, in order, each in a transaction of its own; says what it applied. */
export async function applyMigrations(client: Client, migrations: readonly Migration[]): Promise<string[]> {
  const applied = await readApplied(client);
  refuseEdited(applied, migrations);
  const known = new Set(applied.map(({ name }) => name));
  const missing = migrations.filter(({ name }) => !known.has(name));
  for (const migration of missing) {
    await retrying(() => (migration.inTransaction ? inOne(client, migration) : outside(client, migration)));
  }
  return missing.map(({ name }) => name);
}

async function inOne(client: Client, migration: Migration): Promise<void> {
  try {
    await client.query("begin; set local lock_timeout = '2s'");
    await client.query(migration.sql);
    await client.query(insertRow, [migration.name, migration.checksum]);
    await client.query("commit");
  } catch (error) {
    await client.query("rollback");
    throw named(error, migration);
  }
}

// Nothing can be rolled back here, so such a file holds one statement that may be repeated (`if not exists`).
async function outside(client: Client, migration: Migration): Promise<void> {
  try {
    await client.query(migration.sql);
    await client.query(insertRow, [migration.name, migration.checksum]);
  } catch (error) {
    throw named(error, migration);
  }
}

const insertRow = "insert into schema_migration (name, checksum, applied_at) values ($1, $2, now())";

/** What the database says was applied; nothing where it was never migrated. */
export async function readApplied(client: Pick<Client, "query">): Promise<AppliedMigration[]> {
  const exists = await client.query<{ there: boolean }>("select to_regclass('schema_migration') is not null as there");
  if (!exists.rows[0]?.there) return [];
  const { rows } = await client.query<{ name: string; checksum: string; applied_at: Date }>(
    "select name, checksum, applied_at from schema_migration order by name",
  );
  return rows.map((row) => ({ name: row.name, checksum: row.checksum, appliedAt: row.applied_at }));
}

// A newer release may have been here first and this one still works with its schema (N − 1, OPS-10), so unknown names
// pass. An edited file never does: nobody could say what the database holds.
function refuseEdited(applied: readonly AppliedMigration[], migrations: readonly Migration[]): void {
  const known = new Map(migrations.map((migration) => [migration.name, migration.checksum]));
  const edited = applied.filter(({ name, checksum }) => known.has(name) && known.get(name) !== checksum);
  if (edited.length === 0) return;
  const names = edited.map(({ name }) => name).join(", ");
  throw new MigrationMismatch(`edited after it was applied: ${names}. Write a new migration instead.`);
}

function named(error: unknown, { name }: Migration): MigrationFailed {
  const text = error instanceof Error ? error.message : String(error);
  return new MigrationFailed(`migration ${name}: ${text}`, { cause: error });
}

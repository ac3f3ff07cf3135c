import { setTimeout as sleep } from "node:timers/promises";
import type { Client } from "pg";
import { minuteMs, stopwatchMs } from "../../kernel/clock";
import type { Migration } from "./files";

/** An applied migration was edited afterwards, or is unknown to this release. */
export class MigrationMismatch extends Error {}

export interface AppliedMigration {
  readonly name: string;
  readonly checksum: string;
  readonly appliedAt: Date;
}

const waitMsMax = 5 * minuteMs;

/** Applies what is missing, in order; says what it applied. Two replicas may do this at once (OPS-10). */
export async function applyMigrations(client: Client, migrations: readonly Migration[]): Promise<string[]> {
  await retrying(() => client.query(ledger));
  checkApplied(await readApplied(client), migrations);
  const done: string[] = [];
  for (const migration of migrations) {
    const applied = await retrying(() =>
      migration.inTransaction ? inOne(client, migration) : outside(client, migration),
    );
    if (applied) done.push(migration.name);
  }
  return done;
}

const ledger = `create table if not exists schema_migration (
  name       text collate "C" not null,
  checksum   text not null,
  applied_at timestamptz(3) not null,
  constraint schema_migration_once primary key (name)
)`;

// The lock is a table's own: it ends with the transaction, so no killed replica leaves one behind, and unlike an
// advisory lock it means the same behind a transaction pooler and on Citus. Readers of the table are not held up.
const begin = "begin; set local lock_timeout = '2s'; lock table schema_migration in share row exclusive mode";

async function inOne(client: Client, migration: Migration): Promise<boolean> {
  try {
    await client.query(begin);
    const missing = !(await isApplied(client, migration));
    if (missing) {
      await client.query(migration.sql);
      await remember(client, migration);
    }
    await client.query("commit");
    return missing;
  } catch (error) {
    await client.query("rollback");
    throw named(error, migration);
  }
}

// Nothing can be rolled back here, so such a file holds one statement that may be repeated (`if not exists`).
async function outside(client: Client, migration: Migration): Promise<boolean> {
  if (await isApplied(client, migration)) return false;
  try {
    await client.query(migration.sql);
    await client.query(`${insertRow} on conflict do nothing`, [migration.name, migration.checksum]);
    return true;
  } catch (error) {
    throw named(error, migration);
  }
}

const insertRow = "insert into schema_migration (name, checksum, applied_at) values ($1, $2, now())";

async function isApplied(client: Client, { name }: Migration): Promise<boolean> {
  return (await client.query("select from schema_migration where name = $1", [name])).rowCount === 1;
}

async function remember(client: Client, { name, checksum }: Migration): Promise<void> {
  await client.query(insertRow, [name, checksum]);
}

/** What the database says was applied; nothing where it was never migrated. */
export async function readApplied(client: Pick<Client, "query">): Promise<AppliedMigration[]> {
  const exists = await client.query<{ there: boolean }>("select to_regclass('schema_migration') is not null as there");
  if (!exists.rows[0]?.there) return [];
  const { rows } = await client.query<{ name: string; checksum: string; applied_at: Date }>(
    "select name, checksum, applied_at from schema_migration order by name",
  );
  return rows.map((row) => ({ name: row.name, checksum: row.checksum, appliedAt: row.applied_at }));
}

function checkApplied(applied: readonly AppliedMigration[], migrations: readonly Migration[]): void {
  const known = new Map(migrations.map((migration) => [migration.name, migration.checksum]));
  // A newer release may have been here first and this one still works with its schema (N − 1, OPS-10), so unknown
  // names pass. An edited file never does: nobody could say what the database holds.
  const edited = applied.filter(({ name, checksum }) => known.has(name) && known.get(name) !== checksum);
  if (edited.length > 0) {
    const names = edited.map(({ name }) => name).join(", ");
    throw new MigrationMismatch(`edited after it was applied: ${names}. Write a new migration instead.`);
  }
}

// 55P03: somebody holds a lock for more than 2 s. 40P01: deadlock. The rest: two replicas made the ledger at once.
const passing = new Set(["55P03", "40P01", "23505", "42P07"]);

async function retrying<T>(attempt: () => Promise<T>): Promise<T> {
  const began = stopwatchMs();
  for (let n = 1; ; n++) {
    try {
      return await attempt();
    } catch (error) {
      const cause = error instanceof MigrationFailed ? error.cause : error;
      const code = (cause as { code?: string }).code ?? "";
      const mayRetry = code === "55P03" || code === "40P01" || (passing.has(code) && n <= 3 && error === cause);
      if (!mayRetry || stopwatchMs() - began > waitMsMax) throw error;
      await sleep(Math.min(100 * 2 ** n, 2_000) * (0.5 + Math.random() / 2));
    }
  }
}

/** A migration that the database refused; nothing of it was kept. */
export class MigrationFailed extends Error {}

function named(error: unknown, { name }: Migration): MigrationFailed {
  const text = error instanceof Error ? error.message : String(error);
  return new MigrationFailed(`migration ${name}: ${text}`, { cause: error });
}

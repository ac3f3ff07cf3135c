import type { Client } from "pg";
import { retrying } from "./retry";

const ledger = `create table if not exists schema_migration (
  name       text collate "C" not null,
  checksum   text not null,
  applied_at timestamptz(3) not null,
  constraint schema_migration_once primary key (name)
)`;

// This mode excludes itself and nothing that anybody does with rows. The lock ends with its transaction, so a killed
// replica leaves none behind; unlike an advisory lock it means the same behind a transaction pooler and on Citus.
const take = `begin;
  set local lock_timeout = '2s';
  set local idle_in_transaction_session_timeout = 0;
  lock table schema_migration in share update exclusive mode`;

/**
 * Does something while no other replica migrates this database (OPS-10). `holder` is a connection of its own: its open
 * transaction is the turn.
 */
export async function inTurn<T>(holder: Client, work: () => Promise<T>): Promise<T> {
  await makeLedger(holder);
  await retrying(async () => {
    try {
      await holder.query(take);
    } catch (error) {
      await holder.query("rollback");
      throw error;
    }
  });
  try {
    return await work();
  } finally {
    await holder.query("rollback");
  }
}

// Two replicas may find the ledger missing at once; `if not exists` does not cover that, and each of
// three catalogues may be the one that says so.
async function makeLedger(client: Client): Promise<void> {
  const made = new Set(["23505", "42710", "42P07"]);
  await client.query(ledger).catch((error: unknown) => {
    if (!made.has((error as { code?: string }).code ?? "")) throw error;
  });
}

import type { ConnectionId } from "../../kernel/ids";
import { sql, statement } from "../../platform/sql";
import type { Tx } from "../../platform/unit-of-work";

/** By which rules a connection's requests are read: a preset, and what differs from it. */
export interface StoredDialect {
  readonly preset: string;
  readonly switches: Readonly<Record<string, unknown>>;
}

const dialect = `select preset, switches from identity_connection where org_id = $1 and id = $2 and deleted_at is null`;
const find = statement("dialect-find", dialect);
const lock = statement("dialect-lock", `${dialect} for no key update`);
const update = statement(
  "dialect-update",
  `update identity_connection set preset = $3, switches = $4, updated_at = $5, version = version + 1
   where org_id = $1 and id = $2`,
);

export async function findDialect(tx: Tx, id: ConnectionId): Promise<StoredDialect | undefined> {
  return sql(tx).maybe<StoredDialect>(find, [tx.orgId, id]);
}

export async function lockDialect(tx: Tx, id: ConnectionId): Promise<StoredDialect | undefined> {
  return sql(tx).maybe<StoredDialect>(lock, [tx.orgId, id]);
}

export async function updateDialect(tx: Tx, id: ConnectionId, { preset, switches }: StoredDialect): Promise<void> {
  await sql(tx).exec(update, [tx.orgId, id, preset, JSON.stringify(switches), tx.now]);
}

import type { ConnectionId, SpKeyId } from "../../kernel/ids";
import { sql, statement } from "../../platform/sql";
import type { Tx } from "../../platform/unit-of-work";

export type SpKeyStatus = "NEXT" | "PUBLISHED" | "ACTIVE" | "RETIRED";
export type SpKeyUse = "SIGNING" | "ENCRYPTION";

/** A key of ours as its administrators see it: the certificate, never the private half. */
export interface SpKeyView {
  readonly id: SpKeyId;
  readonly connectionId: ConnectionId;
  readonly use: SpKeyUse;
  readonly status: SpKeyStatus;
  readonly certificate: string;
  readonly validFrom: Date;
  readonly validTo: Date;
  readonly createdAt: Date;
}

const columns = `id, connection_id as "connectionId", use, status, certificate, lower(valid) as "validFrom",
  upper(valid) as "validTo", created_at as "createdAt"`;

const list = statement(
  "sp-key-list",
  `select ${columns} from sp_key where org_id = $1 and connection_id = $2 order by created_at, id`,
);
const find = statement("sp-key-find", `select ${columns} from sp_key where org_id = $1 and id = $2`);
const add = statement(
  "sp-key-insert",
  `insert into sp_key (org_id, id, connection_id, use, status, certificate, private_key_enc, valid, created_at)
   values ($1, $2, $3, $4, $5, $6, $7, tstzrange($8, $9), $8)`,
);
const setStatus = statement("sp-key-set-status", `update sp_key set status = $3 where org_id = $1 and id = $2`);
const stepDown = statement(
  "sp-key-step-down",
  `update sp_key set status = 'PUBLISHED'
   where org_id = $1 and connection_id = $2 and use = $3 and status = 'ACTIVE'`,
);

export async function listSpKeyRows(tx: Tx, id: ConnectionId): Promise<SpKeyView[]> {
  return sql(tx).many<SpKeyView>(list, [tx.orgId, id]);
}

export async function findSpKey(tx: Tx, id: SpKeyId): Promise<SpKeyView | undefined> {
  return sql(tx).maybe<SpKeyView>(find, [tx.orgId, id]);
}

export async function insertSpKeyRow(
  tx: Tx,
  key: Omit<SpKeyView, "createdAt"> & { readonly privateKeySealed: Buffer },
): Promise<void> {
  const { id, connectionId, use, status, certificate, privateKeySealed, validFrom, validTo } = key;
  const values = [connectionId, use, status, certificate, privateKeySealed, validFrom, validTo];
  await sql(tx).exec(add, [tx.orgId, id, ...values]);
}

export async function setSpKeyStatus(tx: Tx, id: SpKeyId, status: SpKeyStatus): Promise<void> {
  await sql(tx).exec(setStatus, [tx.orgId, id, status]);
}

/** The key in use steps back beside the others in the metadata, so that another may take its place. */
export async function stepDownActiveKey(tx: Tx, connectionId: ConnectionId, use: SpKeyUse): Promise<void> {
  await sql(tx).exec(stepDown, [tx.orgId, connectionId, use]);
}

import type { ConnectionId } from "../../kernel/ids";
import { sql, statement } from "../../platform/sql";
import type { Tx } from "../../platform/unit-of-work";
import { connectionsMax } from "./connection.rules";
import type { Connection } from "./connection";

const columns = `id, name, saml_state as "samlState", scim_state as "scimState", preset,
  idp_entity_id as "idpEntityId", sso_url as "ssoUrl", sso_binding as "ssoBinding", slo_url as "sloUrl",
  slo_binding as "sloBinding", sp_entity_id as "spEntityId", sign_requests as "signRequests",
  signature_policy as "signaturePolicy", require_encryption as "requireEncryption", skew_seconds as "skewSeconds",
  idp_initiated as "idpInitiated", provisioning, mapping, role_ceiling as "roleCeiling", options,
  metadata_url as "metadataUrl", metadata_valid_until as "metadataValidUntil", metadata_mode as "metadataMode",
  metadata_checked_at as "metadataCheckedAt", metadata_failures as "metadataFailures",
  vouched_by_operator as "vouchedByOperator", last_seen_at as "lastSeenAt", deleted_at as "deletedAt",
  created_at as "createdAt", updated_at as "updatedAt", version`;

const find = statement(
  "connection-find",
  `select ${columns} from identity_connection where org_id = $1 and id = $2 and deleted_at is null`,
);
// Stronger than the update itself needs: sign-ins that complete hold the row `for key share`, and wait or are waited for.
const lock = statement(
  "connection-lock",
  `select ${columns} from identity_connection where org_id = $1 and id = $2 for update`,
);
const list = statement(
  "connection-list",
  `select ${columns} from identity_connection
   where org_id = $1 and deleted_at is null order by created_at, id limit 100`,
);
const listDeleted = statement(
  "connection-list-deleted",
  `select ${columns} from identity_connection
   where org_id = $1 and deleted_at is not null and not (options ? 'purged') order by deleted_at, id limit 100`,
);
const update = statement(
  "connection-update",
  `update identity_connection
   set name = $3, saml_state = $4, idp_entity_id = $5, sso_url = $6, sso_binding = $7, slo_url = $8, slo_binding = $9,
       sp_entity_id = $10, sign_requests = $11, signature_policy = $12, require_encryption = $13, skew_seconds = $14,
       idp_initiated = $15, provisioning = $16, mapping = $17, role_ceiling = $18, options = $19, metadata_url = $20,
       metadata_valid_until = $21, metadata_mode = $22, metadata_due_at = case when metadata_url is distinct from $20
         then $23::timestamptz else metadata_due_at end,
       scim_state = $24, updated_at = $23, version = version + 1
   where org_id = $1 and id = $2 and deleted_at is null
   returning version`,
);
const softDelete = statement(
  "connection-delete",
  `update identity_connection
   set deleted_at = $3, saml_state = 'DISABLED', scim_state = 'OFF', updated_at = $3, version = version + 1
   where org_id = $1 and id = $2 and deleted_at is null`,
);
const restore = statement(
  "connection-restore",
  `update identity_connection set deleted_at = null, updated_at = $3, version = version + 1
   where org_id = $1 and id = $2 and deleted_at is not null and not (options ? 'purged')
     and (select count(*) from identity_connection where org_id = $1 and deleted_at is null) < $4`,
);
const purge = statement(
  "connection-purge",
  `with certificates as (delete from idp_certificate where org_id = $1 and connection_id = $2),
        keys as (delete from sp_key where org_id = $1 and connection_id = $2),
        tokens as (update scim_token set revoked_at = now()
                   where org_id = $1 and connection_id = $2 and revoked_at is null)
   update identity_connection
   set options = '{"purged": true}', mapping = '{}', metadata_url = null, metadata_due_at = null, updated_at = $3
   where org_id = $1 and id = $2`,
);
const hasActiveKey = statement(
  "sp-key-active",
  `select 1 from sp_key where org_id = $1 and connection_id = $2 and use = $3 and status = 'ACTIVE'`,
);
const usableCertificates = statement(
  "idp-certificates-usable",
  `select count(*)::integer as usable from idp_certificate
   where org_id = $1 and connection_id = $2 and status = 'LIVE' and ($3 or upper(valid) > $4)`,
);

export async function findConnection(tx: Tx, id: ConnectionId): Promise<Connection | undefined> {
  return sql(tx).maybe<Connection>(find, [tx.orgId, id]);
}

/** The whole row, deleted or not, locked until the end of the unit. */
export async function lockConnectionRow(tx: Tx, id: ConnectionId): Promise<Connection | undefined> {
  return sql(tx).maybe<Connection>(lock, [tx.orgId, id]);
}

export async function listConnectionRows(tx: Tx): Promise<Connection[]> {
  return sql(tx).many<Connection>(list, [tx.orgId]);
}

/** Those that can be restored still. */
export async function listDeletedConnections(tx: Tx): Promise<Connection[]> {
  return sql(tx).many<Connection>(listDeleted, [tx.orgId]);
}

/** Writes every setting of a locked connection; answers the new version. */
export async function updateConnection(tx: Tx, c: Connection): Promise<string> {
  const { version } = await sql(tx).one<{ version: string }>(update, [
    tx.orgId,
    c.id,
    c.name,
    c.samlState,
    c.idpEntityId,
    c.ssoUrl,
    c.ssoBinding,
    c.sloUrl,
    c.sloBinding,
    c.spEntityId,
    c.signRequests,
    c.signaturePolicy,
    c.requireEncryption,
    c.skewSeconds,
    c.idpInitiated,
    c.provisioning,
    JSON.stringify(c.mapping),
    c.roleCeiling,
    JSON.stringify(c.options),
    c.metadataUrl,
    c.metadataValidUntil,
    c.metadataMode,
    tx.now,
    c.scimState,
  ]);
  return version;
}

export async function softDeleteConnection(tx: Tx, id: ConnectionId): Promise<boolean> {
  return (await sql(tx).exec(softDelete, [tx.orgId, id, tx.now])) === 1;
}

/** Brings a deleted connection back; false when the organization has its five others, or the row is purged. */
export async function restoreConnectionRow(tx: Tx, id: ConnectionId): Promise<boolean> {
  return (await sql(tx).exec(restore, [tx.orgId, id, tx.now, connectionsMax])) === 1;
}

/** Erases what a deleted connection kept: keys, certificates, tokens. The row and the identities stay (SAML-12). */
export async function purgeConnectionRow(tx: Tx, id: ConnectionId): Promise<void> {
  await sql(tx).exec(purge, [tx.orgId, id, tx.now]);
}

export async function hasActiveSpKey(tx: Tx, id: ConnectionId, use: "SIGNING" | "ENCRYPTION"): Promise<boolean> {
  return (await sql(tx).maybe(hasActiveKey, [tx.orgId, id, use])) !== undefined;
}

/** How many live certificates may vouch by the connection's own rule for expired ones. */
export async function countUsableCertificates(tx: Tx, id: ConnectionId, expiredToo: boolean): Promise<number> {
  return (await sql(tx).one<{ usable: number }>(usableCertificates, [tx.orgId, id, expiredToo, tx.now])).usable;
}

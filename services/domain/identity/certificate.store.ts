import { newId, type ConnectionId, type IdpCertificateId } from "../../kernel/ids";
import { sql, statement } from "../../platform/sql";
import type { Tx } from "../../platform/unit-of-work";
import type { IdpCertificate } from "./certificates";
import type { CertificateStatus } from "./saml-connections.store";

/** A certificate as its administrators see it. */
export interface ConnectionCertificate {
  readonly id: IdpCertificateId;
  readonly connectionId: ConnectionId;
  /** SHA-256 of the DER form, lower-case hex. */
  readonly sha256: string;
  readonly pem: string;
  readonly subject: string;
  readonly keyType: string;
  readonly keyBits: number;
  readonly validFrom: Date;
  readonly validTo: Date;
  readonly status: CertificateStatus;
  readonly createdAt: Date;
  /** Since when the identity provider's metadata no longer lists it. */
  readonly absentSince: Date | null;
}

const columns = `id, connection_id as "connectionId", encode(sha256, 'hex') as sha256, pem, subject,
  key_type as "keyType", key_bits as "keyBits", lower(valid) as "validFrom", upper(valid) as "validTo", status,
  created_at as "createdAt", absent_since as "absentSince"`;

const list = statement(
  "certificate-list",
  `select ${columns} from idp_certificate where org_id = $1 and connection_id = $2 order by created_at, id`,
);
const find = statement("certificate-find", `select ${columns} from idp_certificate where org_id = $1 and id = $2`);
const add = statement(
  "certificate-add",
  `insert into idp_certificate (org_id, id, connection_id, sha256, pem, subject, key_type, key_bits, valid, status,
     created_at)
   values ($1, $2, $3, decode($4, 'hex'), $5, $6, $7, $8, tstzrange($9, $10), $11, $12)`,
);
const setStatus = statement(
  "certificate-set-status",
  `update idp_certificate set status = $3, absent_since = null where org_id = $1 and id = $2`,
);
const setAbsent = statement(
  "certificate-set-absent",
  `update idp_certificate set absent_since = case when $3 then coalesce(absent_since, $4) end
   where org_id = $1 and id = $2`,
);
const bump = statement(
  "connection-bump",
  `update identity_connection set updated_at = $3, version = version + 1 where org_id = $1 and id = $2`,
);

export async function listCertificateRows(tx: Tx, id: ConnectionId): Promise<ConnectionCertificate[]> {
  return sql(tx).many<ConnectionCertificate>(list, [tx.orgId, id]);
}

export async function findCertificate(tx: Tx, id: IdpCertificateId): Promise<ConnectionCertificate | undefined> {
  return sql(tx).maybe<ConnectionCertificate>(find, [tx.orgId, id]);
}

export async function insertCertificate(
  tx: Tx,
  connectionId: ConnectionId,
  c: IdpCertificate,
  status: "LIVE" | "PENDING",
): Promise<IdpCertificateId> {
  const id = newId("idpCertificate");
  const key = [c.sha256, c.pem, c.subject, c.keyType, c.keyBits, c.validFrom, c.validTo];
  await sql(tx).exec(add, [tx.orgId, id, connectionId, ...key, status, tx.now]);
  return id;
}

export async function setCertificateStatus(tx: Tx, id: IdpCertificateId, status: CertificateStatus): Promise<void> {
  await sql(tx).exec(setStatus, [tx.orgId, id, status]);
}

/** Notes since when the metadata leaves a certificate out, or that it is listed again. */
export async function setCertificateAbsent(tx: Tx, id: IdpCertificateId, absent: boolean): Promise<void> {
  await sql(tx).exec(setAbsent, [tx.orgId, id, absent, tx.now]);
}

/** Whoever took a snapshot of the connection is told by its version that its keys or certificates are others now. */
export async function bumpConnection(tx: Tx, id: ConnectionId): Promise<void> {
  await sql(tx).exec(bump, [tx.orgId, id, tx.now]);
}

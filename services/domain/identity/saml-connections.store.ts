import { newId, type ConnectionId } from "../../kernel/ids";
import { sql, statement } from "../../platform/sql";
import type { Tx } from "../../platform/unit-of-work";
import type { IdpCertificate } from "./certificates";
import type { Provisioning, SamlState } from "./connections.store";
import type { AttributeMapping } from "./read-person";
import type { Binding, IdpRecord, SamlOptions } from "./saml-settings";

const find = statement(
  "saml-connection-find",
  `select c.id, c.version, c.saml_state as "samlState", c.sp_entity_id as "spEntityId",
     c.idp_entity_id as "idpEntityId", c.sso_url as "ssoUrl", c.sso_binding as "ssoBinding", c.slo_url as "sloUrl",
     c.slo_binding as "sloBinding", c.sign_requests as "signRequests", c.signature_policy as "signaturePolicy",
     c.require_encryption as "requireEncryption", c.skew_seconds as "skewSeconds", c.idp_initiated as "idpInitiated",
     c.provisioning, c.mapping, c.role_ceiling as "roleCeiling", c.options, c.created_at as "createdAt", o.status as "organizationStatus",
     exists (select 1 from organization_entitlement e
             where e.org_id = $1 and e.feature = 'sso' and e.value > 0) as entitled,
     coalesce((select jsonb_agg(jsonb_build_object('sha256', encode(k.sha256, 'hex'), 'pem', k.pem,
                 'notAfter', upper(k.valid)) order by k.created_at, k.id)
               from idp_certificate k
               where k.org_id = $1 and k.connection_id = $2 and k.status = 'LIVE'), '[]') as certificates,
     coalesce((select jsonb_agg(jsonb_build_object('id', k.id, 'use', k.use, 'status', k.status,
                 'certificate', k.certificate, 'privateKey', encode(k.private_key_enc, 'base64'),
                 'validTo', upper(k.valid)) order by k.created_at, k.id)
               from sp_key k
               where k.org_id = $1 and k.connection_id = $2 and k.status <> 'RETIRED'), '[]') as keys
   from identity_connection c join organization o on o.org_id = c.org_id
   where c.org_id = $1 and c.id = $2 and c.deleted_at is null`,
);

/** A connection as it stands in the tables, keys still sealed. */
export interface SamlRow {
  readonly id: ConnectionId;
  readonly version: string;
  readonly samlState: SamlState;
  readonly spEntityId: string | null;
  readonly idpEntityId: string | null;
  readonly ssoUrl: string | null;
  readonly ssoBinding: Binding | null;
  readonly sloUrl: string | null;
  readonly sloBinding: Binding | null;
  readonly signRequests: boolean;
  readonly signaturePolicy: "either" | "assertion" | "response" | "both";
  readonly requireEncryption: boolean;
  readonly skewSeconds: number;
  readonly idpInitiated: "off" | "restart" | "accept";
  readonly provisioning: Provisioning;
  readonly mapping: AttributeMapping;
  readonly roleCeiling: "ADMIN" | "MEMBER";
  readonly options: SamlOptions;
  readonly createdAt: Date;
  readonly organizationStatus: string;
  readonly entitled: boolean;
  readonly certificates: readonly { readonly sha256: string; readonly pem: string; readonly notAfter: string }[];
  readonly keys: readonly {
    readonly id: string;
    readonly use: "SIGNING" | "ENCRYPTION";
    readonly status: "NEXT" | "PUBLISHED" | "ACTIVE";
    readonly certificate: string;
    readonly privateKey: string;
    readonly validTo: string;
  }[];
}

export async function findSamlRow(tx: Tx, id: ConnectionId): Promise<SamlRow | undefined> {
  return sql(tx).maybe<SamlRow>(find, [tx.orgId, id]);
}

// `version` moves with everything that a verdict rests on, certificates included: a snapshot taken before is then
// recognised as old in the transaction that would act on it.
const configure = statement(
  "saml-connection-configure",
  `update identity_connection
   set idp_entity_id = $3, sso_url = $4, sso_binding = $5, slo_url = $6, slo_binding = $7, sign_requests = $8,
       metadata_valid_until = $9, name = coalesce($10, name), saml_state = $11,
       provisioning = coalesce($12, provisioning),
       options = case when $12::text is null then options else options || '{"provisioningChosen": true}' end,
       updated_at = $13, version = version + 1
   where org_id = $1 and id = $2`,
);

export interface Configuration extends Omit<IdpRecord, "certificates"> {
  readonly name: string | null;
  readonly samlState: SamlState;
  readonly provisioning: Provisioning | null;
}

export async function configureSamlRow(tx: Tx, id: ConnectionId, c: Configuration): Promise<void> {
  await sql(tx).exec(configure, [
    tx.orgId,
    id,
    c.idpEntityId,
    c.ssoUrl,
    c.ssoBinding,
    c.sloUrl,
    c.sloBinding,
    c.signRequests,
    c.validUntil,
    c.name,
    c.samlState,
    c.provisioning,
    tx.now,
  ]);
}

const listCertificates = statement(
  "idp-certificates-list",
  `select encode(sha256, 'hex') as sha256, status from idp_certificate where org_id = $1 and connection_id = $2`,
);
const retire = statement(
  "idp-certificates-retire",
  `update idp_certificate set status = 'RETIRED'
   where org_id = $1 and connection_id = $2 and status in ('LIVE', 'PENDING') and not (encode(sha256, 'hex') = any ($3))`,
);
const addCertificate = statement(
  "idp-certificate-add",
  `insert into idp_certificate (org_id, id, connection_id, sha256, pem, subject, key_type, key_bits, valid, status,
                                created_at)
   values ($1, $2, $3, decode($4, 'hex'), $5, $6, $7, $8, tstzrange($9, $10), 'LIVE', $11)
   on conflict (org_id, connection_id, sha256) do update set status = 'LIVE'
     where idp_certificate.status <> 'COMPROMISED'`,
);

export type CertificateStatus = "PENDING" | "LIVE" | "RETIRED" | "COMPROMISED";

export async function certificateStatuses(
  tx: Tx,
  connectionId: ConnectionId,
): Promise<{ sha256: string; status: CertificateStatus }[]> {
  return sql(tx).many(listCertificates, [tx.orgId, connectionId]);
}

/** Makes exactly these certificates live; others retire, a compromised one never comes back. */
export async function replaceCertificates(
  tx: Tx,
  connectionId: ConnectionId,
  certificates: readonly IdpCertificate[],
): Promise<void> {
  await sql(tx).exec(retire, [tx.orgId, connectionId, certificates.map((c) => c.sha256)]);
  for (const c of certificates) {
    const id = newId("certificate");
    const key = [c.sha256, c.pem, c.subject, c.keyType, c.keyBits];
    await sql(tx).exec(addCertificate, [tx.orgId, id, connectionId, ...key, c.validFrom, c.validTo, tx.now]);
  }
}

const addKey = statement(
  "sp-key-add",
  `insert into sp_key (org_id, id, connection_id, use, status, certificate, private_key_enc, valid, created_at)
   values ($1, $2, $3, $4, 'ACTIVE', $5, $6, tstzrange($7, $8), $7)`,
);

export interface NewSpKey {
  readonly id: string;
  readonly connectionId: ConnectionId;
  readonly use: "SIGNING" | "ENCRYPTION";
  readonly certificate: string;
  readonly privateKeySealed: Buffer;
  readonly validTo: Date;
}

export async function insertSpKey(tx: Tx, key: NewSpKey): Promise<void> {
  const values = [key.use, key.certificate, key.privateKeySealed, tx.now, key.validTo];
  await sql(tx).exec(addKey, [tx.orgId, key.id, key.connectionId, ...values]);
}

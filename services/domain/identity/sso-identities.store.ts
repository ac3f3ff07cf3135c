import { newId, type ConnectionId, type MemberId } from "../../kernel/ids";
import { sql, statement } from "../../platform/sql";
import type { Tx } from "../../platform/unit-of-work";

const findIdentity = statement(
  "sso-identity-find",
  `with before as (
     select id, last_used_at is null as unused from sso_identity
     where org_id = $1 and connection_id = $2 and idp_entity_id = $3 and name_id_format = $4 and name_id_key = $5
   ), known as (
     update sso_identity i set last_used_at = $6 from before where i.org_id = $1 and i.id = before.id
     returning i.member_id, i.blocked, before.unused
   )
   select m.id as "memberId", m.status, known.blocked, known.unused, m.login_email_norm as "loginEmailNorm",
     m.managed_by is not null as managed
   from known join member m on m.org_id = $1 and m.id = known.member_id
   for share of m`,
);
const addIdentity = statement(
  "sso-identity-add",
  `insert into sso_identity (org_id, id, connection_id, idp_entity_id, name_id_format, name_id_key, member_id,
                             created_at, last_used_at)
   values ($1, $2, $3, $4, $5, $6, $7, $8, $8)`,
);

/** By what one identity provider knows somebody, at one connection (SAML-60). */
export interface IdentityKey {
  readonly connectionId: ConnectionId;
  readonly idpEntityId: string;
  readonly format: string;
  readonly key: string;
}

export interface KnownIdentity {
  readonly memberId: MemberId;
  readonly status: "INVITED" | "ACTIVE" | "SUSPENDED" | "REMOVED";
  readonly blocked: boolean;
  /** Whether it was linked without a sign-in, and this is the first (SAML-62). */
  readonly unused: boolean;
  readonly loginEmailNorm: string | null;
  readonly managed: boolean;
}

/** The member behind an identity; the row is held so that a suspension in the same moment comes before or after. */
export async function findIdentityRow(tx: Tx, k: IdentityKey): Promise<KnownIdentity | undefined> {
  const values = [tx.orgId, k.connectionId, k.idpEntityId, k.format, k.key, tx.now];
  return sql(tx).maybe<KnownIdentity>(findIdentity, values);
}

export async function insertIdentity(tx: Tx, k: IdentityKey, memberId: MemberId): Promise<void> {
  const id = newId("session");
  await sql(tx).exec(addIdentity, [tx.orgId, id, k.connectionId, k.idpEntityId, k.format, k.key, memberId, tx.now]);
}

const linkIdentity = statement(
  "sso-identity-link",
  `with added as (
     insert into sso_identity (org_id, id, connection_id, idp_entity_id, name_id_format, name_id_key, member_id, created_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict do nothing returning member_id
   )
   select member_id as "memberId" from added union all
   select member_id from sso_identity
   where org_id = $1 and connection_id = $3 and idp_entity_id = $4 and name_id_format = $5 and name_id_key = $6
   limit 1`,
);

/** Makes an identity a member's before it was ever used; answers whose it is now. */
export async function linkIdentityRow(tx: Tx, k: IdentityKey, memberId: MemberId): Promise<MemberId | undefined> {
  const values = [tx.orgId, newId("session"), k.connectionId, k.idpEntityId, k.format, k.key, memberId, tx.now];
  return (await sql(tx).maybe<{ memberId: MemberId }>(linkIdentity, values))?.memberId;
}

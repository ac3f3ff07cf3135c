import { newId, type ConnectionId, type MemberId } from "../../kernel/ids";
import { sql, statement } from "../../platform/sql";
import type { Tx } from "../../platform/unit-of-work";

const findIdentity = statement(
  "sso-identity-find",
  `with known as (
     update sso_identity set last_used_at = $6
     where org_id = $1 and connection_id = $2 and idp_entity_id = $3 and name_id_format = $4 and name_id_key = $5
     returning member_id, blocked
   )
   select m.id as "memberId", m.status, known.blocked, m.login_email_norm as "loginEmailNorm",
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

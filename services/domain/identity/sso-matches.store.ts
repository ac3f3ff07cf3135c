import type { MemberId } from "../../kernel/ids";
import type { Role } from "../../platform/caller";
import { sql, statement } from "../../platform/sql";
import type { Tx } from "../../platform/unit-of-work";
import type { IdentityKey } from "./sso-identities.store";

// SCIM may know the person by the identity provider's own id, by user name or by address (SAML-65). Removed members
// stand here too, though their sign-in address is free for others: whom SCIM deleted, a sign-in must not bring back.
const matchMember = statement(
  "sso-match-member",
  `with external as (
     select l.resource_id as id from provisioning_link l
     where l.org_id = $1 and l.connection_id = $5 and l.kind = 'MEMBER' and l.external_id = $4
   ), addressed as (
     select m.id from member m where m.org_id = $1 and m.login_email_norm = $3
     union
     select m.id from member m where m.org_id = $1 and m.user_name_key = $3 and m.status = 'REMOVED'
     union
     select m.id from member_value v join member m on m.org_id = $1 and m.id = v.member_id and m.status = 'REMOVED'
     where v.org_id = $1 and v.attribute = 'emails' and v.value_key = $3
   ), named as (
     select m.id from member m where m.org_id = $1 and m.user_name_key = $2
   )
   select m.id as "memberId", m.status, m.role, coalesce(m.managed_by = $5, false) as "managedHere",
     m.managed_by is not null as managed, m.id in (select id from named) as "byUserName",
     m.id in (select id from addressed) as "byEmail", m.id in (select id from external) as "byExternalId",
     exists (select 1 from sso_exemption x
             where x.org_id = $1 and x.kind = 'BREAK_GLASS' and x.subject_id = m.id) as "breakGlass",
     coalesce((select jsonb_agg(i.name_id_key) from sso_identity i
               where i.org_id = $1 and i.member_id = m.id and i.connection_id = $5 and i.idp_entity_id = $6
                 and i.name_id_format = $7 and not i.blocked), '[]') as "knownAs"
   from member m
   where m.org_id = $1
     and m.id in (select id from external union select id from addressed union select id from named)
   for share of m`,
);

export interface MatchedMember {
  readonly memberId: MemberId;
  readonly status: "INVITED" | "ACTIVE" | "SUSPENDED" | "REMOVED";
  readonly role: Role;
  /** Whether SCIM over this very connection brought them: the same identity provider vouches twice. */
  readonly managedHere: boolean;
  readonly managed: boolean;
  readonly byUserName: boolean;
  readonly byEmail: boolean;
  readonly byExternalId: boolean;
  readonly breakGlass: boolean;
  /** The names of the same kind by which the same identity provider knows them. */
  readonly knownAs: readonly string[];
}

/** Members whom the assertion may mean. */
export async function matchMembers(
  tx: Tx,
  by: {
    readonly nameId: string;
    readonly userNameKey: string;
    readonly emailNorm: string | null;
    readonly identity: IdentityKey;
  },
): Promise<MatchedMember[]> {
  const { connectionId, idpEntityId, format } = by.identity;
  const values = [tx.orgId, by.userNameKey, by.emailNorm, by.nameId, connectionId, idpEntityId, format];
  return sql(tx).many<MatchedMember>(matchMember, values);
}

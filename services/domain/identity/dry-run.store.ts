import type { MemberId } from "../../kernel/ids";
import { sql, statement } from "../../platform/sql";
import type { Tx } from "../../platform/unit-of-work";
import { exemptMember } from "./enforcement.store";

export interface LockedOutRow {
  readonly memberId: MemberId;
  readonly displayName: string | null;
  readonly email: string | null;
  readonly noRecentSso: boolean;
  readonly domainNotCovered: boolean;
  readonly scimInactive: boolean;
  readonly noSeat: boolean;
}

// Owners and administrators keep their rights without a seat (ruling 8). A member whom nobody brought by SCIM and who is
// suspended does not sign in anyway and is no news.
const list = statement(
  "enforcement-dry-run",
  `with judged as (
     select m.id, m.display_name, m.user_name, m.login_email, m.created_at,
       m.status <> 'SUSPENDED' and not exists (
         select 1 from sso_identity i
         where i.org_id = $1 and i.member_id = m.id and not i.blocked
           and i.last_used_at > $2::timestamptz - interval '30 days') as no_recent_sso,
       not exists (
         select 1 from verified_domain d
         where d.org_id = $1 and d.status = 'VERIFIED'
           and (split_part(m.login_email_norm, '@', 2) = d.domain
                or (d.subdomains and m.login_email_norm like '%.' || d.domain))) as domain_not_covered,
       m.status = 'SUSPENDED' as scim_inactive,
       m.role = 'MEMBER' and m.status = 'ACTIVE' and not m.free_place and not exists (
         select 1 from licence_assignment l
         where l.org_id = $1 and l.member_id = m.id and l.kind = 'SERVICE' and l.ended_at is null) as no_seat
     from member m
     where m.org_id = $1 and (m.status in ('ACTIVE', 'INVITED') or (m.status = 'SUSPENDED' and m.managed_by is not null))
       and not ${exemptMember}
   )
   select id as "memberId", coalesce(display_name, user_name) as "displayName", login_email as email,
     no_recent_sso as "noRecentSso", domain_not_covered as "domainNotCovered", scim_inactive as "scimInactive",
     no_seat as "noSeat"
   from judged where no_recent_sso or domain_not_covered or scim_inactive or no_seat
   order by created_at, id limit 20000`,
);
const countTokens = statement(
  "api-tokens-live",
  `select count(*)::integer as live from api_token where org_id = $1 and revoked_at is null and expires_at > now()`,
);

/** Members who could not come in through single sign-on, each with every reason. */
export async function listLockedOut(tx: Tx): Promise<LockedOutRow[]> {
  return sql(tx).many<LockedOutRow>(list, [tx.orgId, tx.now]);
}

export async function countLiveTokens(tx: Tx): Promise<number> {
  return (await sql(tx).one<{ live: number }>(countTokens, [tx.orgId])).live;
}

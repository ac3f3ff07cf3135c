import type { MemberId, PersonId } from "../../kernel/ids";
import { sql, statement } from "../../platform/sql";
import type { Tx } from "../../platform/unit-of-work";
import { lapsedGraceDays } from "./domain.rules";

export type SsoPolicy = "OFF" | "OPTIONAL" | "REQUIRED";

// A certificate that expired still vouches unless the connection says otherwise (SAML-10).
const usableConnection = `
  select 1 from identity_connection c
  where c.org_id = $1 and c.saml_state = 'ACTIVE' and c.deleted_at is null
    and exists (select 1 from idp_certificate k
                where k.org_id = $1 and k.connection_id = c.id and k.status = 'LIVE'
                  and (c.options ->> 'expiredCertificates' is distinct from 'enforce' or upper(k.valid) > $2))`;

const find = statement(
  "enforcement-find",
  `select o.sso_policy as policy, o.sso_paused as paused,
     exists (select 1 from organization_entitlement e
             where e.org_id = $1 and e.feature = 'sso' and e.value > 0) as entitlement,
     exists (${usableConnection}) as connection,
     exists (select 1 from verified_domain d
             where d.org_id = $1 and (d.status = 'VERIFIED'
               or (d.status = 'LAPSED' and d.lapsed_at > $2::timestamptz - make_interval(days => $3)))) as domain
   from organization o where o.org_id = $1`,
);
const breakGlassOwners = statement(
  "break-glass-owners",
  `select m.id as "memberId", m.person_id as "personId"
   from sso_exemption x join member m on m.org_id = x.org_id and m.id = x.subject_id
   where x.org_id = $1 and x.kind = 'BREAK_GLASS' and m.status = 'ACTIVE' and m.role = 'OWNER'
     and m.person_id is not null
   order by m.id`,
);
const setPolicy = statement(
  "enforcement-set",
  `update organization set sso_policy = $2, sso_paused = false, updated_at = $3, version = version + 1
   where org_id = $1`,
);
const setPaused = statement(
  "enforcement-pause",
  `update organization set sso_paused = $2, updated_at = $3, version = version + 1
   where org_id = $1 and sso_policy = 'REQUIRED' and sso_paused <> $2`,
);

// Whom enforcement does not bind: people named, and, where that is switched on, those whose address is in none of the
// organization's domains (SAML-80). Break-glass owners have a door of their own and no exemption from this one.
export const exemptMember = `(
  exists (select 1 from sso_exemption x where x.org_id = $1 and x.kind = 'PERSON' and x.subject_id = m.id)
  or (exists (select 1 from sso_exemption x where x.org_id = $1 and x.kind = 'GUESTS')
      and not exists (select 1 from verified_domain d
                      where d.org_id = $1 and d.status <> 'PENDING'
                        and (split_part(m.login_email_norm, '@', 2) = d.domain
                             or (d.subdomains and m.login_email_norm like '%.' || d.domain)))))`;

const isExempt = statement(
  "enforcement-exempt",
  `select ${exemptMember} as exempt from member m where m.org_id = $1 and m.id = $2`,
);
const shortenLinkSessions = statement(
  "sessions-of-links-shorten",
  `update login_session s set ends_at = least(s.ends_at, now() + make_interval(mins => $2))
   from member m
   where s.org_id = $1 and m.org_id = $1 and m.id = s.member_id and s.method = 'LINK' and s.ended_at is null
     and s.ends_at > now() + make_interval(mins => $2) and not ${exemptMember}`,
);
const tokensExempt = statement(
  "enforcement-tokens-exempt",
  `select 1 from sso_exemption where org_id = $1 and kind = 'API_TOKENS'`,
);
const passedTestRun = statement(
  "saml-test-run-passed",
  `select 1 from saml_test_run r join identity_connection c on c.org_id = r.org_id and c.id = r.connection_id
   where r.org_id = $1 and r.started_by = $2 and r.passed and r.created_at > $3::timestamptz - interval '24 hours'
     and c.deleted_at is null and c.saml_state = 'ACTIVE' limit 1`,
);

export interface EnforcementRow {
  readonly policy: SsoPolicy;
  readonly paused: boolean;
  readonly entitlement: boolean;
  readonly connection: boolean;
  readonly domain: boolean;
}

export async function findEnforcementRow(tx: Tx): Promise<EnforcementRow> {
  return sql(tx).one<EnforcementRow>(find, [tx.orgId, tx.now, lapsedGraceDays]);
}

/** Owners who are listed for break-glass and could act as owners now. */
export async function listBreakGlassOwners(tx: Tx): Promise<{ memberId: MemberId; personId: PersonId }[]> {
  return sql(tx).many<{ memberId: MemberId; personId: PersonId }>(breakGlassOwners, [tx.orgId]);
}

export async function setSsoPolicy(tx: Tx, policy: SsoPolicy): Promise<void> {
  await sql(tx).exec(setPolicy, [tx.orgId, policy, tx.now]);
}

/** Pauses or resumes; false when it stood so already, or nothing is required. */
export async function setSsoPaused(tx: Tx, paused: boolean): Promise<boolean> {
  return (await sql(tx).exec(setPaused, [tx.orgId, paused, tx.now])) === 1;
}

export async function isExemptMember(tx: Tx, id: MemberId): Promise<boolean> {
  return (await sql(tx).maybe<{ exempt: boolean }>(isExempt, [tx.orgId, id]))?.exempt === true;
}

/** Lets the link sessions of everybody who is bound end within some minutes (SAML-82). */
export async function shortenSessionsOfLinks(tx: Tx, minutes: number): Promise<number> {
  return sql(tx).exec(shortenLinkSessions, [tx.orgId, minutes]);
}

export async function areTokensExempt(tx: Tx): Promise<boolean> {
  return (await sql(tx).maybe(tokensExempt, [tx.orgId])) !== undefined;
}

/** Whether this member has tried an active connection with success within a day. */
export async function hasPassedTestRun(tx: Tx, startedBy: MemberId): Promise<boolean> {
  return (await sql(tx).maybe(passedTestRun, [tx.orgId, startedBy, tx.now])) !== undefined;
}

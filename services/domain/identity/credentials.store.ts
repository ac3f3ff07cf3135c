import type { ConnectionId, MemberId, OrgId, PersonId, ScimTokenId, SessionId, TokenId } from "../../kernel/ids";
import type { Role } from "../../platform/caller";
import { lastly, sql, statement } from "../../platform/sql";
import { textRows } from "../../platform/text-rows";
import type { Tx } from "../../platform/unit-of-work";

// A sign-in counts only while its member is ACTIVE and only if it began after the member's last suspension, so that
// ending access is the same commit as suspending (SCIM-187), on every replica, without a list to spread.
const aliveMember = (since: string) => `m.status = 'ACTIVE' and (m.suspended_at is null or ${since} > m.suspended_at)`;

// Expiry is the database's time, the same on all replicas (ruling a13).
const findSession = statement(
  "session-identify",
  `select s.id, s.member_id as "memberId", m.person_id as "personId", m.role, s.method,
     s.connection_id as "connectionId", s.idle_until as "idleUntil", s.ends_at as "endsAt",
     s.idle_until < now() + interval '55 minutes' as "renewalDue"
   from login_session s join member m on m.org_id = s.org_id and m.id = s.member_id
   where s.org_id = $1 and s.secret_hash = $2 and s.ended_at is null and s.idle_until > now() and s.ends_at > now()
     and ${aliveMember("s.created_at")}`,
);
const renewSession = statement(
  "session-renew",
  `update login_session set idle_until = least(ends_at, now() + interval '60 minutes')
   where org_id = $1 and id = $2 and ended_at is null`,
);
const findToken = statement(
  "api-token-identify",
  `select t.id, t.member_id as "memberId", t.role, m.role as "memberRole",
     t.last_used_at is null or t.last_used_at < now() - interval '5 minutes' as "touchDue",
     o.sso_policy = 'REQUIRED' and not o.sso_paused as "ssoRequired"
   from api_token t join organization o on o.org_id = t.org_id
   left join member m on m.org_id = t.org_id and m.id = t.member_id
   where t.org_id = $1 and t.secret_hash = $2 and t.revoked_at is null and t.expires_at > now()
     and (t.member_id is null or (${aliveMember("t.created_at")}))`,
);
const touchToken = statement(
  "api-token-touch",
  `update api_token set last_used_at = now() where org_id = $1 and id = $2`,
);
const findScimToken = statement(
  "scim-token-identify",
  `select t.id, t.name, t.connection_id, c.name, c.preset, c.scim_state, c.preview_org_id, c.role_ceiling,
     o.status, o.seat_policy,
     exists (select 1 from organization_entitlement e
             where e.org_id = $1 and e.feature = 'sso' and e.value > 0),
     t.scopes, t.ip_allow, c.switches, c.options,
     t.last_used_at is null or t.last_used_at < now() - interval '5 minutes'
   from scim_token t
   join identity_connection c on c.org_id = t.org_id and c.id = t.connection_id and c.deleted_at is null
   join organization o on o.org_id = t.org_id
   where t.org_id = $1 and t.secret_hash = $2 and t.connection_id = $3 and t.revoked_at is null
     and (t.expires_at is null or t.expires_at > now())`,
);
const touchScimToken = statement(
  "scim-token-touch",
  `with used as (update scim_token set last_used_at = now() where org_id = $1 and id = $2 returning connection_id)
   update identity_connection c set last_seen_at = now() from used where c.org_id = $1 and c.id = used.connection_id`,
);

export interface SessionRow {
  readonly id: SessionId;
  readonly memberId: MemberId;
  readonly personId: PersonId | null;
  readonly role: Role;
  readonly method: "LINK" | "SAML" | "BREAK_GLASS";
  readonly connectionId: ConnectionId | null;
  readonly idleUntil: Date;
  readonly endsAt: Date;
  readonly renewalDue: boolean;
}

export interface TokenRow {
  readonly id: TokenId;
  readonly memberId: MemberId | null;
  readonly role: Role;
  readonly memberRole: Role | null;
  readonly touchDue: boolean;
  /** Whether it has to be asked if tokens are exempt from single sign-on. */
  readonly ssoRequired: boolean;
}

/** A SCIM token with what its connection and organization allow at this moment. */
export interface ScimTokenRow {
  readonly id: ScimTokenId;
  readonly name: string;
  readonly connectionId: ConnectionId;
  readonly scopes: readonly string[];
  readonly ipAllow: readonly string[];
  readonly connectionName: string;
  readonly preset: string;
  readonly switches: Readonly<Record<string, unknown>>;
  readonly options: Readonly<Record<string, unknown>>;
  readonly scimState: "OFF" | "PREVIEW" | "ON" | "PAUSED";
  /** The copy that requests meet in the state PREVIEW; null while it is made, applied or given up. */
  readonly previewOrgId: OrgId | null;
  readonly roleCeiling: Role;
  readonly organizationStatus: "ACTIVE" | "SUSPENDED" | "CLOSING" | "CLOSED";
  readonly seatPolicy: "refuse" | "waitlist" | "expand" | "free";
  readonly entitled: boolean;
}

/** A live session; its idle time is renewed at most every five minutes. */
export async function identifySession(tx: Tx, hash: Buffer): Promise<SessionRow | undefined> {
  const session = await sql(tx).maybe<SessionRow>(findSession, [tx.orgId, hash]);
  if (session?.renewalDue) lastly(tx, renewSession, [tx.orgId, session.id]);
  return session;
}

/** A live API token; `last_used_at` is written at most every five minutes. */
export async function identifyToken(tx: Tx, hash: Buffer): Promise<TokenRow | undefined> {
  const token = await sql(tx).maybe<TokenRow>(findToken, [tx.orgId, hash]);
  if (token?.touchDue) lastly(tx, touchToken, [tx.orgId, token.id]);
  return token;
}

/** What the database says of a token: each column as it writes it. */
export type TokenTexts = readonly (string | null)[];

/** The live token at the path of a connection; `last_used_at` is written at most every five minutes. */
export async function identifyScimToken(
  tx: Tx,
  hash: Buffer,
  connectionId: ConnectionId,
): Promise<TokenTexts | undefined> {
  const [texts] = await textRows(tx, findScimToken, [tx.orgId, hash, connectionId]);
  if (texts?.at(-1) === "t") lastly(tx, touchScimToken, [tx.orgId, texts[0]]);
  // Whether that is due is no part of what the token allows.
  return texts?.slice(0, -1);
}

/** Reads what `identifyScimToken` answered, in the order of the statement's columns. */
export function tokenOf(texts: TokenTexts): ScimTokenRow {
  const [id, name, connectionId, connectionName, preset, scimState, previewOrgId, roleCeiling, ...more] = texts;
  const [organizationStatus, seatPolicy, entitled, scopes, ipAllow, switches, options] = more;
  const json = (text: string | null | undefined): unknown => JSON.parse(text ?? "null");
  return {
    ...{ id, name, connectionId, connectionName, preset, scimState, previewOrgId, roleCeiling },
    ...{ organizationStatus, seatPolicy, entitled: entitled === "t" },
    ...{ scopes: json(scopes), ipAllow: json(ipAllow), switches: json(switches), options: json(options) },
  } as ScimTokenRow;
}

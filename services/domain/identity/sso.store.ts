import { newId, type ConnectionId, type MemberId } from "../../kernel/ids";
import { sql, statement } from "../../platform/sql";
import type { Tx } from "../../platform/unit-of-work";

export type SsoPurpose = "LOGIN" | "TEST" | "REAUTH" | "LINK";

// The snapshot of the connection that the caller worked with must be the one that stands here, and the organization
// must have what it needs: asked in the statement that acts, so that nothing can change in between.
const liveConnection = (id: string, version: string) => `
  select c.id from identity_connection c
  where c.org_id = $1 and c.id = ${id} and c.version = ${version} and c.deleted_at is null and c.saml_state = 'ACTIVE'
    and exists (select 1 from organization o where o.org_id = $1 and o.status = 'ACTIVE')
    and exists (select 1 from organization_entitlement e where e.org_id = $1 and e.feature = 'sso' and e.value > 0)`;

const addRequest = statement(
  "sso-request-add",
  `insert into sso_request (org_id, id, connection_id, request_id, relay_state, purpose, browser_hash, return_path,
                            status, created_at, expires_at)
   select $1, $4, live.id, $5, $6, $7, $8, $9, 'PENDING', now(), now() + interval '10 minutes'
   from (${liveConnection("$2", "$3")}) live`,
);

export interface NewSsoRequest {
  readonly connectionId: ConnectionId;
  readonly version: string;
  readonly requestId: string;
  readonly relayState: string;
  readonly purpose: SsoPurpose;
  readonly browserHash: Buffer;
  readonly returnPath: string;
}

/** Notes a question to an identity provider; false when the connection is not live in this version. */
export async function insertSsoRequest(tx: Tx, r: NewSsoRequest): Promise<boolean> {
  const keys = [tx.orgId, r.connectionId, r.version, newId("session")];
  const values = [...keys, r.requestId, r.relayState, r.purpose, r.browserHash, r.returnPath];
  return (await sql(tx).exec(addRequest, values)) === 1;
}

// SAML-47, SAML-48 and ruling 11: one statement consumes the request, enters the assertion into the replay list and
// keeps the outcome; of fifty that come at once, one finds the request pending.
const accept = statement(
  "sso-accept",
  `with live as (${liveConnection("$2", "$3")}),
   request as (
     update sso_request r set status = 'CONSUMED' from live
     where r.org_id = $1 and r.connection_id = live.id and r.request_id = $4 and r.status = 'PENDING'
       and r.purpose = 'LOGIN' and r.expires_at > now()
     returning r.id
   ), fresh as (
     insert into sso_replay (org_id, connection_id, assertion_hash, expires_at)
     select $1, $2, $5, greatest($6::timestamptz, now() + interval '15 minutes') from request
     on conflict do nothing
     returning 1
   ), kept as (
     insert into sso_outcome (org_id, code_hash, connection_id, request_id, facts_enc, created_at, expires_at)
     select $1, $7, $2, request.id, $8, now(), now() + interval '60 seconds' from request, fresh
     returning 1
   )
   select exists (select 1 from live) as live, exists (select 1 from request) as taken,
     exists (select 1 from kept) as kept`,
);

export interface Acceptance {
  readonly connectionId: ConnectionId;
  readonly version: string;
  readonly requestId: string;
  readonly assertionHash: Buffer;
  readonly replayableUntil: Date;
  readonly codeHash: Buffer;
  readonly factsSealed: Buffer;
}

export async function acceptRow(tx: Tx, a: Acceptance): Promise<{ live: boolean; taken: boolean; kept: boolean }> {
  const values = [a.requestId, a.assertionHash, a.replayableUntil, a.codeHash, a.factsSealed];
  return sql(tx).one(accept, [tx.orgId, a.connectionId, a.version, ...values]);
}

// Nobody asked for these, so no request is consumed; the replay list alone keeps a second one out (SAML-56). People
// have to read a page and press a button, hence the longer life of the outcome.
const acceptUnasked = statement(
  "sso-accept-unsolicited",
  `with live as (${liveConnection("$2", "$3")} and c.idp_initiated = 'accept'),
   fresh as (
     insert into sso_replay (org_id, connection_id, assertion_hash, expires_at)
     select $1, $2, $4, greatest($5::timestamptz, now() + interval '15 minutes') from live
     on conflict do nothing
     returning 1
   ), kept as (
     insert into sso_outcome (org_id, code_hash, connection_id, request_id, facts_enc, created_at, expires_at)
     select $1, $6, $2, null, $7, now(), now() + interval '5 minutes' from fresh
     returning 1
   )
   select exists (select 1 from live) as live, exists (select 1 from kept) as kept`,
);

/** Takes a response in that answers no request. */
export async function acceptUnaskedRow(
  tx: Tx,
  a: Omit<Acceptance, "requestId">,
): Promise<{ live: boolean; kept: boolean }> {
  const values = [a.assertionHash, a.replayableUntil, a.codeHash, a.factsSealed];
  return sql(tx).one(acceptUnasked, [tx.orgId, a.connectionId, a.version, ...values]);
}

const whyNot = statement(
  "sso-request-look",
  `select r.status, r.purpose, r.expires_at <= now() as expired,
     exists (select 1 from sso_replay p
             where p.org_id = $1 and p.connection_id = $2 and p.assertion_hash = $4) as replayed
   from (select 1) one
   left join sso_request r on r.org_id = $1 and r.connection_id = $2 and r.request_id = $3`,
);

export interface RequestState {
  readonly status: "PENDING" | "CONSUMED" | "BURNT" | null;
  readonly purpose: SsoPurpose | null;
  readonly expired: boolean | null;
  readonly replayed: boolean;
}

/** What became of a request, for the words of a refusal. */
export async function lookAtRequest(tx: Tx, connectionId: ConnectionId, requestId: string, assertionHash: Buffer) {
  return sql(tx).one<RequestState>(whyNot, [tx.orgId, connectionId, requestId, assertionHash]);
}

const fail = statement(
  "sso-request-fail",
  `update sso_request
   set failures = failures + 1, status = case when failures + 1 >= 5 then 'BURNT' else status end
   where org_id = $1 and connection_id = $2 and request_id = $3 and status = 'PENDING'
   returning status`,
);

/** Counts a failed validation against a request; the fifth burns it (SAML-47). */
export async function failRequest(tx: Tx, connectionId: ConnectionId, requestId: string): Promise<boolean> {
  return (await sql(tx).maybe<{ status: string }>(fail, [tx.orgId, connectionId, requestId]))?.status === "BURNT";
}

// A session must not come of a connection that is being switched off at that moment: whoever changes one locks its row
// for update, and completion holds it until its commit. `for key share` lets sign-ins pass each other, also first ones,
// which lock the row against each other later (SAML-12, SAML-87).
const heldConnection = `(select id from identity_connection where org_id = $1 and id = $3 for key share)`;

// Only the browser that asked may fetch the outcome; another one's try leaves it where it is (SAML-53).
const consume = statement(
  "sso-outcome-consume",
  `with used as (
     update sso_outcome u set used_at = now()
     from sso_request r, ${heldConnection} held
     where u.org_id = $1 and u.code_hash = $2 and u.connection_id = $3 and u.used_at is null and u.expires_at > now()
       and r.org_id = $1 and r.id = u.request_id and r.browser_hash = $4
     returning u.facts_enc, r.id, r.relay_state, r.return_path
   )
   select facts_enc as "factsSealed", relay_state as "relayState", return_path as "returnPath" from used`,
);

export interface Outcome {
  readonly factsSealed: Buffer;
  readonly relayState: string;
  readonly returnPath: string;
}

export async function consumeOutcome(
  tx: Tx,
  o: { connectionId: ConnectionId; codeHash: Buffer; browserHash: Buffer },
): Promise<Outcome | undefined> {
  return sql(tx).maybe<Outcome>(consume, [tx.orgId, o.codeHash, o.connectionId, o.browserHash]);
}

const offer = statement(
  "sso-outcome-offer",
  `update sso_outcome set browser_hash = $4
   where org_id = $1 and code_hash = $2 and connection_id = $3 and request_id is null and used_at is null
     and expires_at > now() and (browser_hash is null or browser_hash = $4)
   returning facts_enc as "factsSealed"`,
);
const consumeUnasked = statement(
  "sso-outcome-consume-unsolicited",
  `update sso_outcome set used_at = now()
   from ${heldConnection} held
   where org_id = $1 and code_hash = $2 and connection_id = held.id and request_id is null and browser_hash = $4
     and used_at is null and expires_at > now()
   returning facts_enc as "factsSealed"`,
);

/** Ties an unsolicited outcome to the first browser that comes with its code, and shows what it holds. */
export async function offerOutcome(
  tx: Tx,
  o: { connectionId: ConnectionId; codeHash: Buffer; browserHash: Buffer },
): Promise<{ factsSealed: Buffer } | undefined> {
  return sql(tx).maybe(offer, [tx.orgId, o.codeHash, o.connectionId, o.browserHash]);
}

/** Spends an unsolicited outcome, in the browser that was asked. */
export async function consumeUnaskedOutcome(
  tx: Tx,
  o: { connectionId: ConnectionId; codeHash: Buffer; browserHash: Buffer },
): Promise<{ factsSealed: Buffer } | undefined> {
  return sql(tx).maybe(consumeUnasked, [tx.orgId, o.codeHash, o.connectionId, o.browserHash]);
}

const isWaiting = statement(
  "sso-outcome-waiting",
  `select 1 as one from sso_outcome
   where org_id = $1 and code_hash = $2 and connection_id = $3 and used_at is null and expires_at > now()`,
);

/** Whether an outcome waits under a code, for another browser than the one that came. */
export async function outcomeWaits(tx: Tx, connectionId: ConnectionId, codeHash: Buffer): Promise<boolean> {
  return (await sql(tx).maybe(isWaiting, [tx.orgId, codeHash, connectionId])) !== undefined;
}

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
   select m.id as "memberId", m.status, coalesce(m.managed_by = $5, false) as "managedHere",
     m.managed_by is not null as managed, m.id in (select id from named) as "byUserName",
     m.id in (select id from addressed) as "byEmail", m.id in (select id from external) as "byExternalId",
     exists (select 1 from sso_exemption x
             where x.org_id = $1 and x.kind = 'BREAK_GLASS' and x.subject_id = m.id) as "breakGlass"
   from member m
   where m.org_id = $1
     and m.id in (select id from external union select id from addressed union select id from named)
   for share of m`,
);

export interface MatchedMember {
  readonly memberId: MemberId;
  readonly status: "INVITED" | "ACTIVE" | "SUSPENDED" | "REMOVED";
  /** Whether SCIM over this very connection brought them: the same identity provider vouches twice. */
  readonly managedHere: boolean;
  readonly managed: boolean;
  readonly byUserName: boolean;
  readonly byEmail: boolean;
  readonly byExternalId: boolean;
  readonly breakGlass: boolean;
}

/** Members whom the assertion may mean. */
export async function matchMembers(
  tx: Tx,
  by: { nameId: string; userNameKey: string; emailNorm: string | null; connectionId: ConnectionId },
): Promise<MatchedMember[]> {
  const values = [tx.orgId, by.userNameKey, by.emailNorm, by.nameId, by.connectionId];
  return sql(tx).many<MatchedMember>(matchMember, values);
}

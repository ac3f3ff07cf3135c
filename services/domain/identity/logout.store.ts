import { newId, type ConnectionId, type MemberId, type SessionId } from "../../kernel/ids";
import { sql, statement } from "../../platform/sql";
import type { Tx } from "../../platform/unit-of-work";
import type { NameIdFact } from "./assertion-facts";

const findSession = statement(
  "session-for-logout",
  `select connection_id as "connectionId", name_id as "nameId", session_index as "sessionIndex"
   from login_session
   where org_id = $1 and id = $2 and method = 'SAML' and connection_id is not null and name_id is not null`,
);

export interface SamlSession {
  readonly connectionId: ConnectionId;
  readonly nameId: NameIdFact;
  readonly sessionIndex: string | null;
}

/** What the identity provider has to be told about a session that it brought about. */
export async function findSamlSession(tx: Tx, id: SessionId): Promise<SamlSession | undefined> {
  return sql(tx).maybe<SamlSession>(findSession, [tx.orgId, id]);
}

const addPending = statement(
  "logout-request-add",
  `insert into sso_request (org_id, id, connection_id, request_id, relay_state, purpose, browser_hash, return_path,
                            status, created_at, expires_at)
   values ($1, $2, $3, $4, $5, 'LOGOUT', $6, '/', 'PENDING', now(), now() + interval '10 minutes')`,
);
const finish = statement(
  "logout-request-finish",
  `update sso_request set status = 'CONSUMED'
   where org_id = $1 and connection_id = $2 and request_id = $3 and purpose = 'LOGOUT' and status = 'PENDING'
     and expires_at > now()`,
);

/** Notes that a logout waits for the identity provider's answer. */
export async function insertLogoutRequest(
  tx: Tx,
  r: { connectionId: ConnectionId; requestId: string; relayState: string },
): Promise<void> {
  // No browser is bound: the answer changes nothing, it only ends the waiting.
  const unbound = Buffer.alloc(32);
  await sql(tx).exec(addPending, [tx.orgId, newId("session"), r.connectionId, r.requestId, r.relayState, unbound]);
}

/** Ends the waiting, once. */
export async function finishLogoutRequest(tx: Tx, connectionId: ConnectionId, requestId: string): Promise<boolean> {
  return (await sql(tx).exec(finish, [tx.orgId, connectionId, requestId])) === 1;
}

const remember = statement(
  "logout-replay-add",
  `insert into sso_replay (org_id, connection_id, assertion_hash, expires_at) values ($1, $2, $3, $4)
   on conflict do nothing`,
);

/** Enters a message into the replay list; false when it stands there. */
export async function rememberMessage(tx: Tx, id: ConnectionId, hash: Buffer, until: Date): Promise<boolean> {
  return (await sql(tx).exec(remember, [tx.orgId, id, hash, until])) === 1;
}

// Only sessions of this connection: another tenant's identity provider, or another one of the same tenant, may name
// whom it likes (SAML-A77). A format that one side left out does not keep a session alive.
const endNamed = statement(
  "sessions-end-of-name",
  `update login_session set ended_at = now(), end_reason = 'SINGLE_LOGOUT'
   where org_id = $1 and connection_id = $2 and name_id_key = $3 and ended_at is null
     and ($4::text is null or name_id ->> 'format' is null or name_id ->> 'format' = $4)
     and (cardinality($5::text[]) = 0 or session_index = any ($5))
   returning member_id as "memberId"`,
);

/** Ends the sessions that an identity provider names; answers whose they were. */
export async function endSessionsOfName(
  tx: Tx,
  id: ConnectionId,
  name: { key: string; format: string | null; sessionIndexes: readonly string[] },
): Promise<MemberId[]> {
  const rows = await sql(tx).many<{ memberId: MemberId }>(endNamed, [
    tx.orgId,
    id,
    name.key,
    name.format,
    name.sessionIndexes,
  ]);
  return rows.map((row) => row.memberId);
}

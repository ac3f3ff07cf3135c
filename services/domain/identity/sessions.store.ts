import type { ConnectionId, MemberId, SessionId } from "../../kernel/ids";
import type { Role } from "../../platform/caller";
import { sql, statement } from "../../platform/sql";
import type { Tx } from "../../platform/unit-of-work";

// The member is held until the commit: a suspension under way is waited for, and one that comes next is later than this.
const add = statement(
  "session-add",
  `with alive as (
     select id from member where org_id = $1 and id = $3 and status = 'ACTIVE' for share
   )
   insert into login_session (org_id, id, member_id, secret_hash, method, connection_id, name_id_key, name_id,
     session_index, auth_context, auth_at, idle_until, ends_at, created_at)
   select $1, $2, alive.id, $4, $5, $6, $7, $8, $9, $10, coalesce($11, now()),
     now() + interval '60 minutes',
     least(now() + interval '12 hours', $12::timestamptz, now() + make_interval(mins => $13)), now()
   from alive
   returning idle_until as "idleUntil", ends_at as "endsAt"`,
);
const endOne = statement(
  "session-end",
  `update login_session set ended_at = now(), end_reason = $3
   where org_id = $1 and id = $2 and ended_at is null returning member_id as "memberId"`,
);
const endOfMember = statement(
  "sessions-end-of-member",
  `update login_session set ended_at = now(), end_reason = $3 where org_id = $1 and member_id = $2 and ended_at is null`,
);

// Ages of sign-ins are the database's time, as their expiry is (ruling a13).
const proofOf = statement(
  "session-proof",
  `select method, connection_id as "connectionId", auth_at > now() - make_interval(mins => $3) as fresh from login_session
   where org_id = $1 and id = $2 and ended_at is null`,
);
const endOfConnection = statement(
  "sessions-end-of-connection",
  `update login_session set ended_at = now(), end_reason = $3
   where org_id = $1 and connection_id = $2 and ended_at is null and id is distinct from $4`,
);

const openOne = statement(
  "session-open",
  `select s.member_id as "memberId", m.role from login_session s
   join member m on m.org_id = s.org_id and m.id = s.member_id
   where s.org_id = $1 and s.id = $2 and s.ended_at is null for no key update of s`,
);

export type SessionMethod = "LINK" | "SAML" | "BREAK_GLASS";

export interface NewSession {
  readonly id: SessionId;
  readonly memberId: MemberId;
  readonly hash: Buffer;
  readonly method: SessionMethod;
  readonly connectionId?: ConnectionId;
  readonly nameIdKey?: string;
  readonly nameId?: Readonly<Record<string, unknown>>;
  readonly sessionIndex?: string;
  readonly authContext?: string;
  readonly authAt?: Date;
  /** An earlier end than 12 hours, e.g. the assertion's SessionNotOnOrAfter (SAML-86). */
  readonly endsAt?: Date;
  /** A shorter life than 12 hours, by the database's time. */
  readonly validMinutes?: number;
}

/** Answers nothing where the member is not active (any more). */
export async function insertSession(tx: Tx, s: NewSession): Promise<{ idleUntil: Date; endsAt: Date } | undefined> {
  return sql(tx).maybe<{ idleUntil: Date; endsAt: Date }>(add, [
    tx.orgId,
    s.id,
    s.memberId,
    s.hash,
    s.method,
    s.connectionId ?? null,
    s.nameIdKey ?? null,
    s.nameId ? JSON.stringify(s.nameId) : null,
    s.sessionIndex ?? null,
    s.authContext ?? null,
    s.authAt ?? null,
    s.endsAt ?? null,
    s.validMinutes ?? null,
  ]);
}

export async function endSessionRow(tx: Tx, id: SessionId, reason: string): Promise<MemberId | undefined> {
  return (await sql(tx).maybe<{ memberId: MemberId }>(endOne, [tx.orgId, id, reason]))?.memberId;
}

export async function endSessionsOfMember(tx: Tx, memberId: MemberId, reason: string): Promise<number> {
  return sql(tx).exec(endOfMember, [tx.orgId, memberId, reason]);
}

interface SessionProof {
  readonly method: SessionMethod;
  readonly connectionId: ConnectionId | null;
  readonly fresh: boolean;
}

/** How a session began, and whether that was within the last minutes. */
export async function findSessionProof(tx: Tx, id: SessionId, minutes: number): Promise<SessionProof | undefined> {
  return sql(tx).maybe<SessionProof>(proofOf, [tx.orgId, id, minutes]);
}

/**
 * Ends every session that a connection has brought about, but for one that is named; takes effect with the commit, on
 * all replicas (SAML-12).
 */
export async function endSessionsOfConnection(
  tx: Tx,
  id: ConnectionId,
  reason: string,
  except: SessionId | null = null,
): Promise<number> {
  return sql(tx).exec(endOfConnection, [tx.orgId, id, reason, except]);
}

const deleteOfMember = statement(
  "sessions-delete-of-member",
  `delete from login_session where org_id = $1 and member_id = $2`,
);

export async function deleteSessionsOfMember(tx: Tx, memberId: MemberId): Promise<number> {
  return sql(tx).exec(deleteOfMember, [tx.orgId, memberId]);
}

/** Whose open session it is. */
export async function lockOpenSession(tx: Tx, id: SessionId): Promise<{ memberId: MemberId; role: Role } | undefined> {
  return sql(tx).maybe<{ memberId: MemberId; role: Role }>(openOne, [tx.orgId, id]);
}

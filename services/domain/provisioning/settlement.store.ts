import type { ConnectionId, MemberId } from "../../kernel/ids";
import { sql, statement } from "../../platform/sql";
import type { Tx } from "../../platform/unit-of-work";

export type Settlement = "KEEP" | "DEACTIVATE";

/** A connection with the members whom it manages still. */
export interface LeftBehindConnection {
  readonly id: ConnectionId;
  readonly name: string;
  readonly provisions: boolean;
  readonly members: number;
}

const find = statement(
  "settlement-find",
  `select c.id, c.name, c.deleted_at is null and c.scim_state <> 'OFF' as provisions,
     (select count(*)::integer from member m
      where m.org_id = $1 and m.managed_by = c.id and m.status <> 'REMOVED') as members
   from identity_connection c where c.org_id = $1 and c.id = $2 for no key update of c`,
);
const decide = statement(
  "settlement-decide",
  `update identity_connection set settlement = $3, updated_at = $4 where org_id = $1 and id = $2`,
);
const next = statement(
  "settlement-next",
  `select c.id as "connectionId", c.settlement, m.id as "memberId", m.status, m.role
   from identity_connection c
   join member m on m.org_id = $1 and m.managed_by = c.id and m.status <> 'REMOVED'
   where c.org_id = $1 and c.settlement is not null and (c.deleted_at is not null or c.scim_state = 'OFF')
   order by c.id, m.role = 'OWNER', m.id limit 1 for no key update of m`,
);
const release = statement(
  "settlement-release",
  `update member set managed_by = null, updated_at = $3, version = version + 1 where org_id = $1 and id = $2`,
);
const finish = statement(
  "settlement-finish",
  `with groups as (
     update member_group g set managed_by = null, updated_at = $2, version = g.version + 1
     from identity_connection c
     where g.org_id = $1 and c.org_id = $1 and c.id = g.managed_by and c.settlement is not null and g.deleted_at is null
       and (c.deleted_at is not null or c.scim_state = 'OFF')
   )
   update identity_connection c set settlement = null
   where c.org_id = $1 and c.settlement is not null and (
     (c.deleted_at is null and c.scim_state <> 'OFF')
     or not exists (select 1 from member m where m.org_id = $1 and m.managed_by = c.id and m.status <> 'REMOVED'))`,
);
const noteOnce = statement(
  "settlement-note-once",
  `insert into notice_sent (org_id, subject_id, threshold, sent_at) values ($1, $2, 'LEFT_BEHIND', $3)
   on conflict do nothing`,
);
const forgetNote = statement(
  "settlement-forget-note",
  `delete from notice_sent where org_id = $1 and subject_id = $2 and threshold = 'LEFT_BEHIND'`,
);

/** A connection, deleted or not, locked until the unit ends. */
export async function findLeftBehind(tx: Tx, id: ConnectionId): Promise<LeftBehindConnection | undefined> {
  return sql(tx).maybe<LeftBehindConnection>(find, [tx.orgId, id]);
}

export async function writeSettlement(tx: Tx, id: ConnectionId, settlement: Settlement): Promise<void> {
  await sql(tx).exec(decide, [tx.orgId, id, settlement, tx.now]);
}

export interface MemberToSettle {
  readonly connectionId: ConnectionId;
  readonly settlement: Settlement;
  readonly memberId: MemberId;
  readonly status: "INVITED" | "ACTIVE" | "SUSPENDED";
  readonly role: "OWNER" | "ADMIN" | "MEMBER";
}

/** The next member of a connection that was decided about; owners last. */
export async function nextToSettle(tx: Tx): Promise<MemberToSettle | undefined> {
  return sql(tx).maybe<MemberToSettle>(next, [tx.orgId]);
}

/** Makes a member a local one. */
export async function releaseMember(tx: Tx, id: MemberId): Promise<void> {
  await sql(tx).exec(release, [tx.orgId, id, tx.now]);
}

/** Makes the groups local as well; nothing is left to decide. */
export async function finishSettlements(tx: Tx): Promise<void> {
  await sql(tx).exec(finish, [tx.orgId, tx.now]);
}

/** Notes that somebody was asked; false when they were asked already. */
export async function noteAsked(tx: Tx, id: ConnectionId): Promise<boolean> {
  return (await sql(tx).exec(noteOnce, [tx.orgId, id, tx.now])) === 1;
}

export async function forgetAsked(tx: Tx, id: ConnectionId): Promise<void> {
  await sql(tx).exec(forgetNote, [tx.orgId, id]);
}

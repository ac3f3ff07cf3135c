import type { ConnectionId, GroupId, MemberId } from "../../kernel/ids";
import { massStatement, sql } from "../../platform/sql";
import type { Tx } from "../../platform/unit-of-work";

export interface DriftedMember {
  readonly id: MemberId;
  readonly userName: string;
  readonly displayName: string | null;
  /** When the connection wrote it last; null where it never has. */
  readonly lastSeenAt: Date | null;
  readonly updatedAt: Date;
  readonly total: number;
}

export interface DriftedGroup {
  readonly id: GroupId;
  readonly displayName: string;
  readonly members: number;
  /** Of them, those that the connection knows. */
  readonly knownMembers: number;
  readonly lastSeenAt: Date;
  readonly updatedAt: Date;
  readonly total: number;
}

const member = `m.id, m.user_name as "userName", m.display_name as "displayName", l.last_seen_at as "lastSeenAt",
  m.updated_at as "updatedAt", count(*) over ()::integer as total`;
const link = `provisioning_link l on l.org_id = m.org_id and l.connection_id = $2 and l.kind = 'MEMBER'
  and l.resource_id = m.id`;

const unknown = massStatement(
  "drift-unknown",
  `select ${member} from member m left join ${link}
   where m.org_id = $1 and m.status = 'ACTIVE' and l.resource_id is null
   order by m.created_at, m.id limit $3`,
);
const unseen = massStatement(
  "drift-unseen",
  `select ${member} from member m join ${link}
   where m.org_id = $1 and m.status = 'ACTIVE' and l.last_seen_at < $4
   order by l.last_seen_at, m.id limit $3`,
);
// A write by the connection sets both times to the same instant; whatever came later was not the connection.
const changed = massStatement(
  "drift-changed",
  `select ${member} from member m join ${link}
   where m.org_id = $1 and m.status <> 'REMOVED' and m.updated_at > l.last_seen_at
   order by m.updated_at desc, m.id limit $3`,
);
const groups = massStatement(
  "drift-groups",
  `with counted as (
     select g.id, g.display_name as "displayName", l.last_seen_at as "lastSeenAt", g.updated_at as "updatedAt",
       count(e.child_id)::integer as members, count(k.resource_id)::integer as "knownMembers"
     from provisioning_link l
     join member_group g on g.org_id = l.org_id and g.id = l.resource_id and g.deleted_at is null
     left join group_member e on e.org_id = g.org_id and e.group_id = g.id
     left join provisioning_link k on k.org_id = e.org_id and k.connection_id = $2 and k.kind = e.child_kind
       and k.resource_id = e.child_id
     where l.org_id = $1 and l.connection_id = $2 and l.kind = 'GROUP'
     group by g.id, g.display_name, l.last_seen_at, g.updated_at)
   select *, count(*) over ()::integer as total from counted
   where members <> "knownMembers" or "updatedAt" > "lastSeenAt"
   order by "displayName", id limit $3`,
);

/** Active members that the connection has never written. */
export async function unknownMembers(tx: Tx, id: ConnectionId, first: number): Promise<DriftedMember[]> {
  return sql(tx).many<DriftedMember>(unknown, [tx.orgId, id, first]);
}

/** Active members that it has not written since. */
export async function unseenMembers(tx: Tx, id: ConnectionId, first: number, since: Date): Promise<DriftedMember[]> {
  return sql(tx).many<DriftedMember>(unseen, [tx.orgId, id, first, since]);
}

/** Members that somebody else changed after its last write. */
export async function locallyChangedMembers(tx: Tx, id: ConnectionId, first: number): Promise<DriftedMember[]> {
  return sql(tx).many<DriftedMember>(changed, [tx.orgId, id, first]);
}

/** Groups of the connection with people in them that it does not know, or that somebody else changed. */
export async function driftedGroups(tx: Tx, id: ConnectionId, first: number): Promise<DriftedGroup[]> {
  return sql(tx).many<DriftedGroup>(groups, [tx.orgId, id, first]);
}

import type { ConnectionId, MemberId } from "../../kernel/ids";
import { shapedStatement } from "../../platform/shaped-statement";
import { sql, statement } from "../../platform/sql";
import type { Tx } from "../../platform/unit-of-work";
import { memberColumns } from "../members";
import type { GroupsAsked, ListQuery, ProvisionedMember } from "./provisioned";

const directGroups = `(select jsonb_agg(jsonb_build_object('id', g.id, 'displayName', g.display_name, 'direct', true)
                                        order by g.name_key)
    from group_member e join member_group g on g.org_id = e.org_id and g.id = e.group_id and g.deleted_at is null
    where e.org_id = m.org_id and e.child_kind = 'MEMBER' and e.child_id = m.id)`;
// Groups within groups may form circles: they are walked to a depth of eight (SCIM-065, ruling d5).
const allGroups = `(with recursive up (id, depth) as (
      select e.group_id, 1 from group_member e
      where e.org_id = m.org_id and e.child_kind = 'MEMBER' and e.child_id = m.id
      union
      select e.group_id, up.depth + 1 from up
      join group_member e on e.org_id = m.org_id and e.child_kind = 'GROUP' and e.child_id = up.id
      where up.depth < 8
    ), nearest as (select id, min(depth) as depth from up group by id)
    select jsonb_agg(jsonb_build_object('id', g.id, 'displayName', g.display_name, 'direct', n.depth = 1)
                     order by n.depth > 1, g.name_key)
    from nearest n join member_group g on g.org_id = m.org_id and g.id = n.id and g.deleted_at is null)`;

const groupsColumn: Readonly<Record<GroupsAsked, string>> = {
  none: "null::jsonb",
  direct: `coalesce(${directGroups}, '[]')`,
  all: `coalesce(${allGroups}, '[]')`,
};

// `connection` is the parameter that holds the asking connection's id.
const columnsOf = (connection: string, groups: GroupsAsked): string => `${memberColumns},
  (select l.external_id from provisioning_link l
   where l.org_id = m.org_id and l.connection_id = ${connection} and l.kind = 'MEMBER' and l.resource_id = m.id)
    as "externalId",
  (select s.plan_code from licence_assignment a
   join subscription s on s.org_id = a.org_id and s.id = a.subscription_id
   where a.org_id = m.org_id and a.member_id = m.id and a.kind = 'SERVICE' and a.ended_at is null) as "planCode",
  exists (select 1 from seat_wait w where w.org_id = m.org_id and w.member_id = m.id) as "isWaiting",
  (select c.name from identity_connection c where c.org_id = m.org_id and c.id = m.managed_by) as "managedByName",
  exists (select 1 from invitation i
          where i.org_id = m.org_id and i.member_id = m.id and i.status = 'ACCEPTED') as "hasAccepted",
  null as manager,
  ${groupsColumn[groups]} as groups`;

const one = (groups: GroupsAsked) =>
  statement(
    `provisioned-member-${groups}`,
    `select ${columnsOf("$2", groups)} from member m where m.org_id = $1 and m.id = $3 and m.status <> 'REMOVED'`,
  );
const find = { none: one("none"), direct: one("direct"), all: one("all") } as const;
// Locked before it is read: a statement that waits for the lock and reads at once has looked at the elements of the
// lists before it waited, and ten parallel changes would leave one (measured).
const lock = statement(
  "provisioned-member-lock",
  `select from member m where m.org_id = $1 and m.id = $2 and m.status <> 'REMOVED' for no key update`,
);
const managers = statement(
  "provisioned-managers",
  `select m.id, coalesce(m.display_name, m.user_name) as name from member m
   where m.org_id = $1 and m.id = any ($2::uuid[]) and m.status <> 'REMOVED'`,
);

export async function findProvisionedRow(
  tx: Tx,
  connectionId: ConnectionId,
  id: MemberId,
  groups: GroupsAsked,
): Promise<ProvisionedMember | undefined> {
  return sql(tx).maybe<ProvisionedMember>(find[groups], [tx.orgId, connectionId, id]);
}

export async function lockProvisionedRow(
  tx: Tx,
  connectionId: ConnectionId,
  id: MemberId,
): Promise<ProvisionedMember | undefined> {
  await sql(tx).exec(lock, [tx.orgId, id]);
  return findProvisionedRow(tx, connectionId, id, "none");
}

/** One page of members. The ids are chosen first, on the index; the columns are read for that page only. */
export async function pageOfMembers(
  tx: Tx,
  connectionId: ConnectionId,
  query: ListQuery,
  groups: GroupsAsked,
): Promise<ProvisionedMember[]> {
  const [connection, limit, offset] = [2, 3, 4].map((n) => `$${n + query.values.length}`) as [string, string, string];
  const text = `with page as materialized (
      select r.id, row_number() over (order by ${query.orderBy}) as n from member r
      where r.org_id = $1 and r.status <> 'REMOVED' and ${query.where}
      order by ${query.orderBy} limit ${limit} offset ${offset}
    )
    select ${columnsOf(connection, groups)} from page p join member m on m.org_id = $1 and m.id = p.id order by p.n`;
  const values = [tx.orgId, ...query.values, connectionId, query.limit, query.offset];
  return sql(tx).many<ProvisionedMember>(shapedStatement("provisioned-members-page", text), values);
}

export async function countMembers(tx: Tx, { where, values }: ListQuery): Promise<number> {
  const text = `select count(*)::integer as total from member r
    where r.org_id = $1 and r.status <> 'REMOVED' and ${where}`;
  const counting = shapedStatement("provisioned-members-count", text);
  return (await sql(tx).one<{ total: number }>(counting, [tx.orgId, ...values])).total;
}

export async function findManagers(tx: Tx, ids: readonly MemberId[]): Promise<{ id: MemberId; name: string }[]> {
  return sql(tx).many<{ id: MemberId; name: string }>(managers, [tx.orgId, ids]);
}

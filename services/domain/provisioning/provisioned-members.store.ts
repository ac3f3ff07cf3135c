import type { ConnectionId, MemberId } from "../../kernel/ids";
import { shapedStatement } from "../../platform/shaped-statement";
import { sql, statement } from "../../platform/sql";
import type { Tx } from "../../platform/unit-of-work";
import { memberColumns } from "../members";
import { shapeOf, typesOf } from "./list-shape";
import type { GroupsAsked, ListQuery, Placed, ProvisionedMember } from "./provisioned";

/** A member without what is looked up for few. */
export type MemberRow = Omit<ProvisionedMember, "manager" | "isWaiting" | "managedByName" | "hasAccepted">;

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

// `connection` is the parameter that holds the asking connection's id. What few members have (a manager, a place in the
// line, another connection, an accepted invitation) is read for those only: see members-details.store.ts.
const columnsOf = (connection: string, groups: GroupsAsked): string => `${memberColumns},
  (select l.external_id from provisioning_link l
   where l.org_id = m.org_id and l.connection_id = ${connection} and l.kind = 'MEMBER' and l.resource_id = m.id)
    as "externalId",
  (select s.plan_code from licence_assignment a
   join subscription s on s.org_id = a.org_id and s.id = a.subscription_id
   where a.org_id = m.org_id and a.member_id = m.id and a.kind = 'SERVICE' and a.ended_at is null) as "planCode",
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

export async function findProvisionedRow(
  tx: Tx,
  connectionId: ConnectionId,
  id: MemberId,
  groups: GroupsAsked,
): Promise<MemberRow | undefined> {
  return sql(tx).maybe<MemberRow>(find[groups], [tx.orgId, connectionId, id]);
}

export async function lockProvisionedRow(
  tx: Tx,
  connectionId: ConnectionId,
  id: MemberId,
  groups: GroupsAsked,
): Promise<MemberRow | undefined> {
  const [, row] = await Promise.all([
    sql(tx).exec(lock, [tx.orgId, id]),
    findProvisionedRow(tx, connectionId, id, groups),
  ]);
  return row;
}

/** One page of members. */
export async function pageOfMembers(
  tx: Tx,
  connectionId: ConnectionId,
  query: ListQuery,
  groups: GroupsAsked,
): Promise<Placed<MemberRow>[]> {
  const shape = `${groups}|${shapeOf(query)}`;
  const values = [tx.orgId, ...query.values, connectionId, query.limit];
  if (query.offset === 0) {
    const first = shapedStatement("provisioned-members-first", shape, () => firstPage(query, groups));
    return sql(tx).many<Placed<MemberRow>>(first, values);
  }
  const page = shapedStatement("provisioned-members-page", shape, () => laterPage(query, groups));
  return sql(tx).many<Placed<MemberRow>>(page, [...values, query.offset]);
}

const chosen = (where: string): string => `m.org_id = $1 and m.status <> 'REMOVED' and ${where}`;

function firstPage({ where, keyset, orderBy, sortValue, values }: ListQuery, groups: GroupsAsked): string {
  const columns = columnsOf(`$${values.length + 2}`, groups);
  return `select ${columns}, ${sortValue} as "sortValue" from member m
    where ${chosen(where)} and ${keyset} order by ${orderBy} limit $${values.length + 3}`;
}

// The ids are chosen first, on the index; the columns of the rows that are skipped are never made.
function laterPage({ where, orderBy, sortValue, values }: ListQuery, groups: GroupsAsked): string {
  const n = values.length;
  return `with page as materialized (
      select m.id, row_number() over (order by ${orderBy}) as n from member m
      where ${chosen(where)} order by ${orderBy} limit $${n + 3} offset $${n + 4}
    )
    select ${columnsOf(`$${n + 2}`, groups)}, ${sortValue} as "sortValue"
    from page p join member m on m.org_id = $1 and m.id = p.id order by p.n`;
}

export async function countMembers(tx: Tx, query: ListQuery): Promise<number> {
  const counting = shapedStatement(
    "provisioned-members-count",
    shapeOf(query),
    () => `select count(*)::integer as total from member m where ${chosen(query.where)}${typesOf(query)}`,
  );
  return (await sql(tx).one<{ total: number }>(counting, [tx.orgId, ...query.values])).total;
}

import type { ConnectionId, GroupId } from "../../kernel/ids";
import { shapedStatement } from "../../platform/shaped-statement";
import { together } from "../../platform/open-client";
import { massStatement, sql, statement } from "../../platform/sql";
import type { Tx } from "../../platform/unit-of-work";
import { groupColumns } from "../groups";
import { shapeOf, typesOf } from "./list-shape";
import type { ChildOfGroup, ListQuery, Placed, ProvisionedGroup } from "./provisioned";

const edgesWithNames = `from group_member e
    left join member c on e.child_kind = 'MEMBER' and c.org_id = e.org_id and c.id = e.child_id
    left join member_group g on e.child_kind = 'GROUP' and g.org_id = e.org_id and g.id = e.child_id`;
const nameOfChild = "coalesce(c.display_name, c.user_name, g.display_name)";

// A member that was removed leaves no edge behind; a deleted group does not either.
const members = `coalesce((select jsonb_agg(jsonb_build_object('kind', e.child_kind, 'id', e.child_id,
      'display', ${nameOfChild}) order by e.child_kind desc, e.child_id)
    ${edgesWithNames} where e.org_id = m.org_id and e.group_id = m.id), '[]')`;

const hasRule = (target: string) =>
  `exists (select 1 from group_rule k where k.org_id = m.org_id and k.group_id = m.id and k.target = '${target}')`;

const columnsOf = (connection: string, membersColumn: string): string => `${groupColumns},
  (select l.external_id from provisioning_link l
   where l.org_id = m.org_id and l.connection_id = ${connection} and l.kind = 'GROUP' and l.resource_id = m.id)
    as "externalId",
  case when ${hasRule("ROLE")} then 'role' when ${hasRule("LICENCE")} then 'licence' else 'team' end as kind,
  ${membersColumn} as members`;

const one = (label: string, membersColumn: string) =>
  statement(
    `provisioned-group-${label}`,
    `select ${columnsOf("$2", membersColumn)} from member_group m
     where m.org_id = $1 and m.id = $3 and m.deleted_at is null`,
  );
const findBare = one("bare", "null::jsonb");
// More than these come through a cursor, a part at a time: one row of 100,000 members is 12 MB, and reading, turning and
// writing it held the process for half a second (measured). The names are joined as sets: row by row, in an organization
// that PostgreSQL had not counted yet, 12,000 of them took 14 s.
const wholeMax = 1_000;
const findWhole = one("whole", `case when m.member_count <= ${wholeMax} then ${members} end`);

const childrenAtOnce = 2_000;
const openChildren = massStatement(
  "provisioned-group-children-open",
  `declare group_children no scroll cursor for
   select e.child_kind as kind, e.child_id as id, ${nameOfChild} as display
   ${edgesWithNames} where e.org_id = $1 and e.group_id = $2`,
);
const nextChildren = statement(
  "provisioned-group-children-next",
  `fetch forward ${childrenAtOnce} from group_children`,
);
const closeChildren = statement("provisioned-group-children-close", `close group_children`);

/** A group; its members are not touched unless they are asked for, and are null where they are too many (SCIM-103). */
export async function findProvisionedGroupRow(
  tx: Tx,
  connectionId: ConnectionId,
  id: GroupId,
  withMembers: boolean,
): Promise<ProvisionedGroup | undefined> {
  const values = [tx.orgId, connectionId, id];
  return sql(tx).maybe<ProvisionedGroup>(withMembers ? findWhole : findBare, values);
}

/** Hands on the members of a large group, part by part, all as they were at one moment. */
export async function walkChildren(
  tx: Tx,
  id: GroupId,
  each: (children: readonly ChildOfGroup[]) => void,
): Promise<void> {
  together(tx);
  await sql(tx).exec(openChildren, [tx.orgId, id]);
  for (let read = childrenAtOnce; read === childrenAtOnce;) {
    const children = await sql(tx).many<ChildOfGroup>(nextChildren);
    each(children);
    read = children.length;
  }
  await sql(tx).exec(closeChildren);
}

/** One page of groups; a group with more members than `membersMax` comes without them (SCIM-104). */
export async function pageOfGroups(
  tx: Tx,
  connectionId: ConnectionId,
  query: ListQuery,
  membersMax: number | "none",
): Promise<Placed<ProvisionedGroup>[]> {
  const bare = membersMax === "none";
  const shape = `${bare ? "bare" : "guarded"}|${shapeOf(query)}`;
  const page = shapedStatement("provisioned-groups-page", shape, () => pageText(query, bare));
  const values = [tx.orgId, ...query.values, connectionId, query.limit, query.offset];
  return sql(tx).many<Placed<ProvisionedGroup>>(page, bare ? values : [...values, membersMax]);
}

const chosen = (where: string): string => `m.org_id = $1 and m.deleted_at is null and ${where}`;

function pageText({ where, keyset, orderBy, sortValue, values }: ListQuery, bare: boolean): string {
  const n = values.length;
  const column = bare ? "null::jsonb" : `case when m.member_count <= $${n + 5}::bigint then ${members} end`;
  return `with page as materialized (
      select m.id, row_number() over (order by ${orderBy}) as n from member_group m
      where ${chosen(where)} and ${keyset} order by ${orderBy} limit $${n + 3} offset $${n + 4}
    )
    select ${columnsOf(`$${n + 2}`, column)}, ${sortValue} as "sortValue" from page p
    join member_group m on m.org_id = $1 and m.id = p.id order by p.n`;
}

export async function countGroups(tx: Tx, query: ListQuery): Promise<number> {
  const counting = shapedStatement(
    "provisioned-groups-count",
    shapeOf(query),
    () => `select count(*)::integer as total from member_group m where ${chosen(query.where)}${typesOf(query)}`,
  );
  return (await sql(tx).one<{ total: number }>(counting, [tx.orgId, ...query.values])).total;
}

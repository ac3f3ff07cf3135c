import type { GroupId } from "../../kernel/ids";
import { shapedStatement } from "../../platform/shaped-statement";
import { massStatement, sql, statement, type Statement } from "../../platform/sql";
import type { Tx } from "../../platform/unit-of-work";
import type { GroupChild, RowCondition } from "./group";

// Who is to be added and is not there yet. The share lock makes a removal of the same member wait for us or us for it:
// no edge may outlive its member (SCIM-170). Always in the order of ids, before any group row is touched.
const adding = `missing as (
    select w.kind, w.id from wanted w
    where not exists (
      select 1 from group_member e
      where e.org_id = $1 and e.group_id = $2 and e.child_kind = w.kind and e.child_id = w.id)
  ), people as (
    select m.id from member m
    where m.org_id = $1 and m.status <> 'REMOVED' and m.id in (select w.id from missing w where w.kind = 'MEMBER')
    order by m.id for share
  ), known as (
    select 'MEMBER' as kind, id from people
    union all
    select 'GROUP', g.id from member_group g
    where g.org_id = $1 and g.deleted_at is null and g.id in (select w.id from missing w where w.kind = 'GROUP')
  ), added as (
    insert into group_member (org_id, group_id, child_kind, child_id, added_at)
    select $1, $2, kind, id, $5 from known
    on conflict do nothing
    returning child_id
  )`;
const outcome = `(select count(*)::integer from added) as added,
  (select coalesce(json_agg(json_build_object('kind', w.kind, 'id', w.id)), '[]') from missing w
   where not exists (select 1 from known k where k.kind = w.kind and k.id = w.id)) as unknown`;
const wanted = `wanted as (select distinct w.kind, w.id from unnest($3::text[], $4::uuid[]) as w (kind, id))`;

type Sized = (children: readonly GroupChild[]) => Statement;

// One member more is looked up in a group of any size; thousands are met with it as sets.
const fewMax = 100;
const sized = (label: string, text: string): Sized => {
  const [few, many] = [statement(label, text), massStatement(label, text)];
  return (children) => (children.length > fewMax ? many : few);
};

const add = sized("group-edges-add", `with ${wanted}, ${adding} select ${outcome}, 0 as removed`);
// However short the new list is, the old one may be long.
const replace = massStatement(
  "group-edges-replace",
  `with ${wanted}, gone as (
     delete from group_member e
     where e.org_id = $1 and e.group_id = $2
       and not exists (select 1 from wanted w where w.kind = e.child_kind and w.id = e.child_id)
     returning e.child_id
   ), ${adding}
   select ${outcome}, (select count(*)::integer from gone) as removed`,
);
const remove = sized(
  "group-edges-remove",
  `delete from group_member e using unnest($3::text[], $4::uuid[]) as w (kind, id)
   where e.org_id = $1 and e.group_id = $2 and e.child_kind = w.kind and e.child_id = w.id`,
);
const clear = statement("group-edges-clear", `delete from group_member e where e.org_id = $1 and e.group_id = $2`);

/** What a statement on edges came to. */
export interface EdgeChange {
  readonly added: number;
  readonly removed: number;
  /** Children that the organization does not have. */
  readonly unknown: readonly GroupChild[];
}

export async function addEdges(tx: Tx, id: GroupId, children: readonly GroupChild[]): Promise<EdgeChange> {
  return sql(tx).one<EdgeChange>(add(children), [...columnsOf(tx, id, children), tx.now]);
}

/** Makes the members exactly these; only differences are written (SCIM-145). */
export async function replaceEdges(tx: Tx, id: GroupId, children: readonly GroupChild[]): Promise<EdgeChange> {
  return sql(tx).one<EdgeChange>(replace, [...columnsOf(tx, id, children), tx.now]);
}

export async function removeEdges(tx: Tx, id: GroupId, children: readonly GroupChild[]): Promise<EdgeChange> {
  return gone(await sql(tx).exec(remove(children), columnsOf(tx, id, children)));
}

export async function clearEdges(tx: Tx, id: GroupId): Promise<EdgeChange> {
  return gone(await sql(tx).exec(clear, [tx.orgId, id]));
}

export async function removeEdgesWhere(tx: Tx, id: GroupId, condition: RowCondition): Promise<EdgeChange> {
  const removing = shapedStatement(
    "group-edges-remove-where",
    condition.text,
    () => `delete from group_member v where v.org_id = $1 and v.group_id = $2 and ${condition.text}`,
  );
  return gone(await sql(tx).exec(removing, [tx.orgId, id, ...condition.values]));
}

function columnsOf(tx: Tx, id: GroupId, children: readonly GroupChild[]): unknown[] {
  return [tx.orgId, id, children.map((child) => child.kind), children.map((child) => child.id)];
}

const gone = (removed: number): EdgeChange => ({ added: 0, removed, unknown: [] });

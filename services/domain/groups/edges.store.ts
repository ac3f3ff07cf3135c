import type { ConnectionId, GroupId, MemberId } from "../../kernel/ids";
import { shapedStatement } from "../../platform/shaped-statement";
import { massStatement, sql, statement, type Statement } from "../../platform/sql";
import type { Tx } from "../../platform/unit-of-work";
import { may } from "../access";
import { caps, limited } from "./ceiling.store";
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
    insert into group_member (org_id, group_id, child_kind, child_id, added_at, added_by)
    select $1, $2, kind, id, $5, $6::uuid from known order by kind, id
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

// An administrator who adds by name somebody whom a connection has put there already answers for them from now on. What
// sets a whole list says that about nobody in particular, and no connection lifts what another may not (SCIM-048).
const add = sized(
  "group-edges-add",
  `with ${wanted}, ${adding}, lifted as (
     update group_member e set added_by = null from wanted w
     where $7::boolean and e.org_id = $1 and e.group_id = $2 and e.child_kind = w.kind and e.child_id = w.id
       and e.added_by is not null
     returning e.child_id
   )
   select ${outcome}, 0 as removed, (select count(*)::integer from lifted) as lifted`,
);
// However short the new list is, the old one may be long.
const replace = massStatement(
  "group-edges-replace",
  `with ${wanted}, leaving as (
     select e.child_kind, e.child_id from group_member e
     where e.org_id = $1 and e.group_id = $2
       and not exists (select 1 from wanted w where w.kind = e.child_kind and w.id = e.child_id)
     order by e.child_kind, e.child_id for update
   ), gone as (
     delete from group_member e using leaving l
     where e.org_id = $1 and e.group_id = $2 and e.child_kind = l.child_kind and e.child_id = l.child_id
     returning e.child_id
   ), ${adding}
   select ${outcome}, (select count(*)::integer from gone) as removed, 0 as lifted`,
);
const remove = sized(
  "group-edges-remove",
  `delete from group_member e using unnest($3::text[], $4::uuid[]) as w (kind, id)
   where e.org_id = $1 and e.group_id = $2 and e.child_kind = w.kind and e.child_id = w.id`,
);
const dissolve = statement(
  "group-edges-dissolve",
  `with gone as (
     delete from group_member e where e.org_id = $1 and (e.group_id = $2 or (e.child_kind = 'GROUP' and e.child_id = $2))
     returning e.group_id
   )
   select distinct group_id as id from gone where group_id <> $2 order by 1`,
);
const removeAll = statement(
  "group-edges-remove-all",
  `delete from group_member e where e.org_id = $1 and e.group_id = $2`,
);
// Of several ways into the group the one that hands on most; on a way that hands on no role, the connection that limits it.
const adders = massStatement(
  "group-edges-adders",
  `with recursive ${limited}, mine (member_id, group_id, depth, added_by, capped) as (
     select e.child_id, e.group_id, 1, e.added_by, ${caps("e")} from group_member e
     where e.org_id = $1 and e.child_kind = 'MEMBER' and e.child_id = any ($2::uuid[])
     union
     select mine.member_id, e.group_id, mine.depth + 1,
       case when ${caps("e")} and not mine.capped then e.added_by else mine.added_by end, mine.capped or ${caps("e")}
     from mine join group_member e on e.org_id = $1 and e.child_kind = 'GROUP' and e.child_id = mine.group_id
     where mine.depth < 8
   )
   select distinct on (member_id) member_id as "memberId", added_by as "addedBy" from mine where group_id = $3
   order by member_id, capped, depth, added_by nulls first`,
);

/** What a statement on edges came to. */
export interface EdgeChange {
  readonly added: number;
  readonly removed: number;
  /** Children who were there by a connection, and are now by an administrator. */
  readonly lifted: number;
  /** Children that the organization does not have. */
  readonly unknown: readonly GroupChild[];
}

/** Adds; `addedBy` is for what is put back as it was, else it is whoever asks. */
export async function addEdges(
  tx: Tx,
  id: GroupId,
  children: readonly GroupChild[],
  addedBy?: ConnectionId | null,
): Promise<EdgeChange> {
  const lifts = addedBy === undefined && isAdministrator(tx);
  const by = addedBy === undefined ? adderOf(tx) : addedBy;
  return sql(tx).one<EdgeChange>(add(children), [...columnsOf(tx, id, children), tx.now, by, lifts]);
}

/** Makes the members exactly these; only differences are written (SCIM-145). */
export async function replaceEdges(tx: Tx, id: GroupId, children: readonly GroupChild[]): Promise<EdgeChange> {
  return sql(tx).one<EdgeChange>(replace, [...columnsOf(tx, id, children), tx.now, adderOf(tx)]);
}

export async function removeEdges(tx: Tx, id: GroupId, children: readonly GroupChild[]): Promise<EdgeChange> {
  return gone(await sql(tx).exec(remove(children), columnsOf(tx, id, children)));
}

export async function clearEdges(tx: Tx, id: GroupId): Promise<EdgeChange> {
  return replaceEdges(tx, id, []);
}

/** Takes everybody out of a group, and it out of every other; answers which those were. */
export async function dissolveEdges(tx: Tx, id: GroupId): Promise<GroupId[]> {
  return (await sql(tx).many<{ id: GroupId }>(dissolve, [tx.orgId, id])).map((row) => row.id);
}

/** Takes out whoever came into a group while it was dissolved. */
export async function dropLateEdges(tx: Tx, id: GroupId): Promise<number> {
  return sql(tx).exec(removeAll, [tx.orgId, id]);
}

export async function removeEdgesWhere(tx: Tx, id: GroupId, condition: RowCondition): Promise<EdgeChange> {
  const removing = shapedStatement(
    "group-edges-remove-where",
    condition.text,
    () => `delete from group_member v where v.org_id = $1 and v.group_id = $2 and ${condition.text}`,
  );
  return gone(await sql(tx).exec(removing, [tx.orgId, id, ...condition.values]));
}

/** By whom members belong to a group, directly or through others; those who do not are absent. */
export async function addersOf(
  tx: Tx,
  id: GroupId,
  members: readonly MemberId[],
): Promise<ReadonlyMap<MemberId, ConnectionId | null>> {
  const values = [tx.orgId, members, id];
  const rows = await sql(tx).many<{ memberId: MemberId; addedBy: ConnectionId | null }>(adders, values);
  return new Map(rows.map(({ memberId, addedBy }) => [memberId, addedBy]));
}

function adderOf({ caller }: Tx): ConnectionId | null {
  return caller.kind === "scim" || caller.kind === "saml" ? caller.connectionId : null;
}

function isAdministrator(tx: Tx): boolean {
  const { kind } = tx.caller;
  return (kind === "person" || kind === "token" || kind === "operator") && may(tx, "member:role");
}

function columnsOf(tx: Tx, id: GroupId, children: readonly GroupChild[]): unknown[] {
  // In one order, so that two who name the same do not wait for each other.
  const sorted = children.toSorted((a, b) => (a.kind === b.kind ? (a.id < b.id ? -1 : 1) : a.kind < b.kind ? -1 : 1));
  return [tx.orgId, id, sorted.map((child) => child.kind), sorted.map((child) => child.id)];
}

const gone = (removed: number): EdgeChange => ({ added: 0, removed, lifted: 0, unknown: [] });

import type { ConnectionId, GroupId } from "../../kernel/ids";
import { foldKey } from "../../kernel/text";
import { sql, statement } from "../../platform/sql";
import type { Tx } from "../../platform/unit-of-work";
import type { Group } from "./group";

/** The select list of a group, from `member_group m`. */
export const groupColumns = `m.id, m.display_name as "displayName", m.member_count as "memberCount",
  m.managed_by as "managedBy", m.created_at as "createdAt", m.updated_at as "updatedAt", m.version`;

const live = `m.org_id = $1 and m.id = $2 and m.deleted_at is null`;
// Whether anything follows from belonging to a group of this organization: where nothing does, nobody asks again.
const found = `${groupColumns}, m.rules, exists (select 1 from group_rule k where k.org_id = m.org_id) as "isRuled"`;
const find = statement("group-find", `select ${found} from member_group m where ${live}`);
const lock = statement("group-lock", `select ${found} from member_group m where ${live} for no key update`);
const add = statement(
  "group-add",
  `insert into member_group as m (org_id, id, display_name, name_key, managed_by, created_at, updated_at)
   values ($1, $2, $3, $4, $5, $6, $6) returning ${groupColumns}`,
);
const setCount = statement(
  "group-set-count",
  `update member_group m set member_count = $3 where ${live} returning ${groupColumns}`,
);
const bump = statement(
  "group-bump",
  `update member_group m
   set display_name = coalesce($3, m.display_name), name_key = coalesce($4, m.name_key),
       managed_by = coalesce(m.managed_by, $5), member_count = m.member_count + $6, updated_at = $7,
       version = m.version + 1
   where ${live}
   returning ${found}`,
);
const lockSeveral = statement(
  "group-lock-several",
  `select m.id from member_group m where m.org_id = $1 and m.id = any ($2::uuid[]) order by m.id for no key update`,
);
const bury = statement(
  "group-bury",
  `with parents as (
     update member_group g set member_count = g.member_count - 1, version = g.version + 1, updated_at = $3
     where g.org_id = $1 and g.id = any ($4::uuid[])
   )
   update member_group m set deleted_at = $3, member_count = 0, updated_at = $3, version = m.version + 1 where ${live}`,
);

export interface FoundGroup extends Group {
  /** How many rules stand on it. */
  readonly rules: number;
  /** Whether any group of the organization has rules. */
  readonly isRuled: boolean;
}

/** Whether rules came or went between two looks at a group: on it, or the organization's first. */
export function isRuledAnew(before: FoundGroup, now: Pick<FoundGroup, "rules" | "isRuled">): boolean {
  return now.rules !== before.rules || now.isRuled !== before.isRuled;
}

export async function findGroup(tx: Tx, id: GroupId): Promise<FoundGroup | undefined> {
  return sql(tx).maybe<FoundGroup>(find, [tx.orgId, id]);
}

export async function lockGroup(tx: Tx, id: GroupId): Promise<FoundGroup | undefined> {
  return sql(tx).maybe<FoundGroup>(lock, [tx.orgId, id]);
}

export async function insertGroup(
  tx: Tx,
  group: { id: GroupId; displayName: string; managedBy: ConnectionId | null },
): Promise<Group> {
  const { id, displayName, managedBy } = group;
  return sql(tx).one<Group>(add, [tx.orgId, id, displayName, foldKey(displayName), managedBy, tx.now]);
}

export async function setMemberCount(tx: Tx, id: GroupId, count: number): Promise<Group> {
  return sql(tx).one<Group>(setCount, [tx.orgId, id, count]);
}

/** Writes a change and its new version; nothing where the group went away meanwhile. */
export async function bumpGroup(
  tx: Tx,
  id: GroupId,
  change: { displayName: string | null; managedBy: ConnectionId | null; countDelta: number },
): Promise<FoundGroup | undefined> {
  const { displayName, managedBy, countDelta } = change;
  const key = displayName === null ? null : foldKey(displayName);
  return sql(tx).maybe<FoundGroup>(bump, [tx.orgId, id, displayName, key, managedBy, countDelta, tx.now]);
}

/** Locks a group together with those that it was in, in the order of ids, as everybody does who changes several. */
export async function lockGroupWith(tx: Tx, id: GroupId, parents: readonly GroupId[]): Promise<FoundGroup | undefined> {
  if (parents.length > 0) await sql(tx).exec(lockSeveral, [tx.orgId, [id, ...parents]]);
  return lockGroup(tx, id);
}

/** Marks a group deleted, and those that it was in changed; all are locked, and its edges gone. */
export async function buryGroup(tx: Tx, id: GroupId, parents: readonly GroupId[]): Promise<void> {
  await sql(tx).exec(bury, [tx.orgId, id, tx.now, parents]);
}

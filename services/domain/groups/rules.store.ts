import type { GroupId, GroupRuleId, MemberId } from "../../kernel/ids";
import { sql, statement } from "../../platform/sql";
import type { Tx } from "../../platform/unit-of-work";
import { caps, limited } from "./ceiling.store";
import type { GroupRule, RuledMember, RuleEffect, RuleTarget } from "./rule";

const columns = `k.id, k.group_id as "groupId", g.display_name as "group", k.target, k.target_id as value,
  k.rule_order as "order", k.created_at as "createdAt"`;
const from = `group_rule k join member_group g on g.org_id = k.org_id and g.id = k.group_id and g.deleted_at is null`;

const list = statement(
  "group-rules",
  `select ${columns} from ${from} where k.org_id = $1 order by g.name_key, k.target, k.rule_order, k.id limit 1000`,
);
const find = statement("group-rule-find", `select ${columns} from ${from} where k.org_id = $1 and k.id = $2`);
const add = statement(
  "group-rule-add",
  `insert into group_rule (org_id, id, group_id, target, target_id, rule_order, created_at)
   values ($1, $2, $3, $4, $5, $6, $7)`,
);
const remove = statement("group-rule-remove", `delete from group_rule where org_id = $1 and id = $2`);
const removeOfGroup = statement("group-rule-remove-all", `delete from group_rule where org_id = $1 and group_id = $2`);
const countRules = statement(
  "group-rule-count",
  `update member_group set rules = (select count(*)::integer from group_rule k where k.org_id = $1 and k.group_id = $2)
   where org_id = $1 and id = $2 and deleted_at is null`,
);
// Groups within groups may form circles: they are walked to a depth of eight, as everywhere (SCIM-065).
const under = statement(
  "group-rule-members-under",
  `with recursive down (id, depth) as (
     select unnest($2::uuid[]), 0
     union
     select e.child_id, down.depth + 1 from down
     join group_member e on e.org_id = $1 and e.group_id = down.id and e.child_kind = 'GROUP' where down.depth < 8
   )
   select distinct e.child_id as id from down
   join group_member e on e.org_id = $1 and e.group_id = down.id and e.child_kind = 'MEMBER'
   where $3::uuid is null or e.child_id > $3 order by 1 limit $4`,
);
const ruled = statement(
  "group-rule-ruled-groups",
  `select distinct k.group_id as id from group_rule k where k.org_id = $1`,
);
const withEffects = statement(
  "group-rule-members-with-effects",
  `select distinct member_id as id from group_rule_effect
   where org_id = $1 and ($2::uuid is null or member_id > $2) order by 1 limit $3`,
);
const lock = statement(
  "group-rule-lock-members",
  `select m.id from member m where m.org_id = $1 and m.id = any ($2::uuid[]) and m.status <> 'REMOVED'
   order by m.id for no key update`,
);
// $3…$6 are a rule that is only tried: its group, target, value and order; without a group there is none. Somebody is
// given a role where one way to the rule was made, from end to end, by those who may grant it: then it does not matter who
// asks, or when.
const load = statement(
  "group-rule-load",
  `with recursive ${limited}, mine (member_id, group_id, depth, capped) as (
     select e.child_id, e.group_id, 1, ${caps("e")} from group_member e
     where e.org_id = $1 and e.child_kind = 'MEMBER' and e.child_id = any ($2::uuid[])
     union
     select mine.member_id, e.group_id, mine.depth + 1, mine.capped or ${caps("e")} from mine
     join group_member e on e.org_id = $1 and e.child_kind = 'GROUP' and e.child_id = mine.group_id
     where mine.depth < 8
   ), rules as (
     select k.id, k.group_id, k.target, k.target_id, k.rule_order from group_rule k where k.org_id = $1
     union all
     select 'ffffffff-ffff-7fff-bfff-ffffffffffff', $3::uuid, $4::text, $5::text, $6::integer where $3::uuid is not null
   ), reaching as (
     select mine.member_id, k.id, k.target, k.target_id, k.rule_order, p.kind, p.tier_rank,
       case when bool_and(mine.capped or coalesce(g.managed_by in (select id from limited), false))
         then 'MEMBER' else 'ADMIN' end as ceiling
     from mine join rules k on k.group_id = mine.group_id
     join member_group g on g.org_id = $1 and g.id = k.group_id and g.deleted_at is null
     left join plan p on k.target = 'LICENCE' and p.code = k.target_id
     group by 1, 2, 3, 4, 5, 6, 7
   )
   select m.id, m.status, m.role, m.free_place as "freePlace",
     (select s.plan_code from licence_assignment a
      join subscription s on s.org_id = a.org_id and s.id = a.subscription_id
      where a.org_id = $1 and a.member_id = m.id and a.kind = 'SERVICE' and a.ended_at is null) as service,
     coalesce((select jsonb_agg(distinct s.plan_code) from licence_assignment a
      join subscription s on s.org_id = a.org_id and s.id = a.subscription_id
      where a.org_id = $1 and a.member_id = m.id and a.kind = 'OPTION' and a.ended_at is null), '[]') as options,
     coalesce((select jsonb_agg(jsonb_build_object('id', r.id, 'target', r.target, 'value', r.target_id,
         'order', r.rule_order, 'kind', r.kind, 'tier', r.tier_rank, 'ceiling', r.ceiling))
      from reaching r where r.member_id = m.id), '[]') as rules,
     coalesce((select jsonb_agg(jsonb_build_object('kind', f.kind, 'value', f.value, 'before', f.before))
      from group_rule_effect f where f.org_id = $1 and f.member_id = m.id), '[]') as effects
   from member m where m.org_id = $1 and m.id = any ($2::uuid[]) and m.status <> 'REMOVED' order by m.id`,
);
const begin = statement(
  "group-rule-effect-begin",
  `insert into group_rule_effect (org_id, member_id, kind, value, before, given_at) values ($1, $2, $3, $4, $5, $6)
   on conflict (org_id, member_id, kind, value) do update set before = excluded.before, given_at = excluded.given_at`,
);
const end = statement(
  "group-rule-effect-end",
  `delete from group_rule_effect where org_id = $1 and member_id = $2 and kind = $3 and value = $4`,
);
// A suspended member's licences wait in a snapshot for their return; what a rule gave does not wait for whom it has left.
const forget = statement(
  "group-rule-forget-snapshot",
  `update member m set seat_snapshot = coalesce((
     select jsonb_agg(p.id) from jsonb_array_elements_text(m.seat_snapshot) as p (id)
     join subscription s on s.org_id = $1 and s.id = p.id::uuid and s.plan_code <> $3), '[]')
   where m.org_id = $1 and m.id = $2 and m.seat_snapshot is not null`,
);
const free = statement(
  "group-rule-free-units",
  `select s.plan_code as "planCode", sum(greatest(0, least(s.quantity, coalesce(s.next_quantity, s.quantity)) - s.used))::integer
     as free
   from subscription s where s.org_id = $1 and s.status in ('ACTIVE', 'PAST_DUE') group by s.plan_code`,
);

export async function listRuleRows(tx: Tx): Promise<GroupRule[]> {
  return sql(tx).many<GroupRule>(list, [tx.orgId]);
}

export async function findRule(tx: Tx, id: GroupRuleId): Promise<GroupRule | undefined> {
  return sql(tx).maybe<GroupRule>(find, [tx.orgId, id]);
}

export async function insertRule(
  tx: Tx,
  rule: { id: GroupRuleId; groupId: GroupId; target: RuleTarget; value: string; order: number },
): Promise<void> {
  const { id, groupId, target, value, order } = rule;
  await sql(tx).exec(add, [tx.orgId, id, groupId, target, value, order, tx.now]);
}

export async function deleteRule(tx: Tx, { id }: GroupRule): Promise<void> {
  await sql(tx).exec(remove, [tx.orgId, id]);
}

/** Writes how many rules stand on a group, which shows them to whoever is on their way into it; false where it is gone. */
export async function recountRules(tx: Tx, groupId: GroupId): Promise<boolean> {
  return (await sql(tx).exec(countRules, [tx.orgId, groupId])) === 1;
}

export async function deleteRulesOf(tx: Tx, groupId: GroupId): Promise<void> {
  await sql(tx).exec(removeOfGroup, [tx.orgId, groupId]);
}

interface Page {
  readonly after: MemberId | null;
  readonly limit: number;
}

/** Who belongs to some groups, through others too, in the order of ids. */
export async function membersUnder(tx: Tx, groups: readonly GroupId[], page: Page): Promise<MemberId[]> {
  const rows = await sql(tx).many<{ id: MemberId }>(under, [tx.orgId, groups, page.after, page.limit]);
  return rows.map((row) => row.id);
}

export async function ruledGroups(tx: Tx): Promise<GroupId[]> {
  return (await sql(tx).many<{ id: GroupId }>(ruled, [tx.orgId])).map((row) => row.id);
}

export async function membersWithEffects(tx: Tx, page: Page): Promise<MemberId[]> {
  const rows = await sql(tx).many<{ id: MemberId }>(withEffects, [tx.orgId, page.after, page.limit]);
  return rows.map((row) => row.id);
}

/** Locks members until the unit ends, in the order of ids. */
export async function lockMembers(tx: Tx, ids: readonly MemberId[]): Promise<void> {
  await sql(tx).exec(lock, [tx.orgId, ids]);
}

export interface TriedRule {
  readonly groupId: GroupId;
  readonly target: RuleTarget;
  readonly value: string;
  readonly order: number;
}

/** Members with the rules that reach them and what they have; `lock` keeps them until the unit ends. */
export async function loadRuled(
  tx: Tx,
  ids: readonly MemberId[],
  options: { lock?: boolean; tried?: TriedRule } = {},
): Promise<RuledMember[]> {
  // Locked before it is read: a statement that waits and reads at once has looked before it waited.
  if (options.lock === true) await lockMembers(tx, ids);
  const { tried } = options;
  const rule = [tried?.groupId ?? null, tried?.target ?? null, tried?.value ?? null];
  return sql(tx).many<RuledMember>(load, [tx.orgId, ids, ...rule, tried?.order ?? null]);
}

export async function beginEffect(tx: Tx, id: MemberId, { kind, value, before }: RuleEffect): Promise<void> {
  await sql(tx).exec(begin, [tx.orgId, id, kind, value, before, tx.now]);
}

export async function endEffect(tx: Tx, id: MemberId, { kind, value }: RuleEffect): Promise<void> {
  await sql(tx).exec(end, [tx.orgId, id, kind, value]);
}

export async function dropFromSnapshot(tx: Tx, id: MemberId, planCode: string): Promise<void> {
  await sql(tx).exec(forget, [tx.orgId, id, planCode]);
}

/** How many licences are free, by plan. */
export async function freeUnits(tx: Tx): Promise<ReadonlyMap<string, number>> {
  const rows = await sql(tx).many<{ planCode: string; free: number }>(free, [tx.orgId]);
  return new Map(rows.map((row) => [row.planCode, row.free]));
}

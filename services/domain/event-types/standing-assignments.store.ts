import { newId, type GroupId, type MemberId, type TemplateId } from "../../kernel/ids";
import { sql, statement } from "../../platform/sql";
import type { Tx } from "../../platform/unit-of-work";

export const assignmentTargets = ["MEMBER", "GROUP", "ALL_CURRENT", "ALL_FUTURE"] as const;
/** ALL_CURRENT is a snapshot, ALL_FUTURE stands for everybody who arrives later (EVT-07). */
export type AssignmentTarget = (typeof assignmentTargets)[number];

// ALL_CURRENT keeps the moment of its latest snapshot.
const add = statement(
  "assignment-add",
  `insert into event_type_assignment (org_id, id, template_id, target, target_id, created_at)
   select $1, a.id, $2, $3, a.target_id, $6 from unnest($4::uuid[], $5::uuid[]) as a (id, target_id)
   on conflict (org_id, template_id, target, target_id) do update set created_at = excluded.created_at
     where excluded.target = 'ALL_CURRENT'`,
);
const remove = statement(
  "assignment-remove",
  `delete from event_type_assignment
   where org_id = $1 and template_id = $2 and target = $3 and target_id = any($4::uuid[])`,
);
const removeAll = statement(
  "assignment-remove-all",
  `delete from event_type_assignment where org_id = $1 and template_id = $2`,
);
const removeOfMember = statement(
  "assignment-remove-of-member",
  `delete from event_type_assignment where org_id = $1 and target = 'MEMBER' and target_id = $2`,
);
const forNewcomer = statement(
  "assignment-for-newcomer",
  `select a.template_id as "templateId" from event_type_assignment a
   join event_type_template t on t.org_id = a.org_id and t.id = a.template_id and t.status = 'ACTIVE'
   join member m on m.org_id = $1 and m.id = $2 and m.created_at >= a.created_at
     and m.status in ('INVITED', 'ACTIVE', 'SUSPENDED')
   where a.org_id = $1 and a.target = 'ALL_FUTURE' order by t.created_at, t.id`,
);
const forGroup = statement(
  "assignment-for-group",
  `with recursive around (id, depth) as (
     select $2::uuid, 0
     union
     select g.group_id, around.depth + 1 from around
     join group_member g on g.org_id = $1 and g.child_kind = 'GROUP' and g.child_id = around.id
     where around.depth < 8
   )
   select a.template_id as "templateId", a.target_id as "groupId" from event_type_assignment a
   join event_type_template t on t.org_id = a.org_id and t.id = a.template_id and t.status = 'ACTIVE'
   where a.org_id = $1 and a.target = 'GROUP' and a.target_id in (select id from around)
   order by t.created_at, t.id, a.target_id`,
);
// Who arrived while the assignment was being written and was seen by neither side: newcomers since ALL_FUTURE began,
// and everybody where a snapshot was taken at the same time or later.
const overlooked = statement(
  "assignment-overlooked",
  `select m.id from event_type_assignment f
   left join event_type_assignment c
     on c.org_id = f.org_id and c.template_id = f.template_id and c.target = 'ALL_CURRENT' and c.created_at >= f.created_at
   join member m on m.org_id = $1 and m.status in ('INVITED', 'ACTIVE', 'SUSPENDED')
     and (c.id is not null or m.created_at >= f.created_at)
   where f.org_id = $1 and f.template_id = $2 and f.target = 'ALL_FUTURE'
     and not exists (
       select 1 from event_type e where e.org_id = $1 and e.template_id = $2 and e.member_id = m.id)`,
);
const liveMembers = statement(
  "assignment-live-members",
  `select id from member
   where org_id = $1 and id = any($2::uuid[]) and status in ('INVITED', 'ACTIVE', 'SUSPENDED')`,
);
const liveGroups = statement(
  "assignment-live-groups",
  `select id from member_group where org_id = $1 and id = any($2::uuid[]) and deleted_at is null`,
);

/** Notes to whom a template is assigned; twice is once. */
export async function insertAssignments(
  tx: Tx,
  templateId: TemplateId,
  target: AssignmentTarget,
  targetIds: readonly string[],
): Promise<void> {
  const ids = targetIds.map(() => newId("eventTypeTemplate"));
  await sql(tx).exec(add, [tx.orgId, templateId, target, ids, targetIds, tx.now]);
}

export async function deleteAssignments(
  tx: Tx,
  templateId: TemplateId,
  target: AssignmentTarget,
  targetIds: readonly string[],
): Promise<void> {
  await sql(tx).exec(remove, [tx.orgId, templateId, target, targetIds]);
}

export async function deleteAllAssignments(tx: Tx, templateId: TemplateId): Promise<void> {
  await sql(tx).exec(removeAll, [tx.orgId, templateId]);
}

export async function deleteAssignmentsOfMember(tx: Tx, memberId: MemberId): Promise<void> {
  await sql(tx).exec(removeOfMember, [tx.orgId, memberId]);
}

/** Templates for everybody who arrives, as far as they were assigned before this member did. */
export async function findTemplatesForNewcomer(tx: Tx, memberId: MemberId): Promise<TemplateId[]> {
  const rows = await sql(tx).many<{ templateId: TemplateId }>(forNewcomer, [tx.orgId, memberId]);
  return rows.map((row) => row.templateId);
}

/** Templates assigned to a group or to a group around it. */
export async function findTemplatesAround(
  tx: Tx,
  groupId: GroupId,
): Promise<{ templateId: TemplateId; groupId: GroupId }[]> {
  return sql(tx).many<{ templateId: TemplateId; groupId: GroupId }>(forGroup, [tx.orgId, groupId]);
}

export async function findOverlooked(tx: Tx, templateId: TemplateId): Promise<MemberId[]> {
  return (await sql(tx).many<{ id: MemberId }>(overlooked, [tx.orgId, templateId])).map((row) => row.id);
}

export async function findLiveMembers(tx: Tx, ids: readonly MemberId[]): Promise<MemberId[]> {
  return (await sql(tx).many<{ id: MemberId }>(liveMembers, [tx.orgId, ids])).map((row) => row.id);
}

export async function findLiveGroups(tx: Tx, ids: readonly GroupId[]): Promise<GroupId[]> {
  return (await sql(tx).many<{ id: GroupId }>(liveGroups, [tx.orgId, ids])).map((row) => row.id);
}

import { newId, type EventTypeId, type GroupId, type MemberId, type TemplateId } from "../../kernel/ids";
import { sql, statement } from "../../platform/sql";
import type { Tx } from "../../platform/unit-of-work";
import type { EventTypeTemplate, SlugClashPolicy } from "./template";

/** Whom an assignment reaches at this moment. */
export interface Reach {
  readonly memberIds: readonly MemberId[];
  readonly groupIds: readonly GroupId[];
  readonly everybody: boolean;
}

// Groups may hold groups; the depth is bounded, so that a circle ends (ruling d5).
const reached = `reached as (
    with recursive inside (id, depth) as (
      select unnest($3::uuid[]), 0
      union
      select g.child_id, inside.depth + 1 from inside
      join group_member g on g.org_id = $1 and g.group_id = inside.id and g.child_kind = 'GROUP'
      where inside.depth < 8
    )
    select m.id, m.status from member m
    where m.org_id = $1 and m.status in ('INVITED', 'ACTIVE', 'SUSPENDED')
      and ($4 or m.id = any($2::uuid[]) or m.id in (
        select g.child_id from group_member g
        where g.org_id = $1 and g.child_kind = 'MEMBER' and g.group_id in (select id from inside)))
  )`;

// The first of slug-1, slug-2 … that the member's paths do not use.
const freeSlug = (member: string, slug: string) => `(
    select left(${slug}, 58) || '-' || n from generate_series(1, 199) n
    where not exists (
      select 1 from event_type x
      where x.org_id = $1 and x.member_id = ${member} and x.slug = left(${slug}, 58) || '-' || n
        and x.status <> 'ARCHIVED')
    order by n limit 1)`;

const has = `exists (
    select 1 from event_type h
    where h.org_id = $1 and h.template_id = $5 and h.member_id = reached.id and h.status <> 'ARCHIVED')`;

const clashing = `exists (
    select 1 from event_type c
    where c.org_id = $1 and c.member_id = reached.id and c.slug = $6 and c.status <> 'ARCHIVED'
      and c.template_id is distinct from $5)`;

const renameOwn = statement(
  "assignment-rename-own",
  `with ${reached}, renamed as (
     update event_type e set slug = ${freeSlug("e.member_id", "e.slug")}, updated_at = $7, version = e.version + 1
     from reached
     where e.org_id = $1 and e.member_id = reached.id and e.slug = $6 and e.template_id is null
       and e.status <> 'ARCHIVED' and not ${has}
     returning e.id, e.member_id
   ), moved as (
     insert into path_redirect (org_id, member_id, old_slug, event_type_id, created_at)
     select $1, member_id, $6, id, $7 from renamed
     on conflict (org_id, member_id, old_slug) do update set event_type_id = excluded.event_type_id
   )
   select id from renamed`,
);

// Who is to get it, and under which path. Read before anything is written: a statement that inserts while it looks for
// what is there walks over its own new rows, with ten thousand members for more than five seconds.
const lacking = statement(
  "assignment-lacking",
  `with ${reached}
   select reached.id as "memberId", reached.status = 'ACTIVE' as active, path.slug
   from reached
   cross join lateral (
     select case when not ${clashing} then $6 when $7 then ${freeSlug("reached.id", "$6::text")} end as slug) path
   where path.slug is not null and not ${has} order by reached.id`,
);
// One statement, however many members. Nobody gets a second copy; an archived one comes back when somebody assigns the
// template again ($10), not when a member's group or status merely changes.
const give = statement(
  "assignment-give",
  `insert into event_type (org_id, id, member_id, template_id, base_revision, base_values, overrides, name, slug, status,
     created_at, updated_at)
   select $1, n.id, n.member_id, $2, $3, '{}', '{}', $4, n.slug, case when n.active then 'ACTIVE' else 'HIDDEN' end, $5, $5
   from unnest($6::uuid[], $7::uuid[], $8::text[], $9::boolean[]) as n (id, member_id, slug, active)
   on conflict (org_id, template_id, member_id) where template_id is not null do update
     set status = excluded.status, slug = excluded.slug, base_revision = excluded.base_revision, base_values = '{}',
         overrides = '{}', updated_at = excluded.updated_at, version = event_type.version + 1
     where event_type.status = 'ARCHIVED' and $10
   returning member_id as "memberId"`,
);
const reachedIds = statement("assignment-reached", `with ${reached} select id from reached order by id`);
// Both walk the rows of one template once, whatever is asked for.
const archive = statement(
  "assignment-archive",
  `update event_type set status = 'ARCHIVED', updated_at = $4, version = version + 1
   where org_id = $1 and template_id = $2 and member_id = any($3::uuid[]) and status <> 'ARCHIVED'
   returning member_id as "memberId"`,
);
const archiveAll = statement(
  "assignment-archive-all",
  `update event_type set status = 'ARCHIVED', updated_at = $3, version = version + 1
   where org_id = $1 and template_id = $2 and status <> 'ARCHIVED'
   returning member_id as "memberId"`,
);
const preview = statement(
  "assignment-preview",
  `with ${reached}
   select count(*)::integer as members, count(*) filter (where ${has})::integer as assigned,
     count(*) filter (where ${clashing} and not ${has})::integer as clashes
   from reached`,
);
const clashes = statement(
  "assignment-clashes",
  `with ${reached}
   select reached.id as "memberId", c.id as "eventTypeId" from reached
   join event_type c on c.org_id = $1 and c.member_id = reached.id and c.slug = $6 and c.status <> 'ARCHIVED'
   where c.template_id is distinct from $5 and not ${has}
   order by reached.id limit $7`,
);

const whom = (tx: Tx, reach: Reach) => [tx.orgId, reach.memberIds, reach.groupIds, reach.everybody];
const values = (tx: Tx, reach: Reach, template: Pick<EventTypeTemplate, "id">) => [...whom(tx, reach), template.id];

async function findReached(tx: Tx, reach: Reach): Promise<MemberId[]> {
  return (await sql(tx).many<{ id: MemberId }>(reachedIds, whom(tx, reach))).map((row) => row.id);
}

/** Members' own event types that stand in the way get another path; the old one leads to them. Answers which. */
export async function renameOwnEventTypes(tx: Tx, reach: Reach, t: EventTypeTemplate): Promise<EventTypeId[]> {
  const rows = await sql(tx).many<{ id: EventTypeId }>(renameOwn, [...values(tx, reach, t), t.slug, tx.now]);
  return rows.map((row) => row.id);
}

interface Lacking {
  readonly memberId: MemberId;
  readonly active: boolean;
  readonly slug: string;
}

/** Gives the template to everybody reached who lacks it; answers who got it. */
export async function giveEventTypes(
  tx: Tx,
  reach: Reach,
  t: EventTypeTemplate,
  how: { onSlugClash: SlugClashPolicy; revive: boolean },
): Promise<MemberId[]> {
  const suffix = how.onSlugClash !== "SKIP";
  const rows = await sql(tx).many<Lacking>(lacking, [...values(tx, reach, t), t.slug, suffix]);
  if (rows.length === 0) return [];
  const given = await sql(tx).many<{ memberId: MemberId }>(give, [
    ...[tx.orgId, t.id, t.revision, t.values.name, tx.now, rows.map(() => newId("eventType"))],
    ...[rows.map((r) => r.memberId), rows.map((r) => r.slug), rows.map((r) => r.active), how.revive],
  ]);
  return given.map((row) => row.memberId);
}

/** Takes the template from everybody reached; answers from whom. What is booked stays booked (EVT-15). */
export async function archiveEventTypes(tx: Tx, reach: Reach, t: EventTypeTemplate): Promise<MemberId[]> {
  if (reach.everybody) return archiveAllEventTypes(tx, t.id);
  const ids = await findReached(tx, reach);
  if (ids.length === 0) return [];
  const rows = await sql(tx).many<{ memberId: MemberId }>(archive, [tx.orgId, t.id, ids, tx.now]);
  return rows.map((row) => row.memberId);
}

export async function archiveAllEventTypes(tx: Tx, templateId: TemplateId): Promise<MemberId[]> {
  const rows = await sql(tx).many<{ memberId: MemberId }>(archiveAll, [tx.orgId, templateId, tx.now]);
  return rows.map((row) => row.memberId);
}

export interface ReachCounts {
  readonly members: number;
  readonly assigned: number;
  readonly clashes: number;
}

export async function countReached(tx: Tx, reach: Reach, t: EventTypeTemplate): Promise<ReachCounts> {
  return sql(tx).one<ReachCounts>(preview, [...values(tx, reach, t), t.slug]);
}

export interface SlugClash {
  readonly memberId: MemberId;
  readonly eventTypeId: EventTypeId;
}

export async function findClashes(tx: Tx, reach: Reach, t: EventTypeTemplate, limit: number): Promise<SlugClash[]> {
  return sql(tx).many<SlugClash>(clashes, [...values(tx, reach, t), t.slug, limit]);
}

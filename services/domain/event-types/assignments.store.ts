import type { EventTypeId, GroupId, MemberId, TemplateId } from "../../kernel/ids";
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

// UUIDv7 made where the rows are made: the milliseconds of the unit of work in front of a random v4.
const uuid7 = `(
    overlay(lpad(to_hex((extract(epoch from $7::timestamptz) * 1000)::bigint), 12, '0') placing '-' from 9 for 0)
    || '-7' || substr(gen_random_uuid()::text, 16))::uuid`;

// One statement, however many members. Nobody gets a second copy; an archived one comes back when somebody assigns the
// template again ($10), not when a member's group or status merely changes.
const give = statement(
  "assignment-give",
  `with ${reached}
   insert into event_type (org_id, id, member_id, template_id, base_revision, base_values, overrides, name, slug, status,
     created_at, updated_at)
   select $1, ${uuid7}, reached.id, $5, $8, '{}', '{}', $9, path.slug,
          case when reached.status = 'ACTIVE' then 'ACTIVE' else 'HIDDEN' end, $7, $7
   from reached
   cross join lateral (
     select case when not ${clashing} then $6 when $11 then ${freeSlug("reached.id", "$6::text")} end as slug) path
   where path.slug is not null and not ${has}
   on conflict (org_id, template_id, member_id) where template_id is not null do update
     set status = excluded.status, slug = excluded.slug, base_revision = excluded.base_revision, base_values = '{}',
         overrides = '{}', updated_at = excluded.updated_at, version = event_type.version + 1
     where event_type.status = 'ARCHIVED' and $10
   returning member_id as "memberId"`,
);
const archive = statement(
  "assignment-archive",
  `with ${reached}
   update event_type e set status = 'ARCHIVED', updated_at = $6, version = e.version + 1
   from reached
   where e.org_id = $1 and e.member_id = reached.id and e.template_id = $5 and e.status <> 'ARCHIVED'
   returning e.member_id as "memberId"`,
);
const archiveAll = statement(
  "assignment-archive-all",
  `update event_type set status = 'ARCHIVED', updated_at = $3, version = version + 1
   where org_id = $1 and template_id = $2 and status <> 'ARCHIVED'`,
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

const values = (tx: Tx, reach: Reach, template: Pick<EventTypeTemplate, "id">) => [
  ...[tx.orgId, reach.memberIds, reach.groupIds, reach.everybody, template.id],
];

/** Members' own event types that stand in the way get another path; the old one leads to them. Answers which. */
export async function renameOwnEventTypes(tx: Tx, reach: Reach, t: EventTypeTemplate): Promise<EventTypeId[]> {
  const rows = await sql(tx).many<{ id: EventTypeId }>(renameOwn, [...values(tx, reach, t), t.slug, tx.now]);
  return rows.map((row) => row.id);
}

/** Gives the template to everybody reached who lacks it; answers who got it. */
export async function giveEventTypes(
  tx: Tx,
  reach: Reach,
  t: EventTypeTemplate,
  how: { onSlugClash: SlugClashPolicy; revive: boolean },
): Promise<MemberId[]> {
  const { slug, revision } = t;
  const rest = [slug, tx.now, revision, t.values.name, how.revive, how.onSlugClash !== "SKIP"];
  const rows = await sql(tx).many<{ memberId: MemberId }>(give, [...values(tx, reach, t), ...rest]);
  return rows.map((row) => row.memberId);
}

/** Takes the template from everybody reached; answers from whom. What is booked stays booked (EVT-15). */
export async function archiveEventTypes(tx: Tx, reach: Reach, t: EventTypeTemplate): Promise<MemberId[]> {
  const rows = await sql(tx).many<{ memberId: MemberId }>(archive, [...values(tx, reach, t), tx.now]);
  return rows.map((row) => row.memberId);
}

export async function archiveAllEventTypes(tx: Tx, templateId: TemplateId): Promise<number> {
  return sql(tx).exec(archiveAll, [tx.orgId, templateId, tx.now]);
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

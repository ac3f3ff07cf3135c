import type { EventTypeId, MemberId, TemplateId } from "../../kernel/ids";
import { sql, statement } from "../../platform/sql";
import type { Tx } from "../../platform/unit-of-work";
import type { EventType } from "./event-type";
import { toEventType, type EventTypeRow } from "./event-type.rules";
import type { FieldName, FieldValues } from "./fields";

const selected = `select e.id, e.member_id as "memberId", e.template_id as "templateId", e.slug, e.status,
    e.base_values as "baseValues", e.overrides, e.created_at as "createdAt", e.version,
    t.kind as "templateKind", t.field_values as "templateValues", t.locks as "templateLocks",
    t.edited_by as "templateEditedBy", t.updated_at as "templateEditedAt", r.field_values as "assignedValues"
  from event_type e
  left join event_type_template t on t.org_id = e.org_id and t.id = e.template_id
  left join event_type_template_revision r
    on r.org_id = e.org_id and r.template_id = e.template_id and r.revision = e.base_revision`;

const lock = statement("event-type-lock", `${selected} where e.org_id = $1 and e.id = $2 for no key update of e`);
const find = statement("event-type-find", `${selected} where e.org_id = $1 and e.id = $2`);
const list = statement(
  "event-type-list",
  `${selected}
   where e.org_id = $1 and e.member_id = $2 and ($3 or e.status <> 'ARCHIVED')
     and ($4::timestamptz is null or (e.created_at, e.id) > ($4, $5::uuid))
   order by e.created_at, e.id limit $6`,
);
const change = statement(
  "event-type-change",
  `update event_type
   set name = $3, slug = $4, overrides = $5, base_values = $6, updated_at = $7, version = version + 1
   where org_id = $1 and id = $2`,
);
const redirect = statement(
  "path-redirect-add",
  `insert into path_redirect (org_id, member_id, old_slug, event_type_id, created_at) values ($1, $2, $3, $4, $5)
   on conflict (org_id, member_id, old_slug) do update set event_type_id = excluded.event_type_id,
     created_at = excluded.created_at`,
);
const keepInForce = statement(
  "event-type-keep-in-force",
  `update event_type
   set base_values = base_values || $3::jsonb, overrides = overrides - $4::text[], updated_at = $5, version = version + 1
   where org_id = $1 and template_id = $2`,
);
const syncStatus = statement(
  "event-type-sync-status",
  `update event_type e set status = s.status, updated_at = $3, version = e.version + 1
   from (
     select case when m.status = 'ACTIVE' then 'ACTIVE' else 'HIDDEN' end as status
     from member m where m.org_id = $1 and m.id = $2) s
   where e.org_id = $1 and e.member_id = $2 and e.status in ('ACTIVE', 'HIDDEN') and e.status <> s.status`,
);

export async function findEventTypeRow(tx: Tx, id: EventTypeId): Promise<EventType | undefined> {
  const row = await sql(tx).maybe<EventTypeRow>(find, [tx.orgId, id]);
  return row && toEventType(row);
}

/** The row with its layers, locked. */
export async function lockEventTypeRow(tx: Tx, id: EventTypeId): Promise<EventTypeRow | undefined> {
  return sql(tx).maybe<EventTypeRow>(lock, [tx.orgId, id]);
}

export interface EventTypePage {
  readonly first: number;
  readonly after?: { readonly createdAt: Date; readonly id: EventTypeId };
  readonly withArchived?: boolean;
}

export async function listEventTypeRows(tx: Tx, memberId: MemberId, page: EventTypePage): Promise<EventType[]> {
  const after = [page.after?.createdAt ?? null, page.after?.id ?? null];
  const values = [tx.orgId, memberId, page.withArchived ?? false, ...after, page.first];
  return (await sql(tx).many<EventTypeRow>(list, values)).map(toEventType);
}

export async function updateEventTypeRow(
  tx: Tx,
  id: EventTypeId,
  row: { name: string; slug: string; overrides: Partial<FieldValues>; baseValues: Partial<FieldValues> },
): Promise<void> {
  await sql(tx).exec(change, [tx.orgId, id, row.name, row.slug, row.overrides, row.baseValues, tx.now]);
}

/** Lets an old path of a member lead to where the event type is now. */
export async function insertRedirect(tx: Tx, memberId: MemberId, oldSlug: string, id: EventTypeId): Promise<void> {
  await sql(tx).exec(redirect, [tx.orgId, memberId, oldSlug, id, tx.now]);
}

/**
 * When a lock is lifted each member keeps the value in force, the template's, and what they had before the lock does
 * not come back (EVT-10). One statement, however many members.
 */
export async function keepValuesInForce(
  tx: Tx,
  templateId: TemplateId,
  values: Partial<FieldValues>,
  names: readonly FieldName[],
): Promise<number> {
  return sql(tx).exec(keepInForce, [tx.orgId, templateId, values, names, tx.now]);
}

/** Shows a member's event types while the member is active, hides them otherwise (EVT-19). */
export async function syncStatusOfMember(tx: Tx, memberId: MemberId): Promise<number> {
  return sql(tx).exec(syncStatus, [tx.orgId, memberId, tx.now]);
}

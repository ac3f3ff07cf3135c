import { newId, type MemberId, type TemplateId } from "../../kernel/ids";
import { sql, statement } from "../../platform/sql";
import type { Tx } from "../../platform/unit-of-work";
import type { FieldValues } from "./fields";
import { complete } from "./fields.rules";
import { initialLocks, type Diff, type EventTypeTemplate, type Locks, type TemplateRevision } from "./template";

const columns = `t.id, t.kind, t.slug, t.field_values as "storedValues", t.locks, t.revision, t.status,
  t.edited_by as "editedBy", t.created_at as "createdAt", t.updated_at as "updatedAt"`;

const find = statement(
  "template-find",
  `select ${columns} from event_type_template t where t.org_id = $1 and t.id = $2`,
);
const lock = statement(
  "template-lock",
  `select ${columns} from event_type_template t where t.org_id = $1 and t.id = $2 for no key update`,
);
const list = statement(
  "template-list",
  `select ${columns}, (
     select count(*)::integer from event_type e
     where e.org_id = t.org_id and e.template_id = t.id and e.status <> 'ARCHIVED') as assigned
   from event_type_template t
   where t.org_id = $1 and ($2::text is null or t.status = $2) and ($3::text is null or t.kind = $3)
     and ($4::timestamptz is null or (t.created_at, t.id) > ($4, $5::uuid))
   order by t.created_at, t.id limit $6`,
);
const add = statement(
  "template-add",
  `insert into event_type_template (org_id, id, kind, name, slug, field_values, locks, capacity, revision, edited_by,
     created_at, updated_at)
   values ($1, $2, $3, $4, $5, $6, $7, $8, 1, $9, $10, $10)`,
);
const change = statement(
  "template-change",
  `update event_type_template
   set name = $3, slug = $4, field_values = $5, locks = $6, capacity = $7, revision = $8, edited_by = $9,
       updated_at = $10
   where org_id = $1 and id = $2`,
);
const archive = statement(
  "template-archive",
  `update event_type_template set status = 'ARCHIVED', edited_by = $3, updated_at = $4 where org_id = $1 and id = $2`,
);
const addRevision = statement(
  "template-revision-add",
  `insert into event_type_template_revision (org_id, template_id, revision, field_values, locks, diff, edited_by,
     created_at)
   values ($1, $2, $3, $4, $5, $6, $7, $8)`,
);
const revisions = statement(
  "template-revisions",
  `select revision, field_values as "storedValues", locks, diff, edited_by as "editedBy", created_at as "createdAt"
   from event_type_template_revision
   where org_id = $1 and template_id = $2 and ($3::integer is null or revision = $3) and revision < $4
   order by revision desc limit $5`,
);

interface Row extends Omit<EventTypeTemplate, "values"> {
  readonly storedValues: Partial<FieldValues>;
}

export interface ListedTemplate extends EventTypeTemplate {
  /** How many members have it. */
  readonly assigned: number;
}

export async function findTemplateRow(tx: Tx, id: TemplateId): Promise<EventTypeTemplate | undefined> {
  const row = await sql(tx).maybe<Row>(find, [tx.orgId, id]);
  return row && toTemplate(row);
}

export async function lockTemplateRow(tx: Tx, id: TemplateId): Promise<EventTypeTemplate | undefined> {
  const row = await sql(tx).maybe<Row>(lock, [tx.orgId, id]);
  return row && toTemplate(row);
}

export interface TemplatePage {
  readonly first: number;
  readonly after?: { readonly createdAt: Date; readonly id: TemplateId };
  readonly status?: EventTypeTemplate["status"];
  readonly kind?: EventTypeTemplate["kind"];
}

export async function listTemplateRows(tx: Tx, page: TemplatePage): Promise<ListedTemplate[]> {
  const values = [page.status ?? null, page.kind ?? null, page.after?.createdAt ?? null, page.after?.id ?? null];
  const rows = await sql(tx).many<Row & { assigned: number }>(list, [tx.orgId, ...values, page.first]);
  return rows.map((row) => ({ ...toTemplate(row), assigned: row.assigned }));
}

export type TemplateState = Pick<EventTypeTemplate, "slug" | "values" | "locks" | "editedBy">;

export async function insertTemplate(tx: Tx, kind: EventTypeTemplate["kind"], s: TemplateState): Promise<TemplateId> {
  const id = newId("eventTypeTemplate");
  const { name, capacity } = s.values;
  const values = [name, s.slug, s.values, s.locks, capacity, s.editedBy, tx.now];
  await sql(tx).exec(add, [tx.orgId, id, kind, ...values]);
  return id;
}

export async function updateTemplateRow(tx: Tx, id: TemplateId, revision: number, s: TemplateState): Promise<void> {
  const { name, capacity } = s.values;
  const values = [name, s.slug, s.values, s.locks, capacity, revision, s.editedBy, tx.now];
  await sql(tx).exec(change, [tx.orgId, id, ...values]);
}

export async function archiveTemplateRow(tx: Tx, id: TemplateId, editedBy: MemberId | null): Promise<void> {
  await sql(tx).exec(archive, [tx.orgId, id, editedBy, tx.now]);
}

/** Appends a revision; no privilege to change or delete one is granted. */
export async function insertRevision(
  tx: Tx,
  id: TemplateId,
  r: TemplateState & { revision: number; diff: Diff },
): Promise<void> {
  const values = { ...r.values, slug: r.slug };
  await sql(tx).exec(addRevision, [tx.orgId, id, r.revision, values, r.locks, r.diff, r.editedBy, tx.now]);
}

interface RevisionRow extends Omit<TemplateRevision, "values" | "slug"> {
  readonly storedValues: Partial<FieldValues> & { readonly slug: string };
}

/** Newest first. */
export async function findRevisions(
  tx: Tx,
  id: TemplateId,
  page: { revision?: number; before?: number; first: number },
): Promise<TemplateRevision[]> {
  const values = [page.revision ?? null, page.before ?? 2_147_483_647, page.first];
  const rows = await sql(tx).many<RevisionRow>(revisions, [tx.orgId, id, ...values]);
  return rows.map(({ storedValues: { slug, ...stored }, ...row }) => ({ ...row, slug, values: complete(stored) }));
}

function toTemplate({ storedValues, locks, ...row }: Row): EventTypeTemplate {
  return { ...row, ...templateInForce({ values: storedValues, locks }) };
}

export interface StoredTemplate {
  readonly values: Partial<FieldValues>;
  readonly locks: Partial<Locks>;
}

/** A template's values and locks, those included that are younger than its row. */
export function templateInForce({ values, locks }: StoredTemplate): Pick<EventTypeTemplate, "values" | "locks"> {
  return { values: complete(values), locks: allLocks(locks) };
}

/** A section that is younger than the row has its initial lock. */
export function allLocks(stored: Partial<Locks>): Locks {
  return { ...initialLocks, ...stored };
}

import type { ConnectionId, OrgId, PreviewId, ProvisioningEntryId } from "../../kernel/ids";
import { sql, statement } from "../../platform/sql";
import type { Tx } from "../../platform/unit-of-work";

export type PreviewState = "COPYING" | "OPEN" | "APPLYING" | "APPLIED" | "DISCARDED";
type ResumeState = "OFF" | "ON" | "PAUSED";

/** A rehearsal of a connection. Its id is also the id of the hidden organization in which it takes place. */
export interface Preview {
  readonly id: PreviewId;
  readonly connectionId: ConnectionId;
  readonly state: PreviewState;
  /** What provisioning goes back to when the preview is discarded. */
  readonly resumeState: ResumeState;
  /** How many members were copied. */
  readonly members: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly endedAt: Date | null;
  readonly erasedAt: Date | null;
}

const columns = `p.id, p.connection_id as "connectionId", p.state, p.resume_state as "resumeState", p.members,
  p.created_at as "createdAt", p.updated_at as "updatedAt", p.ended_at as "endedAt", p.erased_at as "erasedAt"`;

const lockConnection = statement(
  "preview-lock-connection",
  `select scim_state as "scimState" from identity_connection
   where org_id = $1 and id = $2 and deleted_at is null for no key update`,
);
const ofConnection = statement(
  "preview-of-connection",
  `select ${columns} from provisioning_preview p where p.org_id = $1 and p.connection_id = $2
   order by p.created_at desc, p.id desc limit 1`,
);
const find = statement(
  "preview-find",
  `select ${columns} from provisioning_preview p where p.org_id = $1 and p.id = $2`,
);
const lock = statement(
  "preview-lock",
  `select ${columns} from provisioning_preview p where p.org_id = $1 and p.id = $2 for update`,
);
const add = statement(
  "preview-add",
  `insert into provisioning_preview (org_id, id, connection_id, state, resume_state, created_at, updated_at)
   values ($1, $2, $3, 'COPYING', $4, $5, $5)`,
);
const move = statement(
  "preview-move",
  `update provisioning_preview
   set state = $3, members = coalesce($4, members), updated_at = $5,
       ended_at = case when $3 in ('APPLIED', 'DISCARDED') then $5::timestamptz end
   where org_id = $1 and id = $2`,
);
const switchConnection = statement(
  "preview-switch-connection",
  `update identity_connection set updated_at = $5, version = version + 1,
     scim_state = case when deleted_at is null then $3 else 'OFF' end,
     provisioning = case when $6 and (options ->> 'provisioningChosen')::boolean is not true then 'existing'
       else provisioning end,
     preview_org_id = case when deleted_at is null then $4::uuid end
   where org_id = $1 and id = $2`,
);
const stillOpen = statement(
  "preview-still-open",
  `select id from provisioning_preview where org_id = $1 and id = $2 and state = 'OPEN' for share`,
);
const unfinished = statement(
  "preview-unfinished",
  `select ${columns} from provisioning_preview p
   where p.org_id = $1 and (p.state = 'APPLYING' or (p.ended_at is not null and p.erased_at is null))
   order by p.created_at limit 10`,
);
const forgotten = statement(
  "preview-forgotten",
  `select ${columns} from provisioning_preview p
   join identity_connection c on c.org_id = p.org_id and c.id = p.connection_id
   where p.org_id = $1 and p.ended_at is null
     and (p.state = 'OPEN' and (p.created_at < $2 or c.deleted_at is not null)
          or p.state = 'COPYING' and p.updated_at < $3)
   order by p.created_at limit 10 for update of p`,
);
const copied = statement(
  "preview-copied",
  `select p.id from provisioning_preview p where p.org_id = $1 and p.erased_at is null order by p.created_at`,
);
const erased = statement(
  "preview-erased",
  `update provisioning_preview set erased_at = $3 where org_id = $1 and id = $2`,
);
// What was refused in the preview is refused again, or was mended there by a later request: it is not repeated.
const toApply = statement(
  "preview-to-apply",
  `select e.id from provisioning_entry e
   where e.org_id = $1 and e.preview_id = $2 and e.status < 400
     and not exists (select from provisioning_entry r where r.org_id = $1 and r.replay_of = e.id)
   order by e.at, e.id limit 200`,
);
const isApplied = statement(
  "preview-is-applied",
  `select 1 as done from provisioning_entry where org_id = $1 and replay_of = $2 limit 1`,
);
const outcome = statement(
  "preview-outcome",
  `select count(*)::integer as requests, count(r.id)::integer as applied,
     count(*) filter (where r.status >= 400)::integer as refused
   from provisioning_entry e
   left join provisioning_entry r on r.org_id = e.org_id and r.replay_of = e.id
   where e.org_id = $1 and e.preview_id = $2 and e.status < 400`,
);

/** The state of a connection's provisioning, locked; nothing where there is no such connection. */
export async function lockScimState(tx: Tx, id: ConnectionId): Promise<ResumeState | "PREVIEW" | undefined> {
  return (await sql(tx).maybe<{ scimState: ResumeState | "PREVIEW" }>(lockConnection, [tx.orgId, id]))?.scimState;
}

/** The newest preview of a connection. */
export async function newestPreview(tx: Tx, id: ConnectionId): Promise<Preview | undefined> {
  return sql(tx).maybe<Preview>(ofConnection, [tx.orgId, id]);
}

export async function findPreview(tx: Tx, id: PreviewId): Promise<Preview | undefined> {
  return sql(tx).maybe<Preview>(find, [tx.orgId, id]);
}

export async function lockPreview(tx: Tx, id: PreviewId): Promise<Preview | undefined> {
  return sql(tx).maybe<Preview>(lock, [tx.orgId, id]);
}

export async function insertPreview(
  tx: Tx,
  preview: { id: PreviewId; connectionId: ConnectionId; resumeState: ResumeState },
): Promise<void> {
  await sql(tx).exec(add, [tx.orgId, preview.id, preview.connectionId, preview.resumeState, tx.now]);
}

/** Moves a preview on; with it the time, and the number of members once they are known. */
export async function movePreview(tx: Tx, id: PreviewId, to: PreviewState, members?: number): Promise<void> {
  await sql(tx).exec(move, [tx.orgId, id, to, members ?? null, tx.now]);
}

/** Points a connection's requests at the copy, away from it, or at nothing while it is being ended. */
export async function pointConnection(
  tx: Tx,
  id: ConnectionId,
  to: {
    readonly scimState: ResumeState | "PREVIEW";
    readonly copy: PreviewId | null;
    /** Whether people are known by SCIM from now on: signing in then makes no new ones (ruling 12). */
    readonly begins?: boolean;
  },
): Promise<void> {
  await sql(tx).exec(switchConnection, [tx.orgId, id, to.scimState, to.copy, tx.now, to.begins ?? false]);
}

/** Whether a preview still takes requests; held until the unit ends, so that it is not closed meanwhile. */
export async function holdOpen(tx: Tx, id: OrgId): Promise<boolean> {
  return (await sql(tx).maybe(stillOpen, [tx.orgId, id])) !== undefined;
}

/** Previews that are being applied, and ended ones whose copy is still there. */
export async function unfinishedPreviews(tx: Tx): Promise<Preview[]> {
  return sql(tx).many<Preview>(unfinished, [tx.orgId]);
}

/** The previews whose copies may be there. */
export async function previewsWithCopy(tx: Tx): Promise<PreviewId[]> {
  return (await sql(tx).many<{ id: PreviewId }>(copied, [tx.orgId])).map((row) => row.id);
}

/** Open previews that are older, or whose connection is gone, and copies that were never finished; locked. */
export async function lockForgotten(tx: Tx, openedBefore: Date, copiedBefore: Date): Promise<Preview[]> {
  return sql(tx).many<Preview>(forgotten, [tx.orgId, openedBefore, copiedBefore]);
}

export async function markErased(tx: Tx, id: PreviewId): Promise<void> {
  await sql(tx).exec(erased, [tx.orgId, id, tx.now]);
}

/** The next requests of a preview that were done in it and not yet done again, in the order in which they came. */
export async function entriesToApply(tx: Tx, id: PreviewId): Promise<ProvisioningEntryId[]> {
  return (await sql(tx).many<{ id: ProvisioningEntryId }>(toApply, [tx.orgId, id])).map((row) => row.id);
}

/** Whether an entry was done again already. */
export async function wasApplied(tx: Tx, id: ProvisioningEntryId): Promise<boolean> {
  return (await sql(tx).maybe<{ done: number }>(isApplied, [tx.orgId, id])) !== undefined;
}

export interface PreviewOutcome {
  /** What was done in the preview. */
  readonly requests: number;
  /** Of them, those that were done again, and those that were refused then. */
  readonly applied: number;
  readonly refused: number;
}

export async function outcomeOf(tx: Tx, id: PreviewId): Promise<PreviewOutcome> {
  return sql(tx).one<PreviewOutcome>(outcome, [tx.orgId, id]);
}

import { sql, statement } from "../../platform/sql";
import type { Tx } from "../../platform/unit-of-work";
import type { AuditEntry } from "./entry";

/** An entry as somebody reads it: with its personal values where they are still there. */
export interface ListedEntry extends AuditEntry {
  readonly before: Readonly<Record<string, unknown>> | null;
  readonly after: Readonly<Record<string, unknown>> | null;
  /** Null: not sealed yet. */
  readonly seq: string | null;
}

export interface EntryPage {
  readonly first: number;
  /** The last entry of the page before. */
  readonly after?: { readonly at: Date; readonly id: string };
  readonly targetId?: string;
  readonly actorId?: string;
  /** A whole action or its first part: `member` for all that was done to members. */
  readonly action?: string;
  readonly result?: "DONE" | "DENIED";
  readonly from?: Date;
  readonly until?: Date;
}

const list = statement(
  "audit-list",
  `select e.id, e.at, e.caller_kind as "callerKind", e.actor_id as "actorId", e.actor, e.action,
     e.target_kind as "targetKind", e.target_id as "targetId", e.result, e.facts,
     e.personal_digest as "personalDigest", e.request_id as "requestId", e.seq, p.before, p.after
   from audit_entry e
   left join audit_personal p on p.org_id = e.org_id and p.entry_id = e.id
   where e.org_id = $1 and ($2::timestamptz is null or (e.at, e.id) < ($2, $3::uuid))
     and ($4::uuid is null or e.target_id = $4) and ($5::uuid is null or e.actor_id = $5)
     and ($6::text is null or e.action = $6 or starts_with(e.action, $6 || '.'))
     and ($7::text is null or e.result = $7)
     and e.at >= coalesce($8::timestamptz, '-infinity') and e.at < coalesce($9::timestamptz, 'infinity')
   order by e.at desc, e.id desc limit $10`,
);

/** Newest first. */
export async function findEntries(tx: Tx, page: EntryPage): Promise<ListedEntry[]> {
  return sql(tx).many<ListedEntry>(list, [
    ...[tx.orgId, page.after?.at ?? null, page.after?.id ?? null, page.targetId ?? null, page.actorId ?? null],
    ...[page.action ?? null, page.result ?? null, page.from ?? null, page.until ?? null, page.first],
  ]);
}

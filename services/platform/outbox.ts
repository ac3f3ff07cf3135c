import { createHash, randomBytes } from "node:crypto";
import type { Facts } from "../kernel/errors";
import type { CallerKind, Origin } from "./caller";
import { statement } from "./statement";
import type { Question } from "./wire";

export interface EventDraft {
  readonly id: string;
  readonly name: string;
  readonly payload: object;
}

export interface AuditDraft {
  readonly id: string;
  readonly action: string;
  readonly target?: { readonly kind: string; readonly id: string };
  readonly facts?: Facts;
  readonly subjectId?: string;
  readonly before?: Facts;
  readonly after?: Facts;
  readonly result?: "DONE" | "DENIED";
}

interface Flushing {
  readonly orgId: string;
  readonly now: Date;
}

/** The task that hands the events of one unit of work to their handlers. */
export const deliverTask = "deliver-events";

// One round trip for all that a unit of work announces: events, audit entries, the job that delivers the events and
// the agenda line that wakes the sealer. The agenda row is only written when nobody has lowered it yet (ruling 1).
const flush = statement(
  "outbox-flush",
  `with events as (
     insert into domain_event (org_id, id, name, payload, actor, request_id, at)
     select $1, e.id, e.name, e.payload, $3::jsonb, $4, $2
     from jsonb_to_recordset($5::jsonb) as e (id uuid, name text, payload jsonb)
     returning id
   ), entries as (
     insert into audit_entry (org_id, at, id, caller_kind, actor_id, actor, action, target_kind, target_id, result,
                              facts, personal_digest, request_id)
     select $1, $2, a.id, $3::jsonb ->> 'kind', ($3::jsonb ->> 'id')::uuid, $3::jsonb, a.action, a.target_kind,
            a.target_id, a.result, a.facts, decode(a.digest, 'hex'), $4
     from jsonb_to_recordset($6::jsonb) as a (id uuid, action text, target_kind text, target_id uuid, result text,
                                              facts jsonb, digest text)
   ), personal as (
     insert into audit_personal (org_id, entry_id, subject_id, salt, before, after)
     select $1, p.id, p.subject_id, decode(p.salt, 'hex'), p.before, p.after
     from jsonb_to_recordset($7::jsonb) as p (id uuid, subject_id uuid, salt text, before jsonb, after jsonb)
   ), due as (
     update agenda set due_at = $2 where org_id = $1 and kind = 'SEAL' and due_at > $2
   )
   select graphile_worker.add_job('${deliverTask}', json_build_object('orgId', $1::uuid, 'eventIds', json_agg(id)))
   from events having count(*) > 0`,
);

/** The statement that writes what a unit of work announced: its last one before the commit. */
export function outboxOf(
  tx: Flushing,
  actor: { kind: CallerKind; id: string; origin: Origin },
  events: readonly EventDraft[],
  entries: readonly AuditDraft[],
): Question {
  const personal = entries.filter((e) => e.before ?? e.after).map(withDigest);
  const digests = new Map(personal.map((p) => [p.id, p.digest]));
  const lines = entries.map((e) => ({
    id: e.id,
    action: e.action,
    target_kind: e.target?.kind ?? null,
    target_id: e.target?.id ?? null,
    result: e.result ?? "DONE",
    facts: e.facts ?? {},
    digest: digests.get(e.id) ?? null,
  }));
  const drafts = [events, lines, personal].map((rows) => JSON.stringify(rows));
  return { statement: flush, values: [tx.orgId, tx.now, JSON.stringify(actor), actor.origin.requestId, ...drafts] };
}

function withDigest(entry: AuditDraft) {
  const salt = randomBytes(16).toString("hex");
  const before = entry.before ?? null;
  const after = entry.after ?? null;
  return {
    id: entry.id,
    subject_id: entry.subjectId ?? null,
    salt,
    before,
    after,
    digest: personalDigest(salt, before, after),
  };
}

/**
 * What the chain covers of personal values: a salted digest, so that deleting the values keeps the chain valid and the
 * digest alone cannot be guessed back (ruling d7, SEC-53).
 */
export function personalDigest(salt: string, before: Facts | null, after: Facts | null): string {
  return createHash("sha256").update(salt).update(canonical(before)).update(canonical(after)).digest("hex");
}

/** JSON with sorted keys: jsonb does not keep the order in which they were written. */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (value !== null && typeof value === "object") {
    // A date is stored as its text: what is hashed before it is stored must equal what is read back.
    if (value instanceof Date) return JSON.stringify(value);
    const entries = Object.entries(value as Record<string, unknown>)
      .filter(([, v]) => v !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1));
    return `{${entries.map(([k, v]) => `${JSON.stringify(k)}:${canonical(v)}`).join(",")}}`;
  }
  return value === undefined ? "null" : JSON.stringify(value);
}

import { minuteMs, plusMs } from "../../kernel/clock";
import type { OrgId } from "../../kernel/ids";
import { lobbySql, sql, statement } from "../sql";
import type { Database, Tx } from "../unit-of-work";

/** Kinds of due work. The worker sees only (organization, kind, when): no tenant data (ruling 1). */
export const agendaKinds = [
  "SEAL",
  "RENEW",
  "PRUNE",
  "RECONCILE",
  "SERVE_WAITLIST",
  "RECHECK_DOMAINS",
  "REFRESH_METADATA",
  "EXPIRY_NOTICES",
  "PURGE_CONNECTIONS",
  "PURGE_MEMBERS",
  "END_PREVIEWS",
  "UNDO_RUNS",
  "APPLY_RULES",
  "SETTLE_CONNECTIONS",
] as const;
export type AgendaKind = (typeof agendaKinds)[number];

export interface AgendaClaim {
  readonly orgId: OrgId;
  readonly kind: AgendaKind;
  /** Every write of the work checks it: a worker that slept through its lease is refused (REL-13). */
  readonly fence: string;
  readonly failures: number;
}

const create = statement(
  "agenda-create",
  `insert into agenda (org_id, kind, due_at) values ($1, $2, $3) on conflict (org_id, kind) do nothing`,
);
const lower = statement(
  "agenda-lower",
  `update agenda set due_at = $3 where org_id = $1 and kind = $2 and due_at > $3`,
);
// A claim takes the line off the due times, so that work which arrives from now on lowers it again and is not forgotten
// when the claim is settled: had the due time stayed, its "is it due later than mine?" would have found nothing to lower.
// A lease that has run out brings the line back. Leases are the database's time, due times the business's (ruling a13).
const claimDue = statement(
  "agenda-claim",
  `with due as (
     select org_id, kind, due_at from agenda
     where due_at <= $1 and parked_at is null and lease_until is null
     order by due_at limit $3 for update skip locked
   ), lost as (
     select org_id, kind, due_at from agenda
     where lease_until < now() and parked_at is null
     order by lease_until limit $3 for update skip locked
   )
   update agenda a
   set due_at = 'infinity', lease_until = now() + make_interval(secs => $2), fence = fence + 1
   from (select * from lost union all select * from due limit $3) c
   where a.org_id = c.org_id and a.kind = c.kind
   returning a.org_id as "orgId", a.kind, a.fence, a.failures`,
);
const extend = statement(
  "agenda-extend",
  `update agenda set lease_until = now() + make_interval(secs => $4) where org_id = $1 and kind = $2 and fence = $3`,
);
const settle = statement(
  "agenda-settle",
  `update agenda set due_at = least(due_at, $4::timestamptz), lease_until = null, failures = 0
   where org_id = $1 and kind = $2 and fence = $3`,
);
const fail = statement(
  "agenda-fail",
  `update agenda
   set lease_until = null, failures = failures + 1, due_at = $4::timestamptz,
       parked_at = case when failures + 1 >= 10 then $5::timestamptz end
   where org_id = $1 and kind = $2 and fence = $3`,
);

/** Puts a kind of work on the organization's agenda; `dueAt` null means: when something lowers it. */
export async function createAgenda(tx: Tx, kind: AgendaKind, dueAt: Date | null): Promise<void> {
  if (tx.shadowOf !== undefined) return;
  await sql(tx).exec(create, [tx.orgId, kind, dueAt ?? "infinity"]);
}

/** Makes work due at `dueAt` at the latest, in the transaction that creates it. */
export async function makeDue(tx: Tx, kind: AgendaKind, dueAt: Date): Promise<void> {
  await sql(tx).exec(lower, [tx.orgId, kind, dueAt]);
}

/** The same for a kind that an organization has on its agenda only once it needs it. */
export async function putOnAgenda(tx: Tx, kind: AgendaKind, dueAt: Date): Promise<void> {
  await createAgenda(tx, kind, dueAt);
  await makeDue(tx, kind, dueAt);
}

/** Claims due work, oldest first, under a lease. */
export async function claimAgenda(db: Database, limit: number, leaseSeconds = 60): Promise<AgendaClaim[]> {
  return lobbySql(db).many<AgendaClaim>(claimDue, [db.clock.now(), leaseSeconds, limit]);
}

/** Heartbeat of long work (REL-13). Answers false when the lease was lost to another worker. */
export async function extendAgenda(db: Database, claim: AgendaClaim, leaseSeconds = 60): Promise<boolean> {
  return (await lobbySql(db).exec(extend, [claim.orgId, claim.kind, claim.fence, leaseSeconds])) === 1;
}

/**
 * Ends a claim inside the last unit of work that does the work; what has come due meanwhile stays due. Answers false when
 * the lease was lost to another worker; the caller must then roll back.
 */
export async function settleAgenda(tx: Tx, claim: AgendaClaim, nextDueAt: Date | null): Promise<boolean> {
  return (await sql(tx).exec(settle, [claim.orgId, claim.kind, claim.fence, nextDueAt ?? "infinity"])) === 1;
}

/** Notes a failure: tried again with growing distance, parked after ten (REL-13). */
export async function failAgenda(db: Database, claim: AgendaClaim): Promise<void> {
  const now = db.clock.now();
  const waitMs = Math.min(60, 2 ** claim.failures) * minuteMs;
  await lobbySql(db).exec(fail, [claim.orgId, claim.kind, claim.fence, plusMs(now, waitMs), now]);
}

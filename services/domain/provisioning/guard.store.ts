import { plusMs } from "../../kernel/clock";
import {
  newId,
  type ConnectionId,
  type GroupId,
  type MemberId,
  type ProvisioningRunId,
  type SubscriptionId,
} from "../../kernel/ids";
import type { Role } from "../../platform/caller";
import { sql, statement } from "../../platform/sql";
import type { Tx } from "../../platform/unit-of-work";
import type { MemberStatus } from "../members";
import { guardWindowMs, type GuardMode, type RunState } from "./guard.rules";

/** What a member was before an identity provider took them out: all that an undo gives back. Ids only. */
export interface BeforeState {
  readonly status: MemberStatus;
  readonly role: Role;
  readonly pools: readonly SubscriptionId[];
  /** Groups that the change took them out of. */
  readonly groups: readonly GroupId[];
  /** The connection that had put them into one of those; no entry where a person had. */
  readonly addedBy?: Readonly<Record<GroupId, ConnectionId>>;
  readonly links: readonly { readonly connectionId: ConnectionId; readonly externalId: string | null }[];
}

export interface Leaving {
  readonly memberId: MemberId;
  readonly before: BeforeState;
}

/** The run that takes in what happens now, with how many left in the window as long as that decides anything. */
export interface OpenRun {
  readonly id: ProvisioningRunId;
  readonly state: RunState;
  readonly threshold: number;
  readonly endsAt: Date;
  readonly hits: number;
}

export interface GuardSettings {
  readonly mode: GuardMode;
  readonly minimum: number;
  readonly percent: number;
  /** Active members whom the connection manages. */
  readonly managed: number;
  readonly connection: string;
}

const takesIn = `(r.state in ('WATCHING', 'BLOCKED') or (r.state in ('ALERTED', 'APPROVED') and r.ends_at > $3))`;
// One that was noticed goes before one that still watches: its undo has to cover what follows.
const theOpen = `select r.id, r.state, r.threshold, r.ends_at from provisioning_run r
  where r.org_id = $1 and r.connection_id = $2 and ${takesIn}
  order by r.state = 'WATCHING', r.started_at desc limit 1`;
const joined = (more: string) => `u.before || jsonb_build_object(
    'groups', (u.before -> 'groups') || (${more} -> 'groups'),
    'addedBy', coalesce(u.before -> 'addedBy', '{}') || coalesce(${more} -> 'addedBy', '{}'),
    'links', case when jsonb_array_length(u.before -> 'links') > 0 then u.before -> 'links' else ${more} -> 'links' end)`;
// Who leaves twice in a run is one; what they were at first is what counts, and every group that they lost. In a run that
// only watches, a departure from before the window is over: whoever leaves again has left anew.
const isOver = `u.at <= $4 and (select state from open) = 'WATCHING'`;
// After the alarm the number decides nothing, and counting all who left so far with each that leaves would be a square.
const countsStill = `open.state in ('WATCHING', 'BLOCKED')`;
const note = statement(
  "guard-note",
  `with open as (${theOpen}), noted as (
     insert into provisioning_undo as u (org_id, run_id, member_id, before, at)
     select $1, open.id, w.member_id, w.before, $3
     from open, jsonb_to_recordset($5::jsonb) as w (member_id uuid, before jsonb)
     on conflict (org_id, run_id, member_id) do update
       set before = case when ${isOver} then excluded.before else ${joined("excluded.before")} end,
           at = case when ${isOver} then excluded.at else u.at end
     returning u.member_id
   ), counted as (
     select x.member_id from provisioning_undo x join open on x.run_id = open.id where x.org_id = $1 and x.at > $4
     union
     select member_id from noted
   )
   select open.id, open.state, open.threshold, open.ends_at as "endsAt",
     case when ${countsStill} then (select count(*)::integer from counted) else 0 end as hits
   from open`,
);
const remember = statement(
  "guard-remember",
  `update provisioning_undo u set before = ${joined("$3::jsonb")}
   where u.org_id = $1 and u.member_id = $2 and u.undone_at is null`,
);
const begin = statement(
  "guard-begin",
  `insert into provisioning_run
     (org_id, id, connection_id, started_at, ends_at, baseline, hits, state, threshold, updated_at)
   values ($1, $2, $3, $4, $4, $5, 0, 'WATCHING', $6, $4) on conflict do nothing`,
);
const settings = statement(
  "guard-settings",
  `select c.guard_mode as mode, c.guard_minimum as minimum, c.guard_percent as percent, c.name as connection,
     (select count(*) from member m
      where m.org_id = $1 and m.managed_by = $2 and m.status in ('INVITED', 'ACTIVE'))::integer as managed
   from identity_connection c where c.org_id = $1 and c.id = $2`,
);
const setThreshold = statement(
  "guard-set-threshold",
  `update provisioning_run set threshold = $3, baseline = $4, updated_at = $5 where org_id = $1 and id = $2`,
);
const lock = statement(
  "guard-lock",
  `select state from provisioning_run where org_id = $1 and id = $2 for no key update`,
);
const count = statement(
  "guard-count",
  `select count(*)::integer as hits from provisioning_undo where org_id = $1 and run_id = $2 and at > $3`,
);
// What left longer ago than the window has nothing to do with it.
const raise = statement(
  "guard-raise",
  `with gone as (delete from provisioning_undo where org_id = $1 and run_id = $2 and at <= $5)
   update provisioning_run
   set state = $3, alerted_at = $4, started_at = greatest(started_at, $5::timestamptz), ends_at = $6, hits = $7, updated_at = $4
   where org_id = $1 and id = $2 and state = 'WATCHING'`,
);
const extend = statement(
  "guard-extend",
  `update provisioning_run set ends_at = $3, updated_at = $4 where org_id = $1 and id = $2 and ends_at < $3`,
);
const snapshot = statement(
  "guard-snapshot",
  `select m.status, m.role,
     coalesce((select jsonb_agg(a.subscription_id) from licence_assignment a
       where a.org_id = $1 and a.member_id = m.id and a.ended_at is null), '[]') as pools,
     coalesce((select jsonb_agg(e.group_id) from group_member e
       where e.org_id = $1 and e.child_kind = 'MEMBER' and e.child_id = m.id), '[]') as groups,
     coalesce((select jsonb_object_agg(e.group_id, e.added_by) from group_member e
       where e.org_id = $1 and e.child_kind = 'MEMBER' and e.child_id = m.id and e.added_by is not null), '{}') as "addedBy",
     coalesce((select jsonb_agg(jsonb_build_object('connectionId', l.connection_id, 'externalId', l.external_id))
       from provisioning_link l where l.org_id = $1 and l.kind = 'MEMBER' and l.resource_id = m.id), '[]') as links
   from member m where m.org_id = $1 and m.id = $2 and m.status <> 'REMOVED'`,
);

/** Everything that a removal takes from a member. */
export async function snapshotOf(tx: Tx, id: MemberId): Promise<BeforeState | undefined> {
  return sql(tx).maybe<BeforeState>(snapshot, [tx.orgId, id]);
}

/** Notes who left in the run that is open; nothing where there is none yet. */
export async function noteLeaving(
  tx: Tx,
  connectionId: ConnectionId,
  leaving: readonly Leaving[],
): Promise<OpenRun | undefined> {
  const rows = JSON.stringify(leaving.map(({ memberId, before }) => ({ member_id: memberId, before })));
  return sql(tx).maybe<OpenRun>(note, [tx.orgId, connectionId, tx.now, windowStart(tx), rows]);
}

/** Adds what somebody loses who has left before to what an undo gives back. */
export async function rememberMore(tx: Tx, { memberId, before }: Leaving): Promise<void> {
  await sql(tx).exec(remember, [tx.orgId, memberId, JSON.stringify(before)]);
}

/** Begins to watch; of several who begin at once, one does. */
export async function beginRun(
  tx: Tx,
  connectionId: ConnectionId,
  run: { baseline: number; threshold: number },
): Promise<void> {
  const values = [tx.orgId, newId("provisioningRun"), connectionId, tx.now, run.baseline, run.threshold];
  await sql(tx).exec(begin, values);
}

export async function findGuard(tx: Tx, connectionId: ConnectionId): Promise<GuardSettings | undefined> {
  return sql(tx).maybe<GuardSettings>(settings, [tx.orgId, connectionId]);
}

export async function writeThreshold(
  tx: Tx,
  id: ProvisioningRunId,
  run: { baseline: number; threshold: number },
): Promise<void> {
  await sql(tx).exec(setThreshold, [tx.orgId, id, run.threshold, run.baseline, tx.now]);
}

/** Locks a run and counts who left in the window: now nobody else can pass at the same time. */
export async function recount(tx: Tx, id: ProvisioningRunId): Promise<{ state: RunState; hits: number }> {
  const [{ state }, { hits }] = await Promise.all([
    sql(tx).one<{ state: RunState }>(lock, [tx.orgId, id]),
    sql(tx).one<{ hits: number }>(count, [tx.orgId, id, windowStart(tx)]),
  ]);
  return { state, hits };
}

/** Raises the alarm once; false when it was raised already. */
export async function raiseRun(
  tx: Tx,
  id: ProvisioningRunId,
  to: "ALERTED" | "BLOCKED",
  hits: number,
): Promise<boolean> {
  const values = [tx.orgId, id, to, tx.now, windowStart(tx), plusMs(tx.now, guardWindowMs), hits];
  return (await sql(tx).exec(raise, values)) === 1;
}

/** A run that goes on is kept open until an hour after its last. */
export async function extendRun(tx: Tx, id: ProvisioningRunId, until: Date): Promise<void> {
  await sql(tx).exec(extend, [tx.orgId, id, until, tx.now]);
}

function windowStart(tx: Tx): Date {
  return plusMs(tx.now, -guardWindowMs);
}

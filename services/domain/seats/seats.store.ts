import { newId, type LicenceId, type MemberId, type SubscriptionId } from "../../kernel/ids";
import { sql, statement } from "../../platform/sql";
import type { Tx } from "../../platform/unit-of-work";
import type { LicenceEndReason, LicenceOrigin, TakenLicence } from "./seat";

// What can be given of a pool: never more than is bought now and next, and nothing while a contract line that was
// lowered below what is used waits for releases (ruling c7).
const free = `s.status in ('ACTIVE', 'PAST_DUE')
  and s.used < least(s.quantity, coalesce(s.next_quantity, s.quantity), coalesce(s.target_quantity, s.quantity))`;

const taken = `taken as (
    update subscription s set used = s.used + 1, updated_at = $3
    from pool where s.org_id = $1 and s.id = pool.id and ${free}
    returning s.id, s.kind, s.plan_code
  )
  insert into licence_assignment (org_id, id, subscription_id, kind, member_id, started_at, origin)
  select $1, $4, id, kind, $2, $3, $5 from taken
  returning id as "licenceId", subscription_id as "subscriptionId", kind,
    (select plan_code from taken) as "planCode"`;

// The default subscription first, then the other pools of its plan, earliest end first (ruling c5). The row lock makes
// the loser of a race look again at the row it waited for, and go on to the next pool.
const takeDefault = statement(
  "seat-take-default",
  `with pool as (
    select s.id from subscription s
    where s.org_id = $1 and s.kind = 'SERVICE' and ${free}
      and s.plan_code = (
        select d.plan_code from subscription d where d.org_id = $1 and d.is_default and d.status <> 'ENDED')
    order by s.is_default desc, s.term_end nulls last, s.id limit 1 for no key update
  ), ${taken}`,
);
const takeNamed = statement(
  "seat-take-named",
  `with pool as (
    select s.id from subscription s where s.org_id = $1 and s.id = $6 and ${free} for no key update
  ), ${taken}`,
);
const takeOfPlan = statement(
  "seat-take-of-plan",
  `with pool as (
    select s.id from subscription s
    where s.org_id = $1 and s.plan_code = $6 and ${free}
    order by s.is_default desc, s.term_end nulls last, s.id limit 1 for no key update
  ), ${taken}`,
);
const freePool = statement(
  "seat-free-pool",
  `select s.id from subscription s
   where s.org_id = $1 and s.plan_code = $2 and ${free}
   order by s.is_default desc, s.term_end nulls last, s.id limit 1 for no key update`,
);
// Whoever waits for a plan of their own, the longest wait first, where that plan has room.
const nextForPlan = statement(
  "seat-next-for-plan",
  `select w.member_id as "memberId", w.source, w.plan_code as "planCode", m.free_place as "freePlace"
   from seat_wait w
   join member m on m.org_id = $1 and m.id = w.member_id
   where w.org_id = $1 and w.plan_code is not null
     and exists (select 1 from subscription s where s.org_id = $1 and s.plan_code = w.plan_code and ${free})
   order by w.asked_at, w.member_id limit 1 for update of w skip locked`,
);
// Whoever sits meanwhile leaves the line; whoever does not waits on, for any seat.
const stopWaitingFor = statement(
  "seat-stop-waiting-for-plan",
  `with sits as (
     select 1 from member m where m.org_id = $1 and m.id = $2 and (m.free_place or exists (
       select 1 from licence_assignment a
       where a.org_id = $1 and a.member_id = m.id and a.kind = 'SERVICE' and a.ended_at is null))
   ), gone as (
     delete from seat_wait where org_id = $1 and member_id = $2 and plan_code = $3 and exists (select 1 from sits)
   )
   update seat_wait set plan_code = null
   where org_id = $1 and member_id = $2 and plan_code = $3 and not exists (select 1 from sits)`,
);
const leaveFreePlace = statement(
  "seat-leave-free-place",
  `update member set free_place = false where org_id = $1 and id = $2 and free_place`,
);
// A licence never ends before it began, whatever a replica's clock says (ruling c22).
const release = statement(
  "seat-release",
  `with ended as (
    update licence_assignment set ended_at = greatest(started_at, $3::timestamptz), end_reason = $4
    where org_id = $1 and member_id = $2 and ended_at is null and ($5::uuid is null or subscription_id = $5)
    returning subscription_id, kind
  ), back as (
    update subscription s set used = s.used - e.units, updated_at = $3
    from (select subscription_id, count(*)::integer as units from ended group by subscription_id) e
    where s.org_id = $1 and s.id = e.subscription_id
  )
  select subscription_id as "subscriptionId", kind from ended`,
);
const defaultPool = statement(
  "seat-default-pool",
  `select s.plan_code as "planCode", sum(s.used)::integer as used, sum(s.quantity)::integer as quantity
   from subscription s
   where s.org_id = $1 and s.kind = 'SERVICE' and s.status in ('ACTIVE', 'PAST_DUE')
     and s.plan_code = (
       select d.plan_code from subscription d where d.org_id = $1 and d.is_default and d.status <> 'ENDED')
   group by s.plan_code`,
);
const openOf = statement(
  "seat-open-of-member",
  `select l.id as "licenceId", l.subscription_id as "subscriptionId", s.plan_code as "planCode", l.kind
   from licence_assignment l join subscription s on s.org_id = l.org_id and s.id = l.subscription_id
   where l.org_id = $1 and l.member_id = $2 and l.ended_at is null order by l.kind desc, l.id`,
);
const wait = statement(
  "seat-wait",
  `insert into seat_wait (org_id, member_id, asked_at, source, plan_code) values ($1, $2, $3, $4, $5)
   on conflict (org_id, member_id) do update set plan_code = coalesce(excluded.plan_code, seat_wait.plan_code)`,
);
const stopWaiting = statement("seat-stop-waiting", `delete from seat_wait where org_id = $1 and member_id = $2`);
const nextWaiting = statement(
  "seat-next-waiting",
  `select member_id as "memberId", source, plan_code as "planCode" from seat_wait
   where org_id = $1 order by plan_code is not null, asked_at, member_id limit 1 for update skip locked`,
);
const drift = statement(
  "seat-drift",
  `select s.id as "subscriptionId", s.used, count(l.id)::integer as open
   from subscription s
   left join licence_assignment l on l.org_id = s.org_id and l.subscription_id = s.id and l.ended_at is null
   where s.org_id = $1 group by s.id, s.used having s.used <> count(l.id)`,
);

export interface PoolFacts {
  readonly planCode: string;
  readonly used: number;
  readonly quantity: number;
}

export async function takeDefaultUnit(
  tx: Tx,
  memberId: MemberId,
  origin: LicenceOrigin,
): Promise<TakenLicence | undefined> {
  return sql(tx).maybe<TakenLicence>(takeDefault, [tx.orgId, memberId, tx.now, newId("licence"), origin]);
}

export async function takeNamedUnit(
  tx: Tx,
  memberId: MemberId,
  origin: LicenceOrigin,
  subscriptionId: SubscriptionId,
): Promise<TakenLicence | undefined> {
  const values = [tx.orgId, memberId, tx.now, newId("licence"), origin, subscriptionId];
  return sql(tx).maybe<TakenLicence>(takeNamed, values);
}

export async function takeUnitOfPlan(
  tx: Tx,
  memberId: MemberId,
  origin: LicenceOrigin,
  planCode: string,
): Promise<TakenLicence | undefined> {
  return sql(tx).maybe<TakenLicence>(takeOfPlan, [tx.orgId, memberId, tx.now, newId("licence"), origin, planCode]);
}

export interface ReleasedLicence {
  readonly subscriptionId: SubscriptionId;
  readonly kind: "SERVICE" | "OPTION";
}

/** Ends the member's open licences (of one pool, or all) and gives their units back, in one statement. */
export async function releaseUnits(
  tx: Tx,
  memberId: MemberId,
  reason: LicenceEndReason,
  subscriptionId: SubscriptionId | null,
): Promise<ReleasedLicence[]> {
  return sql(tx).many<ReleasedLicence>(release, [tx.orgId, memberId, tx.now, reason, subscriptionId]);
}

/** How full the pools of the default plan are; nothing where the organization has no default subscription. */
export async function defaultPoolFacts(tx: Tx): Promise<PoolFacts | undefined> {
  return sql(tx).maybe<PoolFacts>(defaultPool, [tx.orgId]);
}

export interface OpenLicence {
  readonly licenceId: LicenceId;
  readonly subscriptionId: SubscriptionId;
  readonly planCode: string;
  readonly kind: "SERVICE" | "OPTION";
}

export async function openLicencesOf(tx: Tx, memberId: MemberId): Promise<OpenLicence[]> {
  return sql(tx).many<OpenLicence>(openOf, [tx.orgId, memberId]);
}

export async function insertWait(
  tx: Tx,
  memberId: MemberId,
  source: LicenceOrigin,
  planCode: string | null,
): Promise<void> {
  await sql(tx).exec(wait, [tx.orgId, memberId, tx.now, source, planCode]);
}

/** Ends the wait for a plan that was chosen for a member. */
export async function stopWaitingForPlan(tx: Tx, memberId: MemberId, planCode: string): Promise<void> {
  await sql(tx).exec(stopWaitingFor, [tx.orgId, memberId, planCode]);
}

/** A pool of the plan with a free unit, locked: what is taken from it next is there. */
export async function findFreePool(tx: Tx, planCode: string): Promise<SubscriptionId | undefined> {
  return (await sql(tx).maybe<{ id: SubscriptionId }>(freePool, [tx.orgId, planCode]))?.id;
}

export interface WaitingForPlan {
  readonly memberId: MemberId;
  readonly source: LicenceOrigin;
  readonly planCode: string;
  readonly freePlace: boolean;
}

export async function nextWaitingForPlan(tx: Tx): Promise<WaitingForPlan | undefined> {
  return sql(tx).maybe<WaitingForPlan>(nextForPlan, [tx.orgId]);
}

/** Notes that a member has no place of the free plan any more; false when they had none. */
export async function unmarkFreePlace(tx: Tx, memberId: MemberId): Promise<boolean> {
  return (await sql(tx).exec(leaveFreePlace, [tx.orgId, memberId])) === 1;
}

export async function deleteWait(tx: Tx, memberId: MemberId): Promise<boolean> {
  return (await sql(tx).exec(stopWaiting, [tx.orgId, memberId])) === 1;
}

/** Whoever waits longest for any seat; where nobody does, one of those who wait for a plan of their own. */
export async function nextWaitingMember(
  tx: Tx,
): Promise<{ memberId: MemberId; source: LicenceOrigin; planCode: string | null } | undefined> {
  return sql(tx).maybe<{ memberId: MemberId; source: LicenceOrigin; planCode: string | null }>(nextWaiting, [tx.orgId]);
}

/** Pools whose counter differs from their open licences: never any (INV-01). */
export async function driftedPools(tx: Tx): Promise<{ subscriptionId: SubscriptionId; used: number; open: number }[]> {
  return sql(tx).many<{ subscriptionId: SubscriptionId; used: number; open: number }>(drift, [tx.orgId]);
}

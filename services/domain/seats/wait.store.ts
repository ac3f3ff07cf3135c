import type { MemberId } from "../../kernel/ids";
import { sql, statement } from "../../platform/sql";
import type { Tx } from "../../platform/unit-of-work";
import type { LicenceOrigin } from "./seat";
import { hasFreeUnit } from "./take.store";

const wait = statement(
  "seat-wait",
  `insert into seat_wait (org_id, member_id, asked_at, source, plan_code) values ($1, $2, $3, $4, $5)
   on conflict (org_id, member_id) do update set plan_code = coalesce(excluded.plan_code, seat_wait.plan_code)`,
);
const joinedSince = statement(
  "seat-wait-joined-since",
  `select 1 as one from seat_wait where org_id = $1 and asked_at > $2 limit 1`,
);
const stopWaiting = statement("seat-stop-waiting", `delete from seat_wait where org_id = $1 and member_id = $2`);
const nextWaiting = statement(
  "seat-next-waiting",
  `select member_id as "memberId", source, plan_code as "planCode" from seat_wait
   where org_id = $1 order by plan_code is not null, asked_at, member_id limit 1 for update skip locked`,
);
// Whoever waits for a plan of their own, the longest wait first, where that plan has room.
const nextForPlan = statement(
  "seat-next-for-plan",
  `select w.member_id as "memberId", w.source, w.plan_code as "planCode", m.free_place as "freePlace"
   from seat_wait w
   join member m on m.org_id = $1 and m.id = w.member_id
   where w.org_id = $1 and w.plan_code is not null
     and exists (select 1 from subscription s where s.org_id = $1 and s.plan_code = w.plan_code and ${hasFreeUnit})
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

export async function insertWait(
  tx: Tx,
  memberId: MemberId,
  source: LicenceOrigin,
  planCode: string | null,
): Promise<void> {
  await sql(tx).exec(wait, [tx.orgId, memberId, tx.now, source, planCode]);
}

/** Whether anybody who waits has joined the line after this moment. */
export async function hasJoinedSince(tx: Tx, since: Date): Promise<boolean> {
  return (await sql(tx).exec(joinedSince, [tx.orgId, since])) > 0;
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

export interface WaitingForPlan {
  readonly memberId: MemberId;
  readonly source: LicenceOrigin;
  readonly planCode: string;
  readonly freePlace: boolean;
}

export async function nextWaitingForPlan(tx: Tx): Promise<WaitingForPlan | undefined> {
  return sql(tx).maybe<WaitingForPlan>(nextForPlan, [tx.orgId]);
}

/** Ends the wait for a plan that was chosen for a member. */
export async function stopWaitingForPlan(tx: Tx, memberId: MemberId, planCode: string): Promise<void> {
  await sql(tx).exec(stopWaitingFor, [tx.orgId, memberId, planCode]);
}

/** Notes that a member has no place of the free plan any more; false when they had none. */
export async function unmarkFreePlace(tx: Tx, memberId: MemberId): Promise<boolean> {
  return (await sql(tx).exec(leaveFreePlace, [tx.orgId, memberId])) === 1;
}

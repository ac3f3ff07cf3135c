import type { MemberId, SubscriptionId } from "../../kernel/ids";
import { massStatement, sql, statement } from "../../platform/sql";
import type { Tx } from "../../platform/unit-of-work";

const endLicences = statement(
  "pool-end-licences",
  `update licence_assignment set ended_at = greatest(started_at, $3::timestamptz), end_reason = 'POOL_ENDED'
   where org_id = $1 and subscription_id = $2 and ended_at is null
   returning member_id as "memberId"`,
);
const endPool = statement(
  "pool-end",
  `update subscription
   set status = 'ENDED', used = 0, next_quantity = null, next_plan_code = null, next_renewal_at = null, term_end = $3,
       is_default = false, updated_at = $3, version = version + 1
   where org_id = $1 and id = $2`,
);
// The star goes to the pool of the same plan that lives longest, else to none (ruling c6).
const moveStar = statement(
  "pool-end-move-star",
  `update subscription set is_default = true, updated_at = $3, version = version + 1
   where org_id = $1 and id = (
     select s.id from subscription s
     where s.org_id = $1 and s.plan_code = $2 and s.kind = 'SERVICE' and s.status in ('ACTIVE', 'PAST_DUE')
     order by s.term_end desc nulls first, s.created_at, s.id limit 1)
   returning id`,
);
const takePlaces = statement(
  "pool-end-take-free-places",
  `with room as (
     select greatest(0, least($2, coalesce(free_member_limit - free_member_used, $2))) as places
     from organization where org_id = $1 for no key update
   )
   update organization o set free_member_used = o.free_member_used + room.places
   from room where o.org_id = $1 returning room.places`,
);
const givePlaces = massStatement(
  "pool-end-give-free-places",
  `update member set free_place = true where org_id = $1 and id in (
     select m.id from member m
     where m.org_id = $1 and m.id = any($2::uuid[]) and m.status in ('INVITED', 'ACTIVE') and not m.free_place
     order by m.role = 'OWNER' desc, m.joined_at nulls last, m.id limit $3)`,
);
const seatless = massStatement(
  "pool-end-seatless",
  `select count(*)::integer as members from member m
   where m.org_id = $1 and m.id = any($2::uuid[]) and m.status in ('INVITED', 'ACTIVE') and not m.free_place`,
);
// An option is held only beside a service that lists it (SUB-09): what no open service of the member lists any more
// ends, and its units go back, in one statement.
const endOptions = massStatement(
  "licence-end-unsupported-options",
  `with ended as (
     update licence_assignment l
     set ended_at = greatest(l.started_at, $3::timestamptz), end_reason = 'REPLACED'
     from subscription s
     where l.org_id = $1 and l.member_id = any($2::uuid[]) and l.kind = 'OPTION' and l.ended_at is null
       and s.org_id = $1 and s.id = l.subscription_id
       and not exists (
         select 1 from licence_assignment held
         join subscription service on service.org_id = held.org_id and service.id = held.subscription_id
         join plan_option o on o.service_code = service.plan_code and o.option_code = s.plan_code
         where held.org_id = $1 and held.member_id = l.member_id and held.kind = 'SERVICE' and held.ended_at is null)
     returning l.member_id, l.subscription_id
   ), back as (
     update subscription s set used = s.used - e.units, updated_at = $3
     from (select subscription_id, count(*)::integer as units from ended group by subscription_id) e
     where s.org_id = $1 and s.id = e.subscription_id
   )
   select member_id as "memberId", subscription_id as "subscriptionId" from ended`,
);

/** Ends every licence of a pool and the pool; answers who held one. */
export async function endPoolRows(tx: Tx, id: SubscriptionId): Promise<MemberId[]> {
  const rows = await sql(tx).many<{ memberId: MemberId }>(endLicences, [tx.orgId, id, tx.now]);
  await sql(tx).exec(endPool, [tx.orgId, id, tx.now]);
  return rows.map((row) => row.memberId);
}

/** Hands the star on; answers to which pool. */
export async function moveStarWithinPlan(tx: Tx, planCode: string): Promise<SubscriptionId | undefined> {
  return (await sql(tx).maybe<{ id: SubscriptionId }>(moveStar, [tx.orgId, planCode, tx.now]))?.id;
}

/**
 * Lets members without a seat fall to the free plan as far as it has places, owners first (decision 13). Answers how
 * many found one; the others keep their membership without a seat.
 */
export async function giveFreePlaces(tx: Tx, memberIds: readonly MemberId[]): Promise<number> {
  const { members } = await sql(tx).one<{ members: number }>(seatless, [tx.orgId, memberIds]);
  const { places } = await sql(tx).one<{ places: number }>(takePlaces, [tx.orgId, members]);
  if (places > 0) await sql(tx).exec(givePlaces, [tx.orgId, memberIds, places]);
  return places;
}

export interface EndedOption {
  readonly memberId: MemberId;
  readonly subscriptionId: SubscriptionId;
}

/** Ends the options of members that none of their services lists. */
export async function endUnsupportedOptions(tx: Tx, memberIds: readonly MemberId[]): Promise<EndedOption[]> {
  return sql(tx).many<EndedOption>(endOptions, [tx.orgId, memberIds, tx.now]);
}

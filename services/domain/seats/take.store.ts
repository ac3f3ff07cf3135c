import { newId, type MemberId, type SubscriptionId } from "../../kernel/ids";
import { sql, statement } from "../../platform/sql";
import type { Tx } from "../../platform/unit-of-work";
import type { LicenceOrigin, TakenLicence } from "./seat";

// What can be given of a pool: never more than is bought now and next, and nothing while a contract line that was
// lowered below what is used waits for releases (ruling c7).
export const hasFreeUnit = `s.status in ('ACTIVE', 'PAST_DUE')
  and s.used < least(s.quantity, coalesce(s.next_quantity, s.quantity), coalesce(s.target_quantity, s.quantity))`;

const taken = `taken as (
    update subscription s set used = s.used + 1, updated_at = $3
    from pool where s.org_id = $1 and s.id = pool.id and ${hasFreeUnit}
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
    where s.org_id = $1 and s.kind = 'SERVICE' and ${hasFreeUnit}
      and s.plan_code = (
        select d.plan_code from subscription d where d.org_id = $1 and d.is_default and d.status <> 'ENDED')
    order by s.is_default desc, s.term_end nulls last, s.id limit 1 for no key update
  ), ${taken}`,
);
const takeNamed = statement(
  "seat-take-named",
  `with pool as (
    select s.id from subscription s where s.org_id = $1 and s.id = $6 and ${hasFreeUnit} for no key update
  ), ${taken}`,
);
const takeOfPlan = statement(
  "seat-take-of-plan",
  `with pool as (
    select s.id from subscription s
    where s.org_id = $1 and s.plan_code = $6 and ${hasFreeUnit}
    order by s.is_default desc, s.term_end nulls last, s.id limit 1 for no key update
  ), ${taken}`,
);
const freePool = statement(
  "seat-free-pool",
  `select s.id from subscription s
   where s.org_id = $1 and s.plan_code = $2 and ${hasFreeUnit}
   order by s.is_default desc, s.term_end nulls last, s.id limit 1 for no key update`,
);

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

/** A pool of the plan with a free unit, locked: what is taken from it next is there. */
export async function findFreePool(tx: Tx, planCode: string): Promise<SubscriptionId | undefined> {
  return (await sql(tx).maybe<{ id: SubscriptionId }>(freePool, [tx.orgId, planCode]))?.id;
}

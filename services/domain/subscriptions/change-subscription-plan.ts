import { invalid, notFound } from "../../kernel/errors";
import type { SubscriptionId } from "../../kernel/ids";
import type { Tx } from "../../platform/unit-of-work";
import { useCase } from "../access";
import { getPlan, getPrice, type Plan } from "../catalog";
import { decidePlan, type PricedPlan } from "./change.rules";
import { lockOwnSubscription, requireOwnBilling } from "./guard";
import { findHolders } from "./holders.store";
import { poolChanged } from "./pool-changed";
import { releaseUnsupportedOptions } from "./release-options";
import { bringUpToDate } from "./renew-pool";
import { seatsInUse } from "./seats-in-use";
import type { Subscription } from "./subscription";
import { updateSubscription } from "./subscriptions.store";

/**
 * Moves a pool to another plan: a higher one at once, a lower one with the next period; the free plan is no renewal
 * (SUB-03, SUB-05). Everybody keeps their licence, only of another plan. Ending a pool that people hold needs
 * `releaseHolders` (ruling a3).
 * @throws PlenumError `seats_in_use` with the holders; `invalid`; what `lockOwnSubscription` throws.
 */
export const changeSubscriptionPlan = useCase(
  "subscription:write",
  async (
    tx: Tx,
    input: { id: SubscriptionId; planCode: string; releaseHolders?: boolean; ifVersion?: string },
  ): Promise<Subscription> => {
    await requireOwnBilling(tx);
    const s = await bringUpToDate(tx, await lockOwnSubscription(tx, input));
    if (!s) throw notFound("subscription");
    const from = await getPlan(tx, "planCode", s.planCode);
    const to = await pricedPlan(tx, s, input.planCode);
    if (to.isFree && s.used > 0 && input.releaseHolders !== true) throw await seatsInUse(tx, s, 0);
    const { when, after, effectiveAt } = decidePlan(s, from, to, tx.now);
    if (after.planCode === s.planCode && after.nextPlanCode === s.nextPlanCode) return s;

    const changed = await updateSubscription(tx, s.id, after);
    if (changed.kind === "SERVICE" && when === "NOW") {
      await releaseUnsupportedOptions(tx, await findHolders(tx, s.id, { after: null, limit: null }));
    }

    await poolChanged(tx, {
      id: s.id,
      action: "subscription.change-plan",
      facts: { from: s.planCode, to: to.code, when, effectiveAt: effectiveAt.toISOString() },
    });
    return changed;
  },
  "changeSubscriptionPlan",
);

/**
 * A plan of the pool's kind with its price in the pool's mode and currency.
 * @throws PlenumError `invalid`.
 */
export async function pricedPlan(tx: Tx, s: Subscription, code: string): Promise<PricedPlan> {
  const plan: Plan = await getPlan(tx, "planCode", code);
  if (plan.kind !== s.kind) throw invalid("planCode", `a plan of kind ${s.kind}`, code);
  const price =
    plan.code === s.planCode
      ? s.price
      : { planCode: plan.code, ...(await getPrice(tx, plan, s.billingMode, s.price.currency)) };
  return { code: plan.code, kind: plan.kind, tierRank: plan.tierRank, isFree: plan.isFree, price };
}

import { invalid } from "../../kernel/errors";
import { periodAt } from "../../kernel/period";
import { createAgenda, makeDue } from "../../platform/lobby";
import type { Tx } from "../../platform/unit-of-work";
import { useCase } from "../access";
import { getPlan, getPrice, type BillingMode } from "../catalog";
import { parseQuantity, requireOwnBilling } from "./guard";
import { poolChanged } from "./pool-changed";
import type { PriceSnapshot, Subscription } from "./subscription";
import { insertSubscription } from "./subscriptions.store";

const billingModes: readonly BillingMode[] = ["MONTHLY", "ANNUAL", "PREPAID_12", "PREPAID_36", "PREPAID_60"];

/** @throws PlenumError `invalid`. */
export function parseBillingMode(mode: string): BillingMode {
  const known = billingModes.find((m) => m === mode);
  if (!known) throw invalid("billingMode", `one of ${billingModes.join(", ")}`, mode);
  return known;
}

/**
 * Buys a pool of licences in the organization's currency. The organization's first pool of a service becomes the default
 * one (SUB-16); the price is frozen, periods count from this day in the organization's zone (BIL-01, 03).
 * @throws PlenumError `invalid` for a plan, mode or quantity that is not sold; `forbidden` for a child organization.
 */
export const createSubscription = useCase(
  "subscription:write",
  async (tx: Tx, input: { planCode: string; quantity: number; billingMode: string }): Promise<Subscription> => {
    const organization = await requireOwnBilling(tx);
    const quantity = parseQuantity("quantity", input.quantity);
    const plan = await getPlan(tx, "planCode", input.planCode);
    if (plan.isFree) throw invalid("planCode", "a plan that is sold; the free plan needs no subscription", plan.code);
    const found = await getPrice(tx, plan, parseBillingMode(input.billingMode), organization.currency);
    const price: PriceSnapshot = { planCode: plan.code, ...found };
    const period = periodAt(tx.now, price.cycleKind, organization.timeZone, tx.now);

    const { kind, section } = plan;
    const subscription = await insertSubscription(tx, {
      ...{ planCode: plan.code, kind, section, source: "DIRECT", quantity, renewalMode: "ALWAYS" },
      ...{ billingZone: organization.timeZone, period, price },
    });
    await createAgenda(tx, "RENEW", period.end);
    await makeDue(tx, "RENEW", period.end);

    await poolChanged(tx, {
      id: subscription.id,
      action: "subscription.create",
      facts: { plan: plan.code, quantity, billingMode: price.billingMode, unitAmount: price.unitAmount },
      event: "subscription.created",
    });
    return subscription;
  },
  "createSubscription",
);

import type { Tx } from "../../platform/unit-of-work";
import { periodAt } from "../../kernel/period";
import { findPrice, type BillingMode } from "../catalog";
import { loadOrganization } from "../organizations";
import { decideRenewal, nextCycle, type Cycle } from "./renewal.rules";
import type { PriceSnapshot, Subscription } from "./subscription";

/**
 * The pool as it stands in its next period, or nothing where it ends. Reads prices and the zone, writes nothing, and
 * depends on the period's end only: after an outage of any length each period comes out as it would have (INV-12).
 */
export async function renewed(tx: Tx, s: Subscription): Promise<Subscription | undefined> {
  const renewal = decideRenewal(s);
  if (renewal.kind === "END") return undefined;
  const { timeZone } = await loadOrganization(tx);
  const mode = renewal.kind === "TO_MONTHLY" ? "MONTHLY" : s.billingMode;
  const price = await priceFrom(tx, s, renewal.planCode, mode);
  const cycle = renewal.kind === "TO_MONTHLY" ? freshCycle(s.period.end, price, timeZone) : nextCycle(s, timeZone);
  return {
    ...s,
    ...cycle,
    planCode: price.planCode,
    nextPlanCode: null,
    quantity: renewal.quantity,
    nextQuantity: null,
    billingMode: price.billingMode,
    cycleKind: price.cycleKind,
    renewalMode: renewal.kind === "TO_MONTHLY" ? "ALWAYS" : renewal.mode,
    nextRenewalAt: cycle.period.end,
    price,
  };
}

/** The pool at `tx.now`: the worker may not have come yet when somebody changes a pool whose period is over. */
export async function rolledForward(tx: Tx, subscription: Subscription): Promise<Subscription | undefined> {
  let s: Subscription | undefined = subscription;
  while (s?.nextRenewalAt && s.nextRenewalAt <= tx.now) s = await renewed(tx, s);
  return s;
}

function freshCycle(start: Date, { cycleKind }: PriceSnapshot, zone: string): Cycle {
  return { anchor: start, cycleKind, billingZone: zone, period: periodAt(start, cycleKind, zone, start) };
}

// The price list of the first day counts for the whole period (DEC-15). Where the plan is no longer sold, who has it
// keeps it at its price, and who was to move to it stays.
async function priceFrom(tx: Tx, s: Subscription, planCode: string, mode: BillingMode): Promise<PriceSnapshot> {
  const price = await findPrice(tx, planCode, mode, s.price.currency, s.period.end);
  return price ? { planCode, ...price } : s.price;
}

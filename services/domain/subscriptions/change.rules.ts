import type { PlanKind } from "../catalog";
import { sum, type Money } from "../../kernel/money";
import { chargeLine, creditLine, cyclePrice, daysOf, type ChangeLine } from "./proration.rules";
import { freePlan, type PriceSnapshot, type Subscription } from "./subscription";

/** A plan with its price for this pool's billing mode and currency. */
export interface PricedPlan {
  readonly code: string;
  readonly kind: PlanKind;
  readonly tierRank: number;
  readonly isFree: boolean;
  readonly price: PriceSnapshot;
}

/** What a change does: the same value is shown by the preview and written by the execution (INV-07). */
export interface Decision {
  /** NONE: the pool is so already, or only a scheduled change is taken back. */
  readonly when: "NOW" | "AT_PERIOD_END" | "NONE";
  readonly effectiveAt: Date;
  readonly lines: readonly ChangeLine[];
  readonly after: Pick<Subscription, "quantity" | "nextQuantity" | "planCode" | "nextPlanCode" | "price">;
}

/**
 * More seats at once, fewer at the end of the period without credit (DEC-10, DEC-11). Only what lies above the quantity
 * that is paid already is charged, so an increase after a scheduled decrease costs nothing twice (BIL-06).
 */
export function decideQuantity(s: Subscription, quantity: number, now: Date): Decision {
  const same = stateOf(s);
  if (quantity > s.quantity) {
    const line = chargeLine(s.price, quantity - s.quantity, daysOf(s.period, s.billingZone, now));
    return { when: "NOW", effectiveAt: now, lines: [line], after: { ...same, quantity, nextQuantity: null } };
  }
  const nextQuantity = quantity === s.quantity ? null : quantity;
  if (nextQuantity === null) return { when: "NONE", effectiveAt: now, lines: [], after: { ...same, nextQuantity } };
  return { when: "AT_PERIOD_END", effectiveAt: s.period.end, lines: [], after: { ...same, nextQuantity } };
}

/**
 * A higher plan at once: the rest of the old one is credited from its own snapshot, the new one charged for the same
 * days (BIL-05). A lower plan with the next period, without credit; the free plan then ends the pool.
 */
export function decidePlan(s: Subscription, from: Pick<PricedPlan, "tierRank">, to: PricedPlan, now: Date): Decision {
  const same = stateOf(s);
  if (to.code === s.planCode) {
    return { when: "NONE", effectiveAt: now, lines: [], after: { ...same, nextPlanCode: null } };
  }
  if (to.isFree || to.tierRank <= from.tierRank) {
    const after = { ...same, nextPlanCode: to.isFree ? freePlan : to.code };
    return { when: "AT_PERIOD_END", effectiveAt: s.period.end, lines: [], after };
  }
  const days = daysOf(s.period, s.billingZone, now);
  const lines = [creditLine(s.price, s.quantity, days), chargeLine(to.price, s.quantity, days)];
  const after = { ...same, planCode: to.code, nextPlanCode: null, price: to.price };
  return { when: "NOW", effectiveAt: now, lines, after };
}

/** What is due at once, and what the next period will cost; `nextPrice` is that of the plan scheduled for it. */
export function totalsOf(
  decision: Decision,
  collection: "IMMEDIATE" | "NEXT_INVOICE",
  nextPrice: PriceSnapshot,
): { dueNow: Money; nextInvoice: Money } {
  const { after, lines } = decision;
  const { currency } = nextPrice;
  const change = sum(
    currency,
    lines.map((l) => l.amount),
  );
  const cycle =
    after.nextPlanCode === freePlan
      ? { minor: 0n, currency }
      : cyclePrice(nextPrice, after.nextQuantity ?? after.quantity);
  return collection === "IMMEDIATE"
    ? { dueNow: change, nextInvoice: cycle }
    : { dueNow: { minor: 0n, currency }, nextInvoice: sum(currency, [change, cycle]) };
}

function stateOf(s: Subscription): Decision["after"] {
  const { quantity, nextQuantity, planCode, nextPlanCode, price } = s;
  return { quantity, nextQuantity, planCode, nextPlanCode, price };
}

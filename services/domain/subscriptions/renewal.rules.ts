import { assert } from "../../kernel/errors";
import { boundary, localDate, midnight, type CycleKind, type Period } from "../../kernel/period";
import { freePlan, type RenewalMode, type Subscription } from "./subscription";

/** Where a pool's periods lie. */
export interface Cycle {
  readonly anchor: Date;
  readonly cycleKind: CycleKind;
  readonly billingZone: string;
  readonly period: Period;
}

/**
 * The period after `cycle.period`: contiguous with it, its end computed from the anchor's local date (BIL-01, INV-05).
 * A zone that the organization has changed meanwhile counts from here on (C1.4).
 */
export function nextCycle(cycle: Cycle, zone: string): Cycle {
  const first = localDate(cycle.anchor, cycle.billingZone);
  const reached = localDate(cycle.period.end, cycle.billingZone);
  const k = indexOf(first, cycle.cycleKind, reached);
  const end = midnight(boundary(first, cycle.cycleKind, k + 1), zone);
  assert(end > cycle.period.end, "a period ends after it began");
  const anchor = zone === cycle.billingZone ? cycle.anchor : midnight(first, zone);
  return { ...cycle, anchor, billingZone: zone, period: { start: cycle.period.end, end } };
}

type LocalDate = ReturnType<typeof localDate>;

// Which boundary of the anchor a date is.
function indexOf(first: LocalDate, kind: CycleKind, reached: LocalDate): number {
  const longest = { CALENDAR_MONTH: 31, CALENDAR_YEAR: 366, DAYS_30: 30, DAYS_365: 365 }[kind];
  const isBefore = (k: number) => boundary(first, kind, k).until(reached).days > 0;
  let k = Math.floor(first.until(reached).days / longest);
  while (isBefore(k)) k++;
  return k;
}

/** What becomes of a pool at the end of its period (DEC-11, DEC-15). */
export type Renewal =
  | { readonly kind: "END" }
  | { readonly kind: "RENEW"; readonly planCode: string; readonly quantity: number; readonly mode: RenewalMode }
  | { readonly kind: "TO_MONTHLY"; readonly planCode: string; readonly quantity: number };

/** Applies what is scheduled, then the renewal option. Monthly pools renew until they are cancelled. */
export function decideRenewal(s: Subscription): Renewal {
  const planCode = s.nextPlanCode ?? s.planCode;
  const quantity = s.nextQuantity ?? s.quantity;
  if (planCode === freePlan || quantity === 0) return { kind: "END" };
  switch (s.renewalMode) {
    case "NONE":
      return { kind: "END" };
    case "ONCE":
      return { kind: "RENEW", planCode, quantity, mode: "NONE" };
    case "TO_MONTHLY":
      return { kind: "TO_MONTHLY", planCode, quantity };
    case "ALWAYS":
      return { kind: "RENEW", planCode, quantity, mode: "ALWAYS" };
  }
}

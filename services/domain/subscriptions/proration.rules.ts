import { assert } from "../../kernel/errors";
import { exact, toMoney, type Money } from "../../kernel/money";
import { daysLeft, type Period } from "../../kernel/period";
import type { PriceSnapshot } from "./subscription";

/** Local days from the change to the end of the period, the day of the change included (DEC-14). */
export interface Days {
  readonly left: number;
  readonly total: number;
}

/** One line of a preview or an invoice. */
export interface ChangeLine {
  readonly kind: "CHARGE" | "CREDIT";
  readonly planCode: string;
  readonly quantity: number;
  /** Exact decimal in major units, per unit and cycle. */
  readonly unitAmount: string;
  readonly daysLeft: number;
  readonly daysTotal: number;
  /** Negative for a credit. */
  readonly amount: Money;
}

/** `unit × quantity × left ÷ total`, multiplied first, divided last, rounded once (BIL-04, DEC-32). */
export function prorate(price: Pick<PriceSnapshot, "unitAmount" | "currency">, quantity: number, days: Days): Money {
  assert(days.total > 0 && days.left >= 0 && days.left <= days.total, "the change lies in its period");
  const whole = exact(price.unitAmount).times(quantity).times(days.left);
  return toMoney(whole.div(days.total), price.currency);
}

/** What a whole cycle of a pool costs, whatever is used of it (SUB-02, INV-04). */
export function cyclePrice(price: Pick<PriceSnapshot, "unitAmount" | "currency">, quantity: number): Money {
  return toMoney(exact(price.unitAmount).times(quantity), price.currency);
}

/** The days that a change at `at` pays for: the first day is the whole price, the last one n-th of it (D-6). */
export function daysOf(period: Period, zone: string, at: Date): Days {
  assert(period.start <= at && at < period.end, "the change lies in the period");
  return daysLeft(period, zone, at);
}

export function chargeLine(price: PriceSnapshot, quantity: number, days: Days): ChangeLine {
  return line("CHARGE", price, quantity, days, prorate(price, quantity, days));
}

/** A credit is prorated as the charge that it takes back, from that charge's own snapshot, then negated (BIL-05). */
export function creditLine(price: PriceSnapshot, quantity: number, days: Days): ChangeLine {
  const { minor, currency } = prorate(price, quantity, days);
  return line("CREDIT", price, quantity, days, { minor: -minor, currency });
}

function line(
  kind: ChangeLine["kind"],
  { planCode, unitAmount }: PriceSnapshot,
  quantity: number,
  days: Days,
  amount: Money,
): ChangeLine {
  return { kind, planCode, quantity, unitAmount, daysLeft: days.left, daysTotal: days.total, amount };
}

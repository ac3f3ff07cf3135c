import Decimal from "decimal.js";
import { assert } from "./errors";

/** An amount at rest and on an invoice: minor units of one currency (decision 9). */
export interface Money {
  readonly minor: bigint;
  readonly currency: string;
}

// Enough digits for numeric(24,10) products; rounding happens in one place below.
const Exact = Decimal.clone({ precision: 60, rounding: Decimal.ROUND_HALF_UP });

/** An exact decimal: unit prices such as 0.0503 €. Written and read as text, never as a float. */
export type ExactAmount = Decimal;

/** Reads a decimal from our own rows, e.g. "12.00". */
export function exact(text: string | bigint | number): ExactAmount {
  return new Exact(typeof text === "bigint" ? text.toString() : text);
}

/** How many minor units one major unit has: 2 for EUR, 0 for JPY. */
export function minorDigits(currency: string): number {
  const parts = new Intl.NumberFormat("en", { style: "currency", currency }).resolvedOptions();
  return parts.maximumFractionDigits ?? 2;
}

/** Rounds once, half away from zero (DEC-32); `amount` is in major units. */
export function toMoney(amount: ExactAmount, currency: string): Money {
  const minor = amount.times(new Exact(10).pow(minorDigits(currency)));
  return { minor: BigInt(minor.toFixed(0, Decimal.ROUND_HALF_UP)), currency };
}

/** The amount in major units as text: "12.00". */
export function formatMajor(money: Money): string {
  const digits = minorDigits(money.currency);
  return new Exact(money.minor.toString()).div(new Exact(10).pow(digits)).toFixed(digits);
}

/** A price per unit as text: two digits at least, and every one that counts: "12.00", "0.0503". */
export function formatUnitPrice(text: string): string {
  const price = exact(text);
  return price.toFixed(Math.max(2, price.decimalPlaces()));
}

/** Adds amounts of one currency; none gives zero. */
export function sum(currency: string, amounts: readonly Money[]): Money {
  let minor = 0n;
  for (const amount of amounts) {
    assert(amount.currency === currency, "amounts of one sum share a currency");
    minor += amount.minor;
  }
  return { minor, currency };
}

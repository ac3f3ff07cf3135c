import { Temporal } from "temporal-polyfill";
import { assert } from "./errors";

/** A half-open span of time `[start, end)`. */
export interface Period {
  readonly start: Date;
  readonly end: Date;
}

export const cycleKinds = ["CALENDAR_MONTH", "CALENDAR_YEAR", "DAYS_30", "DAYS_365"] as const;
/** How long one billing cycle is (DEC-13). */
export type CycleKind = (typeof cycleKinds)[number];

/** The calendar date of an instant in a zone. */
export function localDate(at: Date, zone: string): Temporal.PlainDate {
  return Temporal.Instant.fromEpochMilliseconds(at.getTime()).toZonedDateTimeISO(zone).toPlainDate();
}

/** Local midnight as an instant: a missing local time moves forward, a doubled one takes the first (BIL-03). */
export function midnight(date: Temporal.PlainDate, zone: string): Date {
  return new Date(date.toZonedDateTime({ timeZone: zone }).epochMilliseconds);
}

/**
 * Boundary k of a cycle, computed from the anchor and never from the boundary before, so that 31 January → 28 February
 * → 31 March (BIL-01, BIL-02).
 */
export function boundary(anchor: Temporal.PlainDate, kind: CycleKind, k: number): Temporal.PlainDate {
  const step = {
    CALENDAR_MONTH: { months: k },
    CALENDAR_YEAR: { years: k },
    DAYS_30: { days: 30 * k },
    DAYS_365: { days: 365 * k },
  }[kind];
  return anchor.add(step, { overflow: "constrain" });
}

/** The cycle of `anchor` that contains `at`. */
export function periodAt(anchor: Date, kind: CycleKind, zone: string, at: Date): Period {
  assert(at >= anchor, "the instant lies at or after the anchor");
  const first = localDate(anchor, zone);
  const days = Math.max(0, first.until(localDate(at, zone)).days);
  const shortest = { CALENDAR_MONTH: 28, CALENDAR_YEAR: 365, DAYS_30: 30, DAYS_365: 365 }[kind];
  let k = Math.max(0, Math.floor(days / shortest));
  const start = (n: number) => (n === 0 ? anchor : midnight(boundary(first, kind, n), zone));
  while (k > 0 && start(k) > at) k--;
  while (start(k + 1) <= at) k++;
  return { start: start(k), end: start(k + 1) };
}

/** Local days from the day of `at` to the end, and of the whole period; the day of change counts (DEC-14). */
export function daysLeft(period: Period, zone: string, at: Date): { left: number; total: number } {
  const start = localDate(period.start, zone);
  const end = localDate(period.end, zone);
  return { left: localDate(at, zone).until(end).days, total: start.until(end).days };
}

/** Whether a text names a time zone that this machine knows. */
export function isTimeZone(zone: string): boolean {
  try {
    return /^[A-Za-z0-9_+\-/]{1,64}$/.test(zone) && Boolean(new Intl.DateTimeFormat("en", { timeZone: zone }));
  } catch {
    return false;
  }
}

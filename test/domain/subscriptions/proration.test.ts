import { Temporal } from "temporal-polyfill";
import fc from "fast-check";
import { exact, formatMajor, sum, toMoney } from "../../../services/kernel/money";
import { boundary, midnight, periodAt, type Period } from "../../../services/kernel/period";
import {
  chargeLine,
  creditLine,
  cyclePrice,
  daysOf,
  prorate,
} from "../../../services/domain/subscriptions/proration.rules";
import type { PriceSnapshot } from "../../../services/domain/subscriptions/subscription";

const priced = (unitAmount: string, currency = "USD"): PriceSnapshot => ({
  ...{ planCode: "teams", billingMode: "MONTHLY", cycleKind: "CALENDAR_MONTH", currency, unitAmount },
});
const major = (unitAmount: string, days: { left: number; total: number }, currency = "USD", quantity = 1) =>
  formatMajor(prorate(priced(unitAmount, currency), quantity, days));
const at = (text: string) => new Date(text);
const utc = (from: string, to: string): Period => ({
  start: at(`${from}T00:00:00Z`),
  end: at(`${to}T00:00:00Z`),
});

test.each([
  ["O-S1 (the old price's half)", "10", { left: 15, total: 30 }, "USD", "5.00"],
  ["O-CB1 (30 a month, half of November)", "30", { left: 15, total: 30 }, "USD", "15.00"],
  ["O-CB1 (100 a month, half of November)", "100", { left: 15, total: 30 }, "USD", "50.00"],
  ["O-SL1", "8", { left: 20, total: 30 }, "USD", "5.33"],
  ["O-SL2", "6.30", { left: 20, total: 30 }, "GBP", "4.20"],
  ["O-RE1", "10", { left: 15, total: 30 }, "USD", "5.00"],
  ["O-K1 (nine of 31 days)", "24.95", { left: 9, total: 31 }, "USD", "7.24"],
  ["O-K2 (22 of 30)", "24.95", { left: 22, total: 30 }, "USD", "18.30"],
  ["O-K3 (eight of 31)", "24.95", { left: 8, total: 31 }, "USD", "6.44"],
  ["O-K4 (25 of 30)", "24.95", { left: 25, total: 30 }, "USD", "20.79"],
  ["O-K5 (20 of 30)", "17.95", { left: 20, total: 30 }, "USD", "11.97"],
  ["D-6 (bought on day 1 of 30)", "30", { left: 30, total: 30 }, "EUR", "30.00"],
  ["D-6 (bought on day 11)", "30", { left: 20, total: 30 }, "EUR", "20.00"],
  ["D-6 (bought on day 30)", "30", { left: 1, total: 30 }, "EUR", "1.00"],
] as const)("BIL-04: %s of %s per unit", (_oracle, unit, days, currency, expected) => {
  expect(major(unit, days, currency)).toBe(expected);
});

test("BIL-04, O-K1 … O-K4: the days between two dates are the local days of the half-open period", () => {
  expect(daysOf(utc("2021-08-25", "2021-09-25"), "UTC", at("2021-09-16T08:00:00Z"))).toEqual({ left: 9, total: 31 });
  expect(daysOf(utc("2021-09-17", "2021-10-17"), "UTC", at("2021-09-25T00:00:00Z"))).toEqual({ left: 22, total: 30 });
  expect(daysOf(utc("2021-08-25", "2021-09-25"), "UTC", at("2021-09-17T00:00:00Z"))).toEqual({ left: 8, total: 31 });
  expect(daysOf(utc("2021-09-25", "2021-10-25"), "UTC", at("2021-09-30T23:59:59Z"))).toEqual({ left: 25, total: 30 });
});

test("BIL-05, O-S1: moving from 10 to 20 at half of the period credits 5, charges 10, nets 5", () => {
  const days = { left: 15, total: 30 };
  const lines = [creditLine(priced("10"), 1, days), chargeLine(priced("20"), 1, days)];
  expect(lines.map((line) => line.amount.minor)).toEqual([-500n, 1000n]);
  const amounts = lines.map((line) => line.amount);
  expect(sum("USD", amounts)).toEqual({ minor: 500n, currency: "USD" });
});

test("BIL-05, O-CB1: 30 to 100 on 15 November, 16 days in: credit 15, charge 50, then 100 a month", () => {
  const days = daysOf(utc("2024-11-01", "2024-12-01"), "UTC", at("2024-11-16T00:00:00Z"));
  expect(creditLine(priced("30"), 1, days).amount.minor).toBe(-1500n);
  expect(chargeLine(priced("100"), 1, days).amount.minor).toBe(5000n);
  expect(cyclePrice(priced("100"), 1).minor).toBe(10000n);
});

test("DEC-32, O-S2: a price of 0.05 cent times 30 rounds once, to 2 cents", () => {
  expect(toMoney(exact("0.0005").times(30), "USD")).toEqual({ minor: 2n, currency: "USD" });
  expect(cyclePrice(priced("0.0005"), 30).minor).toBe(2n);
});

test("O-K5: the add-on joins the base's invoice: 24.95 and 17.95 make 42.90", () => {
  const lines = [cyclePrice(priced("24.95"), 1), cyclePrice(priced("17.95"), 1)];
  expect(formatMajor(sum("USD", lines))).toBe("42.90");
});

test("SUB-02, INV-04, D-1: five seats at 12.00 cost 60.00 a period, however many are used", () => {
  expect(formatMajor(cyclePrice(priced("12.0000000000", "EUR"), 5))).toBe("60.00");
});

test("DEC-32: yen have no minor digits, and halves round away from zero", () => {
  expect(prorate(priced("1001", "JPY"), 1, { left: 1, total: 2 })).toEqual({ minor: 501n, currency: "JPY" });
  expect(creditLine(priced("1001", "JPY"), 1, { left: 1, total: 2 }).amount.minor).toBe(-501n);
});

test("DEC-14: the whole period costs the whole price, and the parts of a day-by-day split never exceed it by rounding more than half a cent each", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 1_000_000 }),
      fc.integer({ min: 1, max: 500 }),
      fc.integer({ min: 1, max: 366 }),
      fc.nat({ max: 366 }),
      (milli, quantity, total, some) => {
        const left = some % (total + 1);
        const price = priced(exact(milli).div(1000).toString());
        const whole = prorate(price, quantity, { left: total, total }).minor;
        expect(whole).toBe(cyclePrice(price, quantity).minor);
        const parts =
          prorate(price, quantity, { left, total }).minor +
          prorate(price, quantity, { left: total - left, total }).minor;
        expect([-1n, 0n, 1n]).toContain(parts - whole);
      },
    ),
  );
});

const months = (anchor: string, count: number) =>
  Array.from({ length: count }, (_, k) =>
    boundary(Temporal.PlainDate.from(anchor), "CALENDAR_MONTH", k + 1).toString(),
  );

test("BIL-01, O-B1: a pool begun on 31 December bills at each month's end, leap February included", () => {
  expect(months("2022-12-31", 15)).toEqual([
    ...["2023-01-31", "2023-02-28", "2023-03-31", "2023-04-30", "2023-05-31", "2023-06-30", "2023-07-31"],
    ...["2023-08-31", "2023-09-30", "2023-10-31", "2023-11-30", "2023-12-31", "2024-01-31", "2024-02-29"],
    "2024-03-31",
  ]);
});

test("BIL-01, O-B2, O-B3, O-B4: the 30th and the 28th keep their day as far as the month has it", () => {
  expect(months("2023-01-30", 14)).toEqual(expect.arrayContaining(["2023-02-28", "2023-03-30", "2024-02-29"]));
  expect(new Set(months("2023-02-28", 24).map((day) => day.slice(8)))).toEqual(new Set(["28"]));
  const anchor = at("2024-01-31T00:00:00Z");
  const spans = ["2024-01-31", "2024-02-29", "2024-03-31"].map((day) => {
    const period = periodAt(anchor, "CALENDAR_MONTH", "UTC", at(`${day}T12:00:00Z`));
    return [period.start, period.end].map((instant) => instant.toISOString().slice(0, 10));
  });
  expect(spans).toEqual([
    ["2024-01-31", "2024-02-29"],
    ["2024-02-29", "2024-03-31"],
    ["2024-03-31", "2024-04-30"],
  ]);
});

test("BIL-01, O-B5: a leap day's years end on 28 February, and on the 29th again after four", () => {
  const years = (anchor: string, k: number) => boundary(Temporal.PlainDate.from(anchor), "CALENDAR_YEAR", k).toString();
  expect(years("2020-02-29", 3)).toBe("2023-02-28");
  expect([1, 3, 4].map((k) => years("2024-02-29", k))).toEqual(["2025-02-28", "2027-02-28", "2028-02-29"]);
});

test("BIL-02, DEC-13, D-4, D-5: cycles of 30 and 365 days count days and drift against the calendar", () => {
  const days = (anchor: string, kind: "DAYS_30" | "DAYS_365", k: number) =>
    boundary(Temporal.PlainDate.from(anchor), kind, k).toString();
  expect([1, 2, 3, 4].map((k) => days("2024-01-31", "DAYS_30", k))).toEqual([
    ...["2024-03-01", "2024-03-31", "2024-04-30", "2024-05-30"],
  ]);
  expect(days("2024-01-01", "DAYS_365", 1)).toBe("2024-12-31");
  expect(days("2023-03-01", "DAYS_365", 1)).toBe("2024-02-29");
});

test.each([
  // Months whose length in hours is not a multiple of 24: local days count, so a day costs a day (B3, B4).
  ["Europe/Paris", "2026-03-01", "2026-04-01", "2026-03-29", 3, 31],
  ["Europe/Paris", "2026-10-01", "2026-11-01", "2026-10-25", 7, 31],
  ["America/New_York", "2026-03-01", "2026-04-01", "2026-03-08", 24, 31],
  ["America/New_York", "2026-11-01", "2026-12-01", "2026-11-01", 30, 30],
  ["Australia/Sydney", "2026-04-01", "2026-05-01", "2026-04-05", 26, 30],
  ["Australia/Lord_Howe", "2026-10-01", "2026-11-01", "2026-10-04", 28, 31],
] as const)("BIL-03: in %s the period from %s to %s has whole local days", (zone, from, to, day, left, total) => {
  const date = (text: string) => Temporal.PlainDate.from(text);
  const period = { start: midnight(date(from), zone), end: midnight(date(to), zone) };
  const first = midnight(date(day), zone);
  expect(daysOf(period, zone, first)).toEqual({ left, total });
  const lastMs = midnight(date(day).add({ days: 1 }), zone).getTime() - 1;
  expect(daysOf(period, zone, new Date(lastMs))).toEqual({ left, total });
});

test("BIL-03: a midnight that a zone skips moves forward, one that comes twice is the first", () => {
  // Beirut put its clocks forward at 00:00 on 30 March 2025; Havana repeats the hour from 00:00 on 2 November 2025.
  expect(midnight(Temporal.PlainDate.from("2025-03-30"), "Asia/Beirut").toISOString()).toBe("2025-03-29T22:00:00.000Z");
  expect(midnight(Temporal.PlainDate.from("2025-11-02"), "America/Havana").toISOString()).toBe(
    "2025-11-02T04:00:00.000Z",
  );
});

import fc from "fast-check";
import type { SubscriptionId } from "../../../services/kernel/ids";
import { cycleKinds, periodAt, type CycleKind } from "../../../services/kernel/period";
import {
  decidePlan,
  decideQuantity,
  totalsOf,
  type PricedPlan,
} from "../../../services/domain/subscriptions/change.rules";
import { decideRenewal, nextCycle } from "../../../services/domain/subscriptions/renewal.rules";
import {
  availableOf,
  ceilingOf,
  type PriceSnapshot,
  type Subscription,
} from "../../../services/domain/subscriptions/subscription";

const at = (text: string) => new Date(text);
const price = (planCode: string, unitAmount: string): PriceSnapshot => ({
  ...{ planCode, billingMode: "MONTHLY", cycleKind: "CALENDAR_MONTH", currency: "EUR", unitAmount },
});
const plan = (code: string, tierRank: number, unitAmount: string): PricedPlan => ({
  ...{ code, kind: "SERVICE", tierRank, isFree: code === "free", price: price(code, unitAmount) },
});
const free = plan("free", 0, "0");
const teams = plan("teams", 1, "12.00");
const enterprise = plan("enterprise", 2, "20.00");

// April 2026 has thirty days; Paris is on summer time.
const april = { start: at("2026-03-31T22:00:00Z"), end: at("2026-04-30T22:00:00Z") };
const pool: Subscription = {
  ...{ id: "00000000-0000-7000-8000-000000000001" as SubscriptionId, planCode: "teams", kind: "SERVICE" },
  ...{ section: "SERVICE", source: "DIRECT", quantity: 5, nextQuantity: null, targetQuantity: null, used: 4 },
  ...{ nextPlanCode: null, status: "ACTIVE", billingMode: "MONTHLY", cycleKind: "CALENDAR_MONTH" },
  ...{ billingZone: "Europe/Paris", anchor: april.start, period: april, termEnd: null, renewalMode: "ALWAYS" },
  ...{ nextRenewalAt: april.end, isDefault: true, price: teams.price, createdAt: april.start, version: "1" },
} as const;
const on16 = at("2026-04-16T10:00:00Z");

test("DEC-10, BIL-04: a seat bought in mid-month costs the rest of the month, at once", () => {
  const decision = decideQuantity(pool, 6, on16);
  expect(decision).toMatchObject({ when: "NOW", effectiveAt: on16, after: { quantity: 6, nextQuantity: null } });
  expect(decision.lines).toEqual([
    {
      ...{ kind: "CHARGE", planCode: "teams", quantity: 1, unitAmount: "12.00", daysLeft: 15, daysTotal: 30 },
      amount: { minor: 600n, currency: "EUR" },
    },
  ]);
  expect(totalsOf(decision, "IMMEDIATE", pool.price)).toEqual({
    dueNow: { minor: 600n, currency: "EUR" },
    nextInvoice: { minor: 7200n, currency: "EUR" },
  });
});

test("DEC-10: an organization that collects with the next invoice pays nothing now and the same in all", () => {
  const decision = decideQuantity(pool, 6, on16);
  expect(totalsOf(decision, "NEXT_INVOICE", pool.price)).toEqual({
    dueNow: { minor: 0n, currency: "EUR" },
    nextInvoice: { minor: 7800n, currency: "EUR" },
  });
});

test("DEC-11: fewer seats come with the next period, without credit", () => {
  const decision = decideQuantity(pool, 4, on16);
  expect(decision).toMatchObject({
    ...{ when: "AT_PERIOD_END", effectiveAt: april.end, lines: [], after: { quantity: 5, nextQuantity: 4 } },
  });
  expect(totalsOf(decision, "IMMEDIATE", pool.price)).toEqual({
    dueNow: { minor: 0n, currency: "EUR" },
    nextInvoice: { minor: 4800n, currency: "EUR" },
  });
});

test("BIL-06, O-L8: after a scheduled decrease an increase charges only above what is paid already", () => {
  const ten = { ...pool, quantity: 10, nextQuantity: 5 };
  expect(decideQuantity(ten, 8, on16)).toMatchObject({ lines: [], after: { quantity: 10, nextQuantity: 8 } });
  expect(decideQuantity(ten, 10, on16)).toMatchObject({ when: "NONE", lines: [], after: { nextQuantity: null } });
  const twelve = decideQuantity(ten, 12, on16);
  expect(twelve.lines.map((line) => [line.quantity, line.amount.minor])).toEqual([[2, 1200n]]);
  expect(twelve.after).toMatchObject({ quantity: 12, nextQuantity: null });
});

test("BIL-05, B2: an upgrade credits the price that was paid, whatever the price list says now", () => {
  const bought = { ...pool, price: price("teams", "10.00") };
  const decision = decidePlan(bought, teams, enterprise, on16);
  expect(decision.lines.map((line) => [line.kind, line.planCode, line.amount.minor])).toEqual([
    ["CREDIT", "teams", -2500n],
    ["CHARGE", "enterprise", 5000n],
  ]);
  expect(decision.after).toMatchObject({ planCode: "enterprise", nextPlanCode: null, price: enterprise.price });
  expect(totalsOf(decision, "IMMEDIATE", enterprise.price).dueNow.minor).toBe(2500n);
});

test("SUB-03, DEC-11: a lower plan comes with the next period; a later upgrade replaces it", () => {
  const high = { ...pool, planCode: "enterprise", price: enterprise.price };
  const lower = decidePlan(high, enterprise, teams, on16);
  expect(lower).toMatchObject({ when: "AT_PERIOD_END", effectiveAt: april.end, lines: [] });
  expect(lower.after).toMatchObject({ planCode: "enterprise", nextPlanCode: "teams" });
  expect(totalsOf(lower, "IMMEDIATE", teams.price).nextInvoice.minor).toBe(6000n);
  const scheduled = { ...pool, nextPlanCode: "free" };
  expect(decidePlan(scheduled, teams, enterprise, on16).after.nextPlanCode).toBeNull();
  expect(decidePlan(scheduled, teams, teams, on16)).toMatchObject({ when: "NONE", after: { nextPlanCode: null } });
});

test("SUB-05, DEC-11: the free plan is no renewal: nothing is due, and the next invoice is nothing", () => {
  const decision = decidePlan(pool, teams, free, on16);
  expect(decision).toMatchObject({ when: "AT_PERIOD_END", lines: [], after: { nextPlanCode: "free" } });
  expect(totalsOf(decision, "IMMEDIATE", pool.price)).toEqual({
    dueNow: { minor: 0n, currency: "EUR" },
    nextInvoice: { minor: 0n, currency: "EUR" },
  });
  expect(decideRenewal({ ...pool, nextPlanCode: "free" })).toEqual({ kind: "END" });
});

test.each([
  ["NONE", { kind: "END" }],
  ["ONCE", { kind: "RENEW", planCode: "teams", quantity: 5, mode: "NONE" }],
  ["ALWAYS", { kind: "RENEW", planCode: "teams", quantity: 5, mode: "ALWAYS" }],
  ["TO_MONTHLY", { kind: "TO_MONTHLY", planCode: "teams", quantity: 5 }],
] as const)("DEC-15: the renewal option %s", (renewalMode, expected) => {
  expect(decideRenewal({ ...pool, renewalMode })).toEqual(expected);
});

test("DEC-11, BIL-08: what is scheduled is applied before the pool renews", () => {
  expect(decideRenewal({ ...pool, nextQuantity: 3, nextPlanCode: "enterprise" })).toEqual({
    ...{ kind: "RENEW", planCode: "enterprise", quantity: 3, mode: "ALWAYS" },
  });
});

test("INV-02, SUB-19: what can be given is capped by what is bought now and next, and by a lowered contract line", () => {
  expect(availableOf(pool)).toBe(1);
  expect(availableOf({ ...pool, nextQuantity: 4 })).toBe(0);
  expect(availableOf({ ...pool, targetQuantity: 2 })).toBe(0);
  expect(availableOf({ ...pool, status: "FROZEN" })).toBe(0);
  expect(ceilingOf({ quantity: 9, nextQuantity: 7, targetQuantity: 8 })).toBe(7);
});

const zones = ["UTC", "Europe/Paris", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "Pacific/Apia"];
const anchors = fc.date({ min: at("2020-01-01T00:00:00Z"), max: at("2030-12-31T00:00:00Z"), noInvalidDate: true });

test("INV-05, BIL-01: periods follow each other without gap or overlap and equal those computed from the anchor", () => {
  fc.assert(
    fc.property(anchors, fc.constantFrom(...cycleKinds), fc.constantFrom(...zones), (anchor, cycleKind, zone) => {
      let cycle = { anchor, cycleKind, billingZone: zone, period: periodAt(anchor, cycleKind, zone, anchor) };
      for (let n = 0; n < 14; n++) {
        const next = nextCycle(cycle, zone);
        expect(next.period.start).toEqual(cycle.period.end);
        expect(next.period).toEqual(periodAt(anchor, cycleKind, zone, cycle.period.end));
        cycle = next;
      }
    }),
    { numRuns: 60 },
  );
});

test("C1.4: a new zone counts from the next period on: no gap, no short period, the anchor's day stays", () => {
  const days = (kind: CycleKind) => ({ CALENDAR_MONTH: 28, CALENDAR_YEAR: 365, DAYS_30: 30, DAYS_365: 365 })[kind];
  fc.assert(
    fc.property(
      anchors,
      fc.constantFrom(...cycleKinds),
      fc.constantFrom(...zones),
      fc.constantFrom(...zones),
      (anchor, cycleKind, from, to) => {
        const first = { anchor, cycleKind, billingZone: from, period: periodAt(anchor, cycleKind, from, anchor) };
        const moved = nextCycle(first, to);
        const again = nextCycle(moved, to);
        expect(moved.period.start).toEqual(first.period.end);
        expect(again.period.start).toEqual(moved.period.end);
        for (const { period } of [moved, again]) {
          const length = (period.end.getTime() - period.start.getTime()) / 86_400_000;
          expect(length).toBeGreaterThan(days(cycleKind) - 1.2);
          expect(length).toBeLessThan(days(cycleKind) + 4.2);
        }
      },
    ),
    { numRuns: 100 },
  );
  const january = { start: at("2026-01-30T23:00:00Z"), end: at("2026-02-27T23:00:00Z") };
  const paris = {
    anchor: january.start,
    cycleKind: "CALENDAR_MONTH",
    billingZone: "Europe/Paris",
    period: january,
  } as const;
  const tokyo = nextCycle(paris, "Asia/Tokyo");
  expect(tokyo.period.end.toISOString()).toBe("2026-03-30T15:00:00.000Z");
  expect(nextCycle(tokyo, "Asia/Tokyo").period.end.toISOString()).toBe("2026-04-29T15:00:00.000Z");
});

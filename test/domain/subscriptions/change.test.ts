import { publicId } from "../../../services/kernel/ids";
import { hasEntitlement } from "../../../services/domain/organizations";
import {
  changeSubscriptionPlan,
  changeSubscriptionQuantity,
  createSubscription,
  listHolders,
  previewSubscriptionChange,
  setDefaultSubscription,
  showSeatSummary,
  undoScheduledChange,
} from "../../../services/domain/subscriptions";
import { buildOrg, testClock, testWorld } from "../../support/world";
import { historyOf, poolOf, refusal, reload } from "./support";

const inMidApril = "2026-04-16T09:00:00.000Z";

async function scene(seats = 5, plan = "teams") {
  const clock = testClock("2026-03-31T22:00:00.000Z"); // 1 April in Paris
  const db = await testWorld({ clock });
  const org = await buildOrg(db, { seats, plan });
  clock.set(inMidApril);
  return { clock, org, pool: await poolOf(org, plan) };
}

test("SUB-01, SUB-02, SUB-19, D-1: 5 seats, 4 users, 5 billed: the numbers are distinct", async () => {
  const { org } = await scene(5);
  await org.add("anne");
  await org.add("bea");
  await org.invite("carl");
  expect(await org.run((tx) => showSeatSummary(tx, {}))).toEqual({
    ...{ purchased: 5, used: 4, reserved: 1, occupied: 3, available: 1, billed: 5 },
  });
});

test("SUB-04, BIL-01, BIL-03: a pool counts its period from the first day, in the organization's zone", async () => {
  const { org, pool } = await scene();
  expect(pool).toMatchObject({
    ...{ planCode: "teams", kind: "SERVICE", source: "DIRECT", quantity: 5, used: 1, isDefault: true },
    ...{ billingMode: "MONTHLY", cycleKind: "CALENDAR_MONTH", billingZone: "Europe/Paris", renewalMode: "ALWAYS" },
    period: { start: new Date("2026-03-31T22:00:00.000Z"), end: new Date("2026-04-30T22:00:00.000Z") },
    nextRenewalAt: new Date("2026-04-30T22:00:00.000Z"),
    price: { planCode: "teams", unitAmount: "12.0000000000", currency: "EUR" },
  });
  const yearly = await org.run((tx) =>
    createSubscription(tx, { planCode: "enterprise", quantity: 2, billingMode: "ANNUAL" }),
  );
  expect(yearly).toMatchObject({ isDefault: false, cycleKind: "CALENDAR_YEAR" });
  expect(yearly.period.end).toEqual(new Date("2027-04-15T22:00:00.000Z"));
});

test("SUB-04: what is not sold is refused, naming what is", async () => {
  const { org } = await scene();
  const create = (planCode: string, quantity: number, billingMode: string) =>
    refusal(org.run((tx) => createSubscription(tx, { planCode, quantity, billingMode })));
  expect((await create("gold", 1, "MONTHLY")).facts).toMatchObject({ field: "planCode", received: "gold" });
  expect((await create("free", 1, "MONTHLY")).facts).toMatchObject({ field: "planCode", received: "free" });
  expect((await create("teams", 0, "MONTHLY")).facts).toMatchObject({ field: "quantity", received: "0" });
  expect((await create("teams", 1.5, "MONTHLY")).code).toBe("invalid");
  expect((await create("teams", 1, "WEEKLY")).facts).toMatchObject({ field: "billingMode" });
  expect((await create("teams", 1, "PREPAID_12")).facts).toMatchObject({ field: "billingMode" });
});

test("ORG-17: a member may neither read nor change the subscription, an administrator may", async () => {
  const { org, pool } = await scene();
  const anne = await org.add("anne");
  const change = (role: "MEMBER" | "ADMIN") =>
    org.run((tx) => changeSubscriptionQuantity(tx, { id: pool.id, quantity: 6 }), org.person(anne.id, role));
  const refused = await refusal(change("MEMBER"));
  expect([refused.code, refused.facts]).toEqual(["forbidden", { permission: "subscription:write" }]);
  expect((await change("ADMIN")).quantity).toBe(6);
});

test("DEC-10, INV-07: a seat bought in mid-month costs what the preview said, and works at once", async () => {
  const { org, pool } = await scene(1);
  const preview = await org.run((tx) => previewSubscriptionChange(tx, { id: pool.id, quantity: 2 }));
  expect(preview).toMatchObject({
    ...{ when: "NOW", dueNow: { minor: 600n, currency: "EUR" }, nextInvoice: { minor: 2400n, currency: "EUR" } },
    ...{ effectiveAt: new Date(inMidApril), nextInvoiceAt: pool.period.end },
    lines: [{ kind: "CHARGE", quantity: 1, daysLeft: 15, daysTotal: 30 }],
  });
  expect((await reload(org, pool.id)).quantity).toBe(1);

  const changed = await org.run((tx) => changeSubscriptionQuantity(tx, { id: pool.id, quantity: 2 }));
  expect({ ...preview.after }).toEqual({
    ...{ quantity: changed.quantity, nextQuantity: changed.nextQuantity, planCode: changed.planCode },
    ...{ nextPlanCode: changed.nextPlanCode, price: changed.price },
  });
  await org.add("anne");
  expect((await reload(org, pool.id)).used).toBe(2);
});

test("DEC-11, INV-02: fewer seats wait for the period's end, but nobody new sits above them until then", async () => {
  const { org, pool } = await scene(5);
  await org.add("anne");
  const changed = await org.run((tx) => changeSubscriptionQuantity(tx, { id: pool.id, quantity: 2 }));
  expect(changed).toMatchObject({ quantity: 5, nextQuantity: 2, version: "2" });
  const refused = await refusal(org.add("bea"));
  expect([refused.code, refused.facts]).toEqual(["seats_exhausted", { plan: "teams", used: 2, quantity: 5 }]);
  expect((await org.run((tx) => showSeatSummary(tx, {}))).available).toBe(0);

  const undone = await org.run((tx) => undoScheduledChange(tx, { id: pool.id }));
  expect(undone).toMatchObject({ quantity: 5, nextQuantity: null });
  await org.add("bea");
  const nothing = await refusal(org.run((tx) => undoScheduledChange(tx, { id: pool.id })));
  expect([nothing.code, nothing.facts]).toEqual([
    "nothing_scheduled",
    { subscription: publicId("subscription", pool.id) },
  ]);
});

test("DEC-11: fewer than are used is refused with those who hold them, before and instead of the change", async () => {
  const { org, pool } = await scene(5);
  const anne = await org.add("anne");
  const preview = await refusal(org.run((tx) => previewSubscriptionChange(tx, { id: pool.id, quantity: 1 })));
  const change = await refusal(org.run((tx) => changeSubscriptionQuantity(tx, { id: pool.id, quantity: 1 })));
  expect([change.code, change.facts]).toEqual([
    "seats_in_use",
    {
      ...{ subscription: publicId("subscription", pool.id), used: 2, requested: 1 },
      holders: [org.ownerId, anne.id].sort().map((id) => publicId("member", id)),
    },
  ]);
  expect([preview.code, preview.facts]).toEqual([change.code, change.facts]);
});

test("BIL-06: after a scheduled decrease only what lies above the paid seats is charged", async () => {
  const { org, pool } = await scene(10);
  const change = (quantity: number) => org.run((tx) => changeSubscriptionQuantity(tx, { id: pool.id, quantity }));
  await change(5);
  expect(await change(8)).toMatchObject({ quantity: 10, nextQuantity: 8 });
  const preview = await org.run((tx) => previewSubscriptionChange(tx, { id: pool.id, quantity: 12 }));
  expect(preview.dueNow.minor).toBe(1200n);
  expect(await change(12)).toMatchObject({ quantity: 12, nextQuantity: null });
});

test("DEC-16: on a year that is paid ahead an increase keeps the end, a decrease waits for it", async () => {
  const { org } = await scene();
  const yearly = await org.run((tx) =>
    createSubscription(tx, { planCode: "enterprise", quantity: 2, billingMode: "ANNUAL" }),
  );
  const change = (quantity: number) => org.run((tx) => changeSubscriptionQuantity(tx, { id: yearly.id, quantity }));
  expect(await change(3)).toMatchObject({ quantity: 3, period: yearly.period, nextRenewalAt: yearly.period.end });
  expect(await change(1)).toMatchObject({ quantity: 3, nextQuantity: 1, period: yearly.period });
});

test("SUB-03, BIL-05: a higher plan at once, credited and charged for the days left; features follow", async () => {
  const { org, pool } = await scene(4);
  const preview = await org.run((tx) => previewSubscriptionChange(tx, { id: pool.id, planCode: "enterprise" }));
  expect(preview.lines.map((line) => [line.kind, line.planCode, line.amount.minor])).toEqual([
    ["CREDIT", "teams", -2400n],
    ["CHARGE", "enterprise", 4000n],
  ]);
  expect([preview.dueNow.minor, preview.nextInvoice.minor]).toEqual([1600n, 8000n]);
  expect(await org.run((tx) => hasEntitlement(tx, "certificates"))).toBe(false);
  const changed = await org.run((tx) => changeSubscriptionPlan(tx, { id: pool.id, planCode: "enterprise" }));
  expect(changed).toMatchObject({ planCode: "enterprise", price: { unitAmount: "20.0000000000" }, used: 1 });
  expect(await org.run((tx) => hasEntitlement(tx, "certificates"))).toBe(true);
});

test("SUB-03: a lower plan waits for the period's end and costs nothing until then", async () => {
  const { org, pool } = await scene(4, "enterprise");
  const preview = await org.run((tx) => previewSubscriptionChange(tx, { id: pool.id, planCode: "teams" }));
  expect(preview).toMatchObject({ when: "AT_PERIOD_END", dueNow: { minor: 0n }, nextInvoice: { minor: 4800n } });
  const changed = await org.run((tx) => changeSubscriptionPlan(tx, { id: pool.id, planCode: "teams" }));
  expect(changed).toMatchObject({ planCode: "enterprise", nextPlanCode: "teams" });
  const back = await org.run((tx) => changeSubscriptionPlan(tx, { id: pool.id, planCode: "enterprise" }));
  expect(back).toMatchObject({ planCode: "enterprise", nextPlanCode: null });
});

test("SUB-05, ruling a3: leaving for the free plan names the holders unless they are to be released", async () => {
  const { org, pool } = await scene(2);
  const refused = await refusal(org.run((tx) => changeSubscriptionPlan(tx, { id: pool.id, planCode: "free" })));
  expect([refused.code, refused.facts]).toEqual([
    "seats_in_use",
    {
      ...{ subscription: publicId("subscription", pool.id), used: 1, requested: 0 },
      holders: [publicId("member", org.ownerId)],
    },
  ]);
  const left = await org.run((tx) =>
    changeSubscriptionPlan(tx, { id: pool.id, planCode: "free", releaseHolders: true }),
  );
  expect(left).toMatchObject({ status: "ACTIVE", nextPlanCode: "free", used: 1 });
});

test("SUB-03: a service does not become an option", async () => {
  const { org, pool } = await scene();
  const refused = await refusal(org.run((tx) => changeSubscriptionPlan(tx, { id: pool.id, planCode: "recording" })));
  expect([refused.code, refused.facts]).toEqual([
    "invalid",
    { field: "planCode", expected: "a plan of kind SERVICE", received: "recording" },
  ]);
});

test("SUB-16, ruling 7: the star moves, newcomers follow it, features do not", async () => {
  const { org, pool } = await scene(2);
  const other = await org.run((tx) =>
    createSubscription(tx, { planCode: "enterprise", quantity: 2, billingMode: "MONTHLY" }),
  );
  expect(await org.run((tx) => setDefaultSubscription(tx, { id: other.id }))).toMatchObject({ isDefault: true });
  expect((await reload(org, pool.id)).isDefault).toBe(false);
  await org.add("anne");
  expect((await reload(org, other.id)).used).toBe(1);
  expect(await org.run((tx) => hasEntitlement(tx, "sso"))).toBe(true);
  await org.run((tx) => setDefaultSubscription(tx, { id: pool.id }));
  expect(await org.run((tx) => hasEntitlement(tx, "sso"))).toBe(true);
  const option = await org.run((tx) =>
    createSubscription(tx, { planCode: "recording", quantity: 1, billingMode: "MONTHLY" }),
  );
  const refused = await refusal(org.run((tx) => setDefaultSubscription(tx, { id: option.id })));
  expect([refused.code, refused.facts]).toMatchObject(["invalid", { received: "OPTION" }]);
});

test("SUB-16: two people who move the star at once leave exactly one", async () => {
  const { org, pool } = await scene(2);
  const create = () =>
    org.run((tx) => createSubscription(tx, { planCode: "teams", quantity: 2, billingMode: "MONTHLY" }));
  const others = [await create(), await create(), await create()];
  await Promise.allSettled(others.map((o) => org.run((tx) => setDefaultSubscription(tx, { id: o.id }))));
  const stars = await Promise.all([pool, ...others].map((o) => reload(org, o.id)));
  expect(stars.filter((s) => s.isDefault)).toHaveLength(1);
});

test("GQL-19: a pool that changed meanwhile is not changed again unseen", async () => {
  const { org, pool } = await scene();
  const change = (quantity: number, ifVersion: string) =>
    org.run((tx) => changeSubscriptionQuantity(tx, { id: pool.id, quantity, ifVersion }));
  const changed = await change(6, pool.version);
  const refused = await refusal(change(7, pool.version));
  expect([refused.code, refused.facts]).toEqual(["stale_version", { version: changed.version }]);
});

test("SUB-12, SUB-13, INV-09: who is on a subscription, and what happened to it: one line for each change", async () => {
  const { org, pool } = await scene(3);
  const anne = await org.add("anne");
  const holders = [org.ownerId, anne.id].sort();
  expect(await org.run((tx) => listHolders(tx, { id: pool.id, first: 10 }))).toEqual(holders);
  expect(await org.run((tx) => listHolders(tx, { id: pool.id, first: 1 }))).toEqual(holders.slice(0, 1));
  const [after] = holders;
  expect(await org.run((tx) => listHolders(tx, { id: pool.id, first: 1, ...(after ? { after } : {}) }))).toEqual(
    holders.slice(1),
  );

  await org.run((tx) => changeSubscriptionQuantity(tx, { id: pool.id, quantity: 4 }));
  await org.run((tx) => changeSubscriptionQuantity(tx, { id: pool.id, quantity: 4 }));
  await org.run((tx) => changeSubscriptionQuantity(tx, { id: pool.id, quantity: 2 }));
  await org.run((tx) => undoScheduledChange(tx, { id: pool.id }));
  expect((await historyOf(org, pool.id)).map(({ action, facts }) => [action, facts.to ?? null])).toEqual([
    ["subscription.create", null],
    ["subscription.change-quantity", 4],
    ["subscription.change-quantity", 2],
    ["subscription.undo-scheduled-change", null],
  ]);
});

test("NFR-01: another organization's subscription is not found, whatever is asked of it", async () => {
  const { org } = await scene();
  const { pool: foreign } = await scene();
  const asked = [
    () => org.run((tx) => changeSubscriptionQuantity(tx, { id: foreign.id, quantity: 9 })),
    () => org.run((tx) => changeSubscriptionPlan(tx, { id: foreign.id, planCode: "enterprise" })),
    () => org.run((tx) => previewSubscriptionChange(tx, { id: foreign.id, quantity: 9 })),
    () => org.run((tx) => setDefaultSubscription(tx, { id: foreign.id })),
    () => org.run((tx) => undoScheduledChange(tx, { id: foreign.id })),
  ];
  for (const work of asked) expect((await refusal(work())).code).toBe("not_found");
});

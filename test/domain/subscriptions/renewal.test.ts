import { changeOrganization, hasEntitlement } from "../../../services/domain/organizations";
import {
  applyDueChanges,
  assignLicence,
  changeSubscriptionPlan,
  changeSubscriptionQuantity,
  createSubscription,
  getSubscription,
  listSubscriptions,
} from "../../../services/domain/subscriptions";
import { claimAgenda } from "../../../services/platform/lobby";
import { openLicencesOf } from "../../../services/domain/seats";
import { sql, statement } from "../../../services/platform/sql";
import { countRows } from "../../support/database";
import { buildOrg, testClock, testWorld, type TestOrg } from "../../support/world";
import { drift, hasFreePlace, historyOf, poolOf, reload } from "./support";

async function scene(input: { seats: number; plan?: string }) {
  const clock = testClock("2026-01-31T09:00:00.000Z");
  const db = await testWorld({ clock });
  const org = await buildOrg(db, input);
  return { clock, db, org, pool: await poolOf(org, input.plan) };
}

const apply = (org: TestOrg) => org.run((tx) => applyDueChanges(tx, {}), org.system);

async function applyAll(org: TestOrg): Promise<number> {
  for (let periods = 0; ; periods++) {
    const { nextDueAt } = await apply(org);
    if (!nextDueAt || nextDueAt > org.db.clock.now()) return periods + 1;
  }
}

const raiseLimit = statement("test-free-limit", `update organization set free_member_limit = $2 where org_id = $1`);
const setMode = statement(
  "test-renewal-mode",
  `update subscription set renewal_mode = $3 where org_id = $1 and id = $2`,
);

test("BIL-07: before the period's end nothing is due; at its very instant it renews", async () => {
  const { clock, org, pool } = await scene({ seats: 2 });
  clock.set(new Date(pool.period.end.getTime() - 1));
  expect(await apply(org)).toEqual({ nextDueAt: pool.period.end });
  expect((await reload(org, pool.id)).period).toEqual(pool.period);
  clock.set(pool.period.end);
  expect(await apply(org)).toEqual({ nextDueAt: new Date("2026-03-30T22:00:00.000Z") });
  expect((await reload(org, pool.id)).period).toEqual({
    ...{ start: new Date("2026-02-27T23:00:00.000Z"), end: new Date("2026-03-30T22:00:00.000Z") },
  });
});

test("DEC-11, BIL-08: at the period's end the scheduled quantity and plan come into force", async () => {
  const { clock, org, pool } = await scene({ seats: 5, plan: "enterprise" });
  await org.run((tx) => changeSubscriptionQuantity(tx, { id: pool.id, quantity: 3 }));
  await org.run((tx) => changeSubscriptionPlan(tx, { id: pool.id, planCode: "teams" }));
  expect(await org.run((tx) => hasEntitlement(tx, "sso"))).toBe(true);
  clock.set(pool.period.end);
  await apply(org);
  expect(await reload(org, pool.id)).toMatchObject({
    ...{ planCode: "teams", nextPlanCode: null, quantity: 3, nextQuantity: null, used: 1, isDefault: true },
    price: { planCode: "teams", unitAmount: "12.0000000000" },
  });
  expect(await org.run((tx) => hasEntitlement(tx, "sso"))).toBe(false);
  const history = await historyOf(org, pool.id);
  expect(history.at(-1)).toMatchObject({
    action: "subscription.renew",
    facts: { plan: "teams", planBefore: "enterprise", quantity: 3, quantityBefore: 5 },
  });
});

test("INV-05, INV-12, NFR-05: after 370 days away every period is made up for, one by one, as if on time", async () => {
  const late = await scene({ seats: 2 });
  const onTime = await scene({ seats: 2 });
  const ends: Date[] = [];
  for (let n = 0; n < 12; n++) {
    onTime.clock.set((await reload(onTime.org, onTime.pool.id)).period.end);
    await apply(onTime.org);
    ends.push((await reload(onTime.org, onTime.pool.id)).period.end);
  }
  late.clock.set("2027-02-05T09:00:00.000Z");
  onTime.clock.set("2027-02-05T09:00:00.000Z");
  expect(await applyAll(late.org)).toBe(12);
  const spans = async ({ org, pool }: typeof late) =>
    (await historyOf(org, pool.id))
      .filter(({ action }) => action === "subscription.renew")
      .map(({ facts }) => [facts.periodStart, facts.periodEnd]);
  expect(await spans(late)).toEqual(await spans(onTime));
  const made = await spans(late);
  expect(made.map(([, end]) => end)).toEqual(ends.map((end) => end.toISOString()));
  for (const [n, [start]] of made.entries()) if (n > 0) expect(start).toBe(made[n - 1]?.[1]);
  expect((await reload(late.org, late.pool.id)).period).toEqual((await reload(onTime.org, onTime.pool.id)).period);
});

test("BIL-07: two workers at one boundary make one period of it", async () => {
  const { clock, org, pool } = await scene({ seats: 2 });
  clock.set(pool.period.end);
  await Promise.all([apply(org), apply(org), apply(org), apply(org)]);
  expect((await historyOf(org, pool.id)).filter(({ action }) => action === "subscription.renew")).toHaveLength(1);
});

test("BIL-07: a change that comes before the worker finds the pool in its running period", async () => {
  const { clock, org, pool } = await scene({ seats: 5 });
  await org.run((tx) => changeSubscriptionQuantity(tx, { id: pool.id, quantity: 3 }));
  clock.set("2026-03-15T09:00:00.000Z");
  const changed = await org.run((tx) => changeSubscriptionQuantity(tx, { id: pool.id, quantity: 4 }));
  expect(changed).toMatchObject({ quantity: 4, nextQuantity: null });
  expect(changed.period.end).toEqual(new Date("2026-03-30T22:00:00.000Z"));
});

test("ruling 1, BIL-07: the agenda knows the end of the earliest period, and nothing of the tenant", async () => {
  const { clock, db, org, pool } = await scene({ seats: 2 });
  const mine = async () => (await claimAgenda(db, 1000)).filter((c) => c.orgId === org.orgId && c.kind === "RENEW");
  clock.set(new Date(pool.period.end.getTime() - 1));
  expect(await mine()).toEqual([]);
  clock.set(pool.period.end);
  expect(await mine()).toMatchObject([{ orgId: org.orgId, kind: "RENEW", failures: 0 }]);
});

test("DEC-17, decision 13: when a pool ends its members fall to the free plan while it has room; nobody is removed", async () => {
  const { clock, org, pool } = await scene({ seats: 4 });
  const anne = await org.add("anne");
  const bea = await org.add("bea");
  await org.run((tx) => sql(tx).exec(raiseLimit, [tx.orgId, 2]), org.system);
  await org.run((tx) => changeSubscriptionPlan(tx, { id: pool.id, planCode: "free", releaseHolders: true }));
  clock.set(pool.period.end);
  expect(await apply(org)).toEqual({ nextDueAt: null });
  expect(await reload(org, pool.id)).toMatchObject({ status: "ENDED", used: 0, isDefault: false, nextRenewalAt: null });
  const places = [
    await hasFreePlace(org, org.ownerId),
    await hasFreePlace(org, anne.id),
    await hasFreePlace(org, bea.id),
  ];
  expect(places).toEqual([true, true, false]);
  expect(await org.run((tx) => openLicencesOf(tx, bea.id))).toEqual([]);
  expect(await drift(org)).toEqual([]);
  expect((await historyOf(org, pool.id)).at(-1)).toMatchObject({
    action: "subscription.end",
    facts: { plan: "teams", holders: 3, freePlaces: 2 },
  });
  expect(await org.run((tx) => hasEntitlement(tx, "crm"))).toBe(false);
});

test("ruling c6: the star of a pool that ends goes to the plan's longest-lived pool, else to none", async () => {
  const { clock, org, pool } = await scene({ seats: 2 });
  const second = await org.run((tx) =>
    createSubscription(tx, { planCode: "teams", quantity: 2, billingMode: "ANNUAL" }),
  );
  await org.run((tx) => createSubscription(tx, { planCode: "enterprise", quantity: 2, billingMode: "ANNUAL" }));
  await org.run((tx) => changeSubscriptionPlan(tx, { id: pool.id, planCode: "free", releaseHolders: true }));
  clock.set(pool.period.end);
  await apply(org);
  const star = (await org.run((tx) => listSubscriptions(tx, {}))).filter((s) => s.isDefault);
  expect(star.map((s) => s.id)).toEqual([second.id]);
  await org.run((tx) => changeSubscriptionPlan(tx, { id: second.id, planCode: "free" }));
  clock.set(second.period.end);
  await applyAll(org);
  const left = await org.run((tx) => listSubscriptions(tx, {}));
  expect(left.map((s) => [s.planCode, s.isDefault])).toEqual([["enterprise", false]]);
});

test("SUB-09, ruling b1: a plan that falls takes the options with it that it does not list, no others", async () => {
  const { clock, org, pool } = await scene({ seats: 2, plan: "enterprise" });
  const buy = (planCode: string) =>
    org.run((tx) => createSubscription(tx, { planCode, quantity: 1, billingMode: "ANNUAL" }));
  const [attendant, recording] = [await buy("attendant"), await buy("recording")];
  for (const { id } of [attendant, recording]) {
    await org.run((tx) => assignLicence(tx, { memberId: org.ownerId, subscriptionId: id }));
  }
  await org.run((tx) => changeSubscriptionPlan(tx, { id: pool.id, planCode: "teams" }));
  clock.set(pool.period.end);
  await apply(org);
  const held = await org.run((tx) => openLicencesOf(tx, org.ownerId));
  expect(held.map((licence) => licence.planCode).sort()).toEqual(["recording", "teams"]);
  expect([(await reload(org, attendant.id)).used, (await reload(org, recording.id)).used]).toEqual([0, 1]);
  expect(await drift(org)).toEqual([]);
});

test.each([
  ["NONE", { status: "ENDED" }],
  ["ONCE", { status: "ACTIVE", renewalMode: "NONE", billingMode: "ANNUAL" }],
  ["ALWAYS", { status: "ACTIVE", renewalMode: "ALWAYS", billingMode: "ANNUAL" }],
  ["TO_MONTHLY", { status: "ACTIVE", renewalMode: "ALWAYS", billingMode: "MONTHLY", cycleKind: "CALENDAR_MONTH" }],
] as const)("DEC-15: at the end of its year a pool with renewal %s", async (mode, expected) => {
  const { clock, org } = await scene({ seats: 1 });
  const yearly = await org.run((tx) =>
    createSubscription(tx, { planCode: "enterprise", quantity: 3, billingMode: "ANNUAL" }),
  );
  await org.run((tx) => assignLicence(tx, { memberId: org.ownerId, subscriptionId: yearly.id }));
  await org.run((tx) => sql(tx).exec(setMode, [tx.orgId, yearly.id, mode]), org.system);
  clock.set(yearly.period.end);
  await applyAll(org);
  const after = await org.run((tx) => getSubscription(tx, { id: yearly.id }));
  expect(after).toMatchObject(expected);
  const held = await org.run((tx) => openLicencesOf(tx, org.ownerId));
  expect(held.map((licence) => licence.planCode)).toEqual(mode === "NONE" ? [] : ["enterprise"]);
  if (mode === "TO_MONTHLY") {
    expect(after.price.unitAmount).toBe("20.0000000000");
    expect(after.period).toEqual({ start: yearly.period.end, end: new Date("2027-02-27T23:00:00.000Z") });
  }
});

test("C1.4: a change of the organization's zone counts from the next period on", async () => {
  const { clock, org, pool } = await scene({ seats: 1 });
  await org.run((tx) => changeOrganization(tx, { timeZone: "America/New_York" }));
  expect((await reload(org, pool.id)).period).toEqual(pool.period);
  clock.set(pool.period.end);
  await apply(org);
  const moved = await reload(org, pool.id);
  expect(moved.billingZone).toBe("America/New_York");
  expect(moved.period).toEqual({ start: pool.period.end, end: new Date("2026-03-31T04:00:00.000Z") });
  clock.set(moved.period.end);
  await apply(org);
  expect((await reload(org, pool.id)).period.end).toEqual(new Date("2026-04-30T04:00:00.000Z"));
});

test("decision 13, SUB-09: a pool that ten thousand hold changes its plan and ends within the time of a statement", async () => {
  await scene({ seats: 1 });
  await countRows();
  const { clock, org, pool } = await scene({ seats: 10_001, plan: "enterprise" });
  const attendant = await org.run((tx) =>
    createSubscription(tx, { planCode: "attendant", quantity: 10_000, billingMode: "ANNUAL" }),
  );
  const write = (label: string, text: string, values: readonly unknown[]) =>
    org.run((tx) => sql(tx).exec(statement(label, text), [tx.orgId, ...values]), org.system);
  await write(
    "test-many-members",
    `insert into member (org_id, id, status, role, origin, user_name, user_name_key, created_at, updated_at)
     select $1, gen_random_uuid(), 'ACTIVE', 'MEMBER', 'IMPORT', 'm' || n, 'm' || n, $2, $2
     from generate_series(1, 10000) n`,
    [clock.now()],
  );
  for (const { id, kind } of [pool, attendant]) {
    await write(
      "test-many-licences",
      `insert into licence_assignment (org_id, id, subscription_id, kind, member_id, started_at, origin)
       select $1, gen_random_uuid(), $2, $3, m.id, $4, 'IMPORT' from member m where m.org_id = $1 and m.role = 'MEMBER'`,
      [id, kind, clock.now()],
    );
    await write("test-many-used", `update subscription set used = used + 10000 where org_id = $1 and id = $2`, [id]);
  }
  await write("test-free-limit", `update organization set free_member_limit = $2 where org_id = $1`, [5_000]);

  await org.run((tx) => changeSubscriptionPlan(tx, { id: pool.id, planCode: "teams" }));
  clock.set(pool.period.end);
  await apply(org);
  expect((await reload(org, attendant.id)).used).toBe(0);
  const teams = await org.run((tx) =>
    changeSubscriptionPlan(tx, { id: pool.id, planCode: "free", releaseHolders: true }),
  );
  clock.set(teams.period.end);
  await apply(org);
  expect((await historyOf(org, pool.id)).at(-1)?.facts).toMatchObject({ holders: 10_001, freePlaces: 5_000 });
  expect(await drift(org)).toEqual([]);
}, 60_000);

import { minuteMs } from "../../services/kernel/clock";
import { changeOrganization } from "../../services/domain/organizations";
import { changeSubscriptionQuantity, listSubscriptions } from "../../services/domain/subscriptions";
import { claimAgenda, extendAgenda, makeDue, type AgendaClaim } from "../../services/platform/lobby";
import { lobbySql, statement } from "../../services/platform/sql";
import { doClaimed, LeaseLost, workAgenda } from "../../services/worker/agenda-loop";
import { agendaWork, type AgendaWork } from "../../services/worker/agenda-work";
import { readFreshness } from "../../services/worker/freshness.store";
import { buildOrg, testClock, type TestOrg } from "../support/world";
import { lonelyDatabase, tools } from "./support";

const lines = statement(
  "test-agenda",
  `select kind, due_at as "dueAt", lease_until is not null as leased, fence, failures, parked_at is not null as parked
   from agenda where org_id = $1 order by kind`,
);
const expire = statement(
  "test-expire",
  `update agenda set lease_until = now() - interval '1 second' where lease_until is not null`,
);

interface Line {
  readonly kind: string;
  readonly dueAt: Date | number;
  readonly leased: boolean;
  readonly fence: string;
  readonly failures: number;
  readonly parked: boolean;
}

async function scene() {
  const clock = testClock();
  const db = await lonelyDatabase(clock);
  const org = await buildOrg(db);
  return { clock, db, org };
}

const line = async (org: TestOrg, kind: string): Promise<Line> => {
  const found = (await lobbySql(org.db).many<Line>(lines, [org.orgId])).find((l) => l.kind === kind);
  if (!found) throw new Error(`no line ${kind}`);
  return found;
};

async function settleAll(org: TestOrg): Promise<void> {
  for (let n = 0; n < 50 && (await workAgenda(org.db, tools)) > 0; n++);
}

async function claimOne(org: TestOrg, kind: string): Promise<AgendaClaim> {
  const found = (await claimAgenda(org.db, 20)).find((claim) => claim.kind === kind);
  if (!found) throw new Error(`${kind} is not due`);
  return found;
}

const seals: AgendaWork = agendaWork.SEAL as AgendaWork;

test("ruling 1: every kind of due work has somebody who does it, and afterwards its next time", async () => {
  const { clock, org } = await scene();
  await settleAll(org);
  const now = clock.now().getTime();
  const due = async (kind: string) => {
    const { dueAt } = await line(org, kind);
    return dueAt instanceof Date ? dueAt.getTime() - now : dueAt;
  };
  expect(await due("PRUNE")).toBe(60 * minuteMs);
  expect(await due("RECONCILE")).toBe(24 * 60 * minuteMs);
  expect(await due("SEAL")).toBe(1_000);
  clock.advanceMs(1_000);
  await settleAll(org);
  expect(await due("SEAL")).toBe(Infinity);
  expect((await line(org, "SEAL")).leased).toBe(false);
});

test("DEC-11, BIL-07, SEC-51: what is scheduled comes into force, period by period, and is in the sealed log", async () => {
  const { clock, org } = await scene();
  const [pool] = await org.run((tx) => listSubscriptions(tx, {}));
  if (!pool) throw new Error("no pool");
  await org.run((tx) => changeSubscriptionQuantity(tx, { id: pool.id, quantity: 3 }));
  clock.set("2026-07-20T00:00:00.000Z");
  await settleAll(org);
  const [after] = await org.run((tx) => listSubscriptions(tx, {}));
  expect(after).toMatchObject({ quantity: 3, nextQuantity: null });
  expect(after?.period.start).toEqual(new Date("2026-07-05T22:00:00.000Z"));
  expect((await line(org, "RENEW")).dueAt).toEqual(after?.period.end);
});

test("REL-13: who claims holds a lease; the next worker takes it over only when it has run out, and the first is refused", async () => {
  const { org } = await scene();
  const first = await claimOne(org, "SEAL");
  expect((await claimAgenda(org.db, 20)).filter((c) => c.kind === "SEAL")).toEqual([]);
  await lobbySql(org.db).exec(expire);
  const second = await claimOne(org, "SEAL");
  expect(BigInt(second.fence)).toBe(BigInt(first.fence) + 1n);
  await expect(doClaimed(org.db, tools, first, seals)).rejects.toThrow(LeaseLost);
  expect(await extendAgenda(org.db, first)).toBe(false);
  expect(await extendAgenda(org.db, second)).toBe(true);
  await doClaimed(org.db, tools, second, seals);
  expect(await line(org, "SEAL")).toMatchObject({ leased: false, failures: 0 });
});

test("REL-13: what a worker without its lease did is rolled back with its refusal", async () => {
  const { org } = await scene();
  const claim = await claimOne(org, "SEAL");
  await lobbySql(org.db).exec(expire);
  await claimOne(org, "SEAL");
  const rename: AgendaWork = (db, caller, settle) =>
    db.run(caller, async (tx) => {
      await changeOrganization(tx, { name: "Written too late" });
      await settle(tx, null);
    });
  await expect(doClaimed(org.db, tools, claim, rename)).rejects.toThrow(LeaseLost);
  const { name } = await org.run((tx) => changeOrganization(tx, {}));
  expect(name).not.toBe("Written too late");
});

test("ruling 1: work that comes due while its line is claimed stays due, also where it comes later than the claim", async () => {
  const { clock, org } = await scene();
  await settleAll(org);
  clock.advanceMs(2_000);
  await settleAll(org);
  await org.run((tx) => changeOrganization(tx, { name: "First" }));
  const claim = await claimOne(org, "SEAL");
  clock.advanceMs(50);
  await org.run((tx) => changeOrganization(tx, { name: "Second" }));
  const nothing: AgendaWork = (db, caller, settle) => db.run(caller, (tx) => settle(tx, null));
  await doClaimed(org.db, tools, claim, nothing);
  expect((await line(org, "SEAL")).dueAt).toEqual(clock.now());

  const renew = new Date("2027-01-01T00:00:00.000Z");
  clock.set("2026-06-01T00:00:00.000Z");
  const renewal = await claimOne(org, "RENEW");
  await org.run((tx) => makeDue(tx, "RENEW", renew));
  await doClaimed(org.db, tools, renewal, nothing);
  expect((await line(org, "RENEW")).dueAt).toEqual(renew);
});

test("REL-13, BIL-07: work that fails comes again with growing distance, is parked after ten, and stops nobody else", async () => {
  const { clock, db, org } = await scene();
  const other = await buildOrg(db);
  await settleAll(org);
  clock.advanceMs(2_000);
  await settleAll(org);
  await org.run((tx) => makeDue(tx, "SERVE_WAITLIST", clock.now()));
  const failing = {
    ...agendaWork,
    SEAL: (async (database, caller, settle, given) => {
      if (caller.orgId === org.orgId) throw new Error("a broken row");
      await seals(database, caller, settle, given);
    }) as AgendaWork,
  };
  const waits: number[] = [];
  await org.run((tx) => changeOrganization(tx, { name: "Broken" }));
  for (let n = 1; n <= 10; n++) {
    await other.run((tx) => changeOrganization(tx, { name: `Other ${n}` }));
    while ((await workAgenda(db, tools, failing)) > 0);
    const { dueAt, failures, parked } = await line(org, "SEAL");
    expect([failures, parked]).toEqual([n, n === 10]);
    const due = dueAt instanceof Date ? dueAt : clock.now();
    waits.push((due.getTime() - clock.now().getTime()) / minuteMs);
    clock.set(due);
  }
  expect(waits).toEqual([1, 2, 4, 8, 16, 32, 60, 60, 60, 60]);
  clock.advanceMs(24 * 60 * minuteMs);
  await settleAll(org);
  expect((await line(org, "SEAL")).parked).toBe(true);
  expect((await line(other, "SEAL")).failures).toBe(0);
  expect((await readFreshness(db)).parked).toBe(1);
}, 60_000);

test("OPS-01: the age of the oldest due work and of the oldest job is known", async () => {
  const { clock, db, org } = await scene();
  await settleAll(org);
  await org.run((tx) => changeOrganization(tx, { name: "Waiting" }));
  clock.advanceMs(7_000);
  const fresh = await readFreshness(db);
  expect(fresh.agenda.get("SEAL")).toBeCloseTo(7, 3);
  expect(fresh.jobs).toBeGreaterThan(0);
  expect(fresh.parked).toBe(0);
});

import type { Caller } from "../../services/platform/caller";
import { together } from "../../services/platform/open-client";
import { lastly, sql, statement } from "../../services/platform/sql";
import type { Database, Entrance, Tx } from "../../services/platform/unit-of-work";
import { countRoundTrips } from "../support/round-trips";
import { buildOrg, testWorld, type TestOrg } from "../support/world";

let db: Database;
let tripsOf: ReturnType<typeof countRoundTrips>["of"];

beforeAll(async () => {
  db = await testWorld({ poolMax: 4 });
  tripsOf = countRoundTrips(db).of;
});

const rename = statement("ahead-rename", "update organization set name = $2 where org_id = $1");
const nameOf = statement("ahead-name", "select name from organization where org_id = $1");
const name = async (tx: Tx) => (await sql(tx).one<{ name: string }>(nameOf, [tx.orgId])).name;

/** A way in for whoever is said to be there now, of which somebody is remembered. */
function entrance(org: TestOrg, now: Caller | Error, before?: Caller): Entrance {
  let anticipated = false;
  return {
    orgId: org.orgId,
    origin: now instanceof Error ? org.owner.origin : now.origin,
    anticipate: () => ((anticipated = before !== undefined), before),
    async identify(tx) {
      await name(tx);
      const isStale = anticipated && before !== now;
      anticipated = false;
      if (isStale) throw new Error("somebody else");
      if (now instanceof Error) throw now;
      return now;
    },
  };
}

test("NFR-01: work that begins beside the look-up of its caller takes one round trip less", async () => {
  const org = await buildOrg(db);
  const { owner } = org;
  const write = (tx: Tx) => sql(tx).exec(rename, [org.orgId, "new"]);

  expect(await tripsOf(() => db.run(entrance(org, org.owner), write))).toEqual({ result: 1, trips: 3 });
  expect(await tripsOf(() => db.run(entrance(org, owner, owner), write))).toEqual({ result: 1, trips: 2 });
});

test("SEC-20: what was begun for somebody who is another by now is void, and done again for who it is", async () => {
  const org = await buildOrg(db);
  const who: string[] = [];
  const work = async (tx: Tx): Promise<string> => {
    const was = await name(tx);
    who.push(tx.caller.kind);
    tx.audit({ action: "test.ahead", facts: {} });
    await sql(tx).exec(rename, [org.orgId, `${was}, renamed`]);
    return was;
  };

  await db.run(entrance(org, org.operator, org.owner), work);

  expect(who).toEqual(["person", "operator"]);
  expect(await org.run(name)).toBe(`The ${org.slug}, renamed`);
  const entries = statement(
    "ahead-entries",
    "select caller_kind as kind from audit_entry where org_id = $1 and action = 'test.ahead'",
  );
  expect(await org.run((tx) => sql(tx).many(entries, [org.orgId]))).toEqual([{ kind: "operator" }]);
});

test("SEC-20: nothing of a credential that is dead by now stays, and its refusal is what is told", async () => {
  const org = await buildOrg(db);
  const dead = entrance(org, new Error("dead"), org.owner);

  await expect(db.run(dead, (tx) => sql(tx).exec(rename, [org.orgId, "stolen"]))).rejects.toThrow("dead");
  await expect(db.run(dead, () => Promise.reject(new Error("a secret of theirs")))).rejects.toThrow("dead");
  await expect(db.run(dead, name, { reads: true })).rejects.toThrow("dead");
  expect(await org.run(name)).toBe(`The ${org.slug}`);
});

test("NFR-01: what only reads is one round trip a breath, and cannot write, but for what is announced", async () => {
  const org = await buildOrg(db);
  const { owner } = org;
  const both = (tx: Tx) => Promise.all([name(tx), name(tx)]);

  expect((await tripsOf(() => db.run(entrance(org, owner, owner), both, { reads: true }))).trips).toBe(1);
  expect(
    (await tripsOf(() => db.run(org.owner, async (tx) => [await name(tx), await name(tx)], { reads: true }))).trips,
  ).toBe(2);
  await expect(
    db.run(org.owner, (tx) => sql(tx).exec(rename, [org.orgId, "written"]), { reads: true }),
  ).rejects.toMatchObject({ code: "unavailable" });
  const announced = await tripsOf(() =>
    db.run(
      org.owner,
      async (tx) => {
        lastly(tx, rename, [org.orgId, "said at last"]);
        return name(tx);
      },
      { reads: true },
    ),
  );
  expect(announced).toEqual({ result: `The ${org.slug}`, trips: 2 });
  expect(await org.run(name)).toBe("said at last");
});

test("SCIM-104: what needs one transaction has it, from where it says so", async () => {
  const org = await buildOrg(db);
  const open = statement(
    "ahead-open",
    "declare ahead no scroll cursor for select name from organization where org_id = $1",
  );
  const next = statement("ahead-next", "fetch 1 from ahead");
  const read = (tx: Tx) =>
    sql(tx)
      .exec(open, [org.orgId])
      .then(() => sql(tx).many(next));

  await expect(db.run(org.owner, read, { reads: true })).rejects.toMatchObject({ code: "34000" });
  expect(await db.run(org.owner, async (tx) => (await name(tx), together(tx), read(tx)), { reads: true })).toEqual([
    { name: `The ${org.slug}` },
  ]);
});

test("SCIM-104: what is under way when one transaction is asked for ends by itself, and the next begins", async () => {
  const org = await buildOrg(db);
  const slow = statement("ahead-slow", "select pg_sleep(0.2), name from organization where org_id = $1");
  const read = async (tx: Tx) => {
    const first = sql(tx).one<{ name: string }>(slow, [org.orgId]);
    await new Promise((resolve) => setTimeout(resolve, 50));
    together(tx);
    return [(await first).name, await name(tx)];
  };

  const its = `The ${org.slug}`;
  expect(await db.run(org.owner, read, { reads: true })).toEqual([its, its]);
});

test("SEC-20: work that refuses before it asks anything is refused as it says, where its caller is who they were", async () => {
  const org = await buildOrg(db);
  const { owner } = org;
  const refusal = (): Promise<string> => {
    throw new Error("at once");
  };

  await expect(db.run(entrance(org, owner, owner), refusal)).rejects.toThrow("at once");
  await expect(db.run(entrance(org, new Error("dead"), owner), refusal)).rejects.toThrow("dead");
  expect(await org.run(name)).toBe(`The ${org.slug}`);
});

import { lastly, sql, statement } from "../../services/platform/sql";
import type { Database, Tx } from "../../services/platform/unit-of-work";
import { buildOrg, testWorld } from "../support/world";

let db: Database;
const heard: string[] = [];

beforeAll(async () => {
  db = await testWorld({ observe: (text) => heard.push(text), poolMax: 2 });
});

const rename = statement("breath-rename", "update organization set name = $2 where org_id = $1");
const nameOf = statement("breath-name", "select name from organization where org_id = $1");
const divide = statement("breath-divide", "select 10 / $2::integer as quotient from organization where org_id = $1");

const name = async (tx: Tx): Promise<string> => (await sql(tx).one<{ name: string }>(nameOf, [tx.orgId])).name;

test("DB-15: what is asked in one breath runs in the order of asking, each with its own answer", async () => {
  const org = await buildOrg(db);
  const answers = await org.run((tx) =>
    Promise.all([
      name(tx),
      sql(tx).exec(rename, [tx.orgId, "Second"]),
      name(tx),
      sql(tx).many<{ quotient: number }>(divide, [tx.orgId, 5]),
      name(tx),
    ]),
  );

  expect(answers).toEqual([`The ${org.slug}`, 1, "Second", [{ quotient: 2 }], "Second"]);
  expect(await org.run(name)).toBe("Second");
});

test("DB-15: one that fails fails them all, nothing of them stays, and the connection serves the next", async () => {
  const org = await buildOrg(db);
  const codes: unknown[] = [];
  const noted = <T>(answer: Promise<T>): Promise<T> =>
    answer.catch((error: unknown) => {
      codes.push((error as { code?: unknown }).code);
      throw error;
    });
  for (let n = 0; n < 10; n++) {
    const failing = org.run((tx) =>
      Promise.all([
        noted(sql(tx).exec(rename, [tx.orgId, "Lost"])),
        noted(sql(tx).one(divide, [tx.orgId, 0])),
        noted(name(tx).then(() => name(tx))),
      ]),
    );
    await expect(failing).rejects.toMatchObject({ code: "22012" });
  }

  expect(new Set(codes)).toEqual(new Set(["22012"]));
  expect(await Promise.all(Array.from({ length: 10 }, () => org.run(name)))).toEqual(
    Array.from({ length: 10 }, () => `The ${org.slug}`),
  );
});

test("DB-15: a refusal while others are on their way ends the unit once they have landed", async () => {
  const org = await buildOrg(db);
  const late: unknown[] = [];
  const refused = org.run((tx) =>
    Promise.all([
      sql(tx)
        .exec(rename, [tx.orgId, "Lost"])
        .then(() => {
          throw new Error("refused");
        }),
      (async () => {
        for (;;) await name(tx);
      })().catch((error: unknown) => late.push((error as Error).message)),
    ]),
  );

  await expect(refused).rejects.toThrow("refused");
  expect(await org.run(name)).toBe(`The ${org.slug}`);
  expect(late).toEqual(["this unit of work has ended"]);
});

test("DB-15: what is sent with the commit stands or falls with it, and comes behind everything else", async () => {
  const org = await buildOrg(db);
  heard.length = 0;
  await org.run(async (tx) => {
    lastly(tx, rename, [tx.orgId, "Last"]);
    await sql(tx).exec(rename, [tx.orgId, "First"]);
    expect(await name(tx)).toBe("First");
  });
  expect(await org.run(name)).toBe("Last");

  const failing = org.run(async (tx) => {
    await sql(tx).exec(rename, [tx.orgId, "Lost"]);
    lastly(tx, divide, [tx.orgId, 0]);
  });
  await expect(failing).rejects.toMatchObject({ code: "22012" });
  expect(await org.run(name)).toBe("Last");
});

test("DB-15, REL-21: a refusal while others are about to ask ends the unit, and the process goes on", async () => {
  const org = await buildOrg(db);
  const late: unknown[] = [];
  const refused = org.run(async (tx) => {
    await name(tx);
    await Promise.all([
      sql(tx)
        .exec(rename, [tx.orgId, "Lost"])
        .then(() => late.push("asked")),
      Promise.reject(new Error("refused")),
    ]);
  });

  await expect(refused).rejects.toThrow("refused");
  expect(await org.run(name)).toBe(`The ${org.slug}`);
  expect(late).toEqual(["asked"]);
});

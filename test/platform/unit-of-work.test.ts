import { PlenumError } from "../../services/kernel/errors";
import type { newId } from "../../services/kernel/ids";
import { sql, statement } from "../../services/platform/sql";
import type { Database, Tx } from "../../services/platform/unit-of-work";
import { connect, testDatabase } from "../support/database";
import { buildOrg, testWorld, type TestOrg } from "../support/world";

let db: Database;
const heard: string[] = [];

beforeAll(async () => {
  db = await testWorld({ observe: (text) => heard.push(text), poolMax: 20 });
});

const rename = statement("test-rename", "update organization set name = $2 where org_id = $1");
const nameOf = statement("test-name", "select name from organization where org_id = $1");
const everyName = statement("test-every-name", "select name from organization where org_id is not null");
const addMember = statement(
  "test-foreign",
  `insert into seat_wait (org_id, member_id, asked_at, source) values ($1, $2, now(), 'DEFAULT')`,
);
const name = (tx: Tx, org: TestOrg) => sql(tx).maybe<{ name: string }>(nameOf, [org.orgId]);

test("DB-42, DB-41: a query outside a unit of work fails, on fresh and on reused connections alike", async () => {
  const org = await buildOrg(db);
  const codes = await Promise.all(
    Array.from({ length: 30 }, () =>
      db
        .withConnection((c) => c.query("select 1 from organization where org_id = $1", [org.orgId]))
        .then(
          () => "rows",
          (error: unknown) => (error as { code: string }).code,
        ),
    ),
  );

  expect(codes.filter((code) => code !== "42704" && code !== "22P02")).toEqual([]);
});

test("DB-44: inside a unit of work another organization's rows are not there, and cannot be written", async () => {
  const [org, other] = [await buildOrg(db), await buildOrg(db)];

  expect(await org.run((tx) => name(tx, other))).toBeUndefined();
  expect(await org.run((tx) => sql(tx).many<{ name: string }>(everyName))).toHaveLength(1);
  expect(await org.run((tx) => sql(tx).exec(rename, [other.orgId, "stolen"]))).toBe(0);
  await expect(org.run((tx) => sql(tx).exec(addMember, [other.orgId, other.ownerId]))).rejects.toMatchObject({
    code: "42501",
  });
  expect(await other.run((tx) => name(tx, other))).toEqual({ name: `The ${other.slug}` });
});

test("DB-42: prepared statements reused across tenants do not leak", async () => {
  const orgs = await Promise.all(Array.from({ length: 8 }, () => buildOrg(db)));
  const seen = await Promise.all(
    Array.from({ length: 200 }, async (_, i) => {
      const org = orgs[i % orgs.length]!;
      const rows = await org.run((tx) => sql(tx).many<{ name: string }>(everyName));
      return rows.map((row) => row.name).join() === `The ${org.slug}`;
    }),
  );

  expect(seen.filter((right) => !right)).toEqual([]);
});

test("style guide 1.4: a tx kept after its end throws", async () => {
  const org = await buildOrg(db);
  let kept: Tx | undefined;
  await org.run(async (tx) => {
    kept = tx;
  });

  await expect((async () => name(kept!, org))()).rejects.toThrow("this unit of work has ended");
});

test("decision 8, ruling 5: a refusal rolls everything back, and the aftermath is written after it", async () => {
  const org = await buildOrg(db);
  const heardInAftermath: string[] = [];

  await expect(
    db.run(
      org.owner,
      async (tx) => {
        await sql(tx).exec(rename, [org.orgId, "half done"]);
        tx.audit({ action: "test.lost" });
        throw new PlenumError("conflict", "no", { why: "test" });
      },
      {
        aftermath: async (tx, refusal) => {
          heardInAftermath.push(refusal.code, (await name(tx, org))?.name ?? "");
          tx.audit({ action: "test.denied", result: "DENIED", facts: refusal.facts });
        },
      },
    ),
  ).rejects.toMatchObject({ code: "conflict" });

  expect(heardInAftermath).toEqual(["conflict", `The ${org.slug}`]);
  const client = await connect((await testDatabase()).superUrl);
  const { rows } = await client.query(
    "select action, result, facts from audit_entry where org_id = $1 and action like 'test.%'",
    [org.orgId],
  );
  expect(rows).toEqual([{ action: "test.denied", result: "DENIED", facts: { why: "test" } }]);
});

test("REL-21: a database that goes away before the aftermath is told as such, not as a fault of ours", async () => {
  const org = await buildOrg(db);
  await expect(
    db.run(org.owner, () => Promise.reject(new PlenumError("conflict", "no")), {
      aftermath: () => Promise.reject(new Error("timeout exceeded when trying to connect")),
    }),
  ).rejects.toMatchObject({ code: "unavailable" });
});

test("REL-01, DB-14: what cannot be committed is not acknowledged, though the work went on as if nothing had failed", async () => {
  const org = await buildOrg(db);
  const wrong = statement("test-wrong", "select 1 / 0 from organization where org_id = $1");
  const work = db.run(org.owner, async (tx) => {
    await sql(tx).exec(rename, [org.orgId, "lost"]);
    await sql(tx)
      .exec(wrong, [org.orgId])
      .catch(() => undefined);
    return "done";
  });
  await expect(work).rejects.toThrow("nothing was committed");
  expect((await db.run(org.owner, (tx) => name(tx, org)))?.name).toBe(`The ${org.slug}`);
});

test("DB-14: two units that wait for each other both succeed, one of them entered twice", async () => {
  const [org] = [await buildOrg(db)];
  const [a, b] = [await org.add("a"), await org.add("b")];
  const touch = statement("test-touch", "update member set title = $3 where org_id = $1 and id = $2");
  let entered = 0;
  let holding = 0;
  let meet: () => void = () => undefined;
  const met = new Promise<void>((done) => (meet = done));
  const cross = (first: string, second: string) =>
    org.run(async (tx) => {
      entered += 1;
      await sql(tx).exec(touch, [org.orgId, first, first]);
      if (++holding === 2) meet();
      await met;
      await sql(tx).exec(touch, [org.orgId, second, first]);
    });

  await Promise.all([cross(a.id, b.id), cross(b.id, a.id)]);

  expect(entered).toBeGreaterThan(2);
});

test("SEC-50, decision 14: events, audit entries and the delivering job are one statement, and a rollback takes them back", async () => {
  const org = await buildOrg(db);
  const client = await connect((await testDatabase()).superUrl);
  const jobs = async () =>
    (
      await client.query<{ payload: { eventIds: string[] } }>(
        "select payload from graphile_worker._private_jobs where payload ->> 'orgId' = $1",
        [org.orgId],
      )
    ).rows;
  const before = (await jobs()).length;
  heard.length = 0;

  await org.run(async (tx) => {
    tx.emit({ name: "organization.changed" });
    tx.emit({ name: "member.changed", memberId: org.ownerId });
    tx.audit({ action: "test.done", before: { name: "old" }, after: { name: "new" }, subjectId: org.ownerId });
  });
  await org
    .run(async (tx) => {
      tx.emit({ name: "organization.changed" });
      throw new PlenumError("conflict", "rolled back");
    })
    .catch(() => undefined);

  expect(heard.filter((text) => text.includes("insert into domain_event"))).toHaveLength(1);
  const after = await jobs();
  expect(after).toHaveLength(before + 1);
  expect(after.at(-1)!.payload.eventIds).toHaveLength(2);
  const personal = await client.query("select before, after from audit_personal where org_id = $1", [org.orgId]);
  expect(personal.rows).toContainEqual({ before: { name: "old" }, after: { name: "new" } });
});

test("DB-40: the application's role cannot rewrite what is history", async () => {
  const org = await buildOrg(db);
  const attempt = (text: string) =>
    org
      .run((tx) => sql(tx).exec(statement("test-rewrite", text), [org.orgId]))
      .then(
        () => "done",
        (error: unknown) => (error as { code: string }).code,
      );

  expect(await attempt("update audit_entry set action = 'x' where org_id = $1")).toBe("42501");
  expect(await attempt("delete from audit_entry where org_id = $1")).toBe("42501");
  expect(await attempt("delete from domain_event where org_id = $1")).toBe("42501");
  expect(await attempt("delete from licence_assignment where org_id = $1")).toBe("42501");
});

test("DB-23: an organization's id that is none opens nothing", async () => {
  const org = await buildOrg(db);
  const forged = { ...org.operator, orgId: "0'; drop table member; --" as ReturnType<typeof newId<"organization">> };

  await expect(db.run(forged, async () => "in")).rejects.toThrow("an organization's id is a uuid");
});

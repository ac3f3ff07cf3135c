import fc from "fast-check";
import type { PoolClient } from "pg";
import { meaningful } from "../../services/platform/postgres-errors";
import { ask } from "../../services/platform/wire";
import { wireValue } from "../../services/platform/wire-values";
import { connect, testDatabase } from "../support/database";

let client: PoolClient;

beforeAll(async () => {
  client = (await connect((await testDatabase()).superUrl)) as unknown as PoolClient;
});

const named = (name: string, text: string, ...values: unknown[]) => ({ statement: { name, text }, values });
const rowsOf = async (...questions: Parameters<typeof ask>[1]) =>
  (await ask(client, questions)).map(({ rows, count }) => ({ rows, count }));
const codeOf = async (...questions: Parameters<typeof ask>[1]): Promise<string> =>
  ask(client, questions).then(
    () => "none",
    (error: unknown) => (error as { code: string }).code,
  );

test("DB-12: statements of one round trip run in order, each with its own rows and count", async () => {
  const replies = await rowsOf(
    named("", "create temporary table wire_rows (n integer, at timestamptz, big bigint, raw bytea)"),
    named(
      "wire-add",
      "insert into wire_rows select n, '2026-01-02T03:04:05.678Z', n, '\\x00ff' from generate_series(1, $1) n",
      3,
    ),
    named("wire-read", "select n, at, big, raw from wire_rows where n >= $1 order by n", 2),
    named("wire-read", "select n, at, big, raw from wire_rows where n >= $1 order by n", 3),
  );
  const row = (n: number) => ({
    n,
    at: new Date("2026-01-02T03:04:05.678Z"),
    big: String(n),
    raw: Buffer.from([0, 255]),
  });

  expect(replies).toEqual([
    { rows: [], count: 0 },
    { rows: [], count: 3 },
    { rows: [row(2), row(3)], count: 2 },
    { rows: [row(3)], count: 1 },
  ]);
  // The second time the columns are remembered, not described.
  expect(await rowsOf(named("wire-read", "never sent", 3))).toEqual([{ rows: [row(3)], count: 1 }]);
});

test("DB-12: rows can be had as PostgreSQL writes them", async () => {
  const [reply] = await ask(client, [
    { ...named("wire-texts", "select 1::bigint, true, null::text, array['a', 'b']"), asTexts: true },
  ]);

  expect(reply?.rows).toEqual([["1", "t", null, "{a,b}"]]);
});

test("DB-12: a failure ends the round trip, and every statement of it can be sent again", async () => {
  const divide = (by: number) => named("wire-divide", "select 10 / $1::integer as quotient", by);
  const later = named("wire-later", "select 'later' as word");

  expect(await codeOf(named("wire-first", "select 1 as one"), divide(0), later)).toBe("22012");
  expect(await codeOf(named("wire-wrong", "select nothing of that kind"))).toBe("42601");
  expect(await rowsOf(divide(5), later, named("wire-first", "select 1 as one"))).toEqual([
    { rows: [{ quotient: 2 }], count: 1 },
    { rows: [{ word: "later" }], count: 1 },
    { rows: [{ one: 1 }], count: 1 },
  ]);
  expect(await codeOf(divide(0))).toBe("22012");
  expect(await rowsOf(divide(2))).toEqual([{ rows: [{ quotient: 5 }], count: 1 }]);
});

test("DB-12: after a failure a statement can be asked several times in one round trip", async () => {
  const again = named("wire-again", "select $1::integer as n", 7);
  const fails = (by: number) => named("wire-fails", "select 1 / $1::integer as n", by);
  // The names are left in doubt: the first was taken, the second was never reached.
  expect(await codeOf(fails(0), again)).toBe("22012");
  const [one, seven] = [1, 7].map((n) => ({ rows: [{ n }], count: 1 }));
  expect(await rowsOf(fails(1), fails(1), again, again)).toEqual([one, one, seven, seven]);
});

test("DB-12: a statement whose columns a migration changed is read anew after one failure", async () => {
  await rowsOf(
    named("", "create temporary table wire_shape (a integer)"),
    named("", "insert into wire_shape values (1)"),
  );
  const read = named("wire-shape", "select * from wire_shape");
  await rowsOf(read);
  await rowsOf(named("", "alter table wire_shape add column b text default 'b'"));

  expect(await codeOf(read)).toBe("0A000");
  expect(await rowsOf(read)).toEqual([{ rows: [{ a: 1, b: "b" }], count: 1 }]);
});

test("DB-12: a value that cannot be written leaves the connection as it was", async () => {
  const circle: { self?: unknown } = {};
  circle.self = circle;

  await expect(ask(client, [named("wire-circle", "select $1::jsonb", circle)])).rejects.toThrow(/circular/i);
  expect(await rowsOf(named("wire-first", "select 1 as one"))).toEqual([{ rows: [{ one: 1 }], count: 1 }]);
});

test("DB-16: texts, numbers, dates, bytes, lists and objects arrive as they were", async () => {
  const text = fc.string({ unit: "grapheme" }).filter((s) => !s.includes("\u0000"));
  const day = fc.date({
    min: new Date("-004000-01-01T00:00:00Z"),
    max: new Date("+012000-01-01T00:00:00Z"),
    noInvalidDate: true,
  });
  await fc.assert(
    fc.asyncProperty(
      fc.record({
        text: fc.option(text),
        list: fc.array(fc.option(text)),
        at: day,
        bytes: fc.uint8Array().map((bytes) => Buffer.from(bytes)),
        blobs: fc.array(
          fc.uint8Array().map((bytes) => Buffer.from(bytes)),
          { maxLength: 3 },
        ),
        number: fc.integer(),
        flag: fc.boolean(),
        json: fc.dictionary(text, fc.oneof(text, fc.integer(), fc.boolean()), { noNullPrototype: true }),
      }),
      async (given) => {
        const back = `select $1::text as text, $2::text[] as list, extract(epoch from $3::timestamptz)::text as at,
          $4::bytea as bytes, $5::bytea[] as blobs, $6::integer as number, $7::boolean as flag, $8::json as json`;
        const values = [
          given.text,
          given.list,
          given.at,
          given.bytes,
          given.blobs,
          given.number,
          given.flag,
          given.json,
        ];
        const [reply] = await ask(client, [named("wire-back", back, ...values)]);
        const row = reply?.rows[0] as Record<string, unknown>;

        expect({ ...row, at: Number(row["at"]) }).toEqual({ ...given, at: given.at.getTime() / 1000 });
      },
    ),
    { numRuns: 300 },
  );
  expect(wireValue(undefined)).toBeNull();
});

test("DB-10, REL-21: a server that says nothing is not waited for: the connection is given up, and told as away", async () => {
  const mute = (await connect((await testDatabase()).superUrl)) as unknown as PoolClient;
  mute.on("error", () => undefined);
  const silence = ask(mute, [named("", "select pg_sleep(20)")], 200);

  await expect(silence.catch((error: unknown) => Promise.reject(meaningful(error) as Error))).rejects.toMatchObject({
    code: "unavailable",
  });
  await expect(ask(mute, [named("", "select 1")])).rejects.toThrow(/not queryable|closed|terminated/i);
});

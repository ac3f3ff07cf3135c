import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { poolOf } from "../../services/platform/data-source";
import { nativeFolder } from "../../services/platform/embedded/native";
import { statement } from "../../services/platform/statement";
import { repository } from "../support/child";
import { connect, testDatabase } from "../support/database";
import { takeQueued } from "../support/one-statement";
import { buildOrg, testWorld, unique } from "../support/world";

test("DB-15: the watch over all connections of the suite finds a statement that is sent behind another", async () => {
  const client = await connect((await testDatabase()).appUrl);
  await client.query("select 1");
  expect(takeQueued()).toEqual([]);
  await Promise.all([client.query("select pg_sleep(0.05)"), client.query("select 2")]);
  const found = takeQueued();
  expect(found).toHaveLength(1);
  expect(found[0]).toContain("sessions.test.ts");
});

test("DB-12: a statement's name is that of its text, fits PostgreSQL's 63 bytes, and is prepared once a connection", async () => {
  const text = "select $1::int as n";
  const named = statement("a label that is far too long for the sixty-three bytes of an identifier", text);
  expect(Buffer.byteLength(named.name)).toBeLessThanOrEqual(63);
  expect(named.name.endsWith(createHash("sha256").update(text).digest("hex").slice(0, 16))).toBe(true);
  expect(statement("x", "select 1").name).not.toBe(statement("x", "select 2").name);
  const client = await connect((await testDatabase()).appUrl);
  for (const n of [1, 2, 3]) await client.query({ ...named, values: [n] });
  const { rows } = await client.query(
    "select name, statement, generic_plans + custom_plans as runs from pg_prepared_statements",
  );
  expect(rows).toEqual([{ name: named.name, statement: text, runs: "3" }]);
});

test("DB-13: after units of work no connection keeps a setting, a temporary table, a lock or a listener", async () => {
  const db = await testWorld({ poolMax: 3 });
  const orgs = await Promise.all([1, 2, 3, 4].map(() => buildOrg(db)));
  await Promise.all(orgs.map((org) => org.add(unique("ada"))));
  const pool = poolOf(db.source);
  const clients = await Promise.all([1, 2, 3].map(() => pool.connect()));
  for (const client of clients) {
    const { rows } = await client.query(
      `select coalesce(nullif(current_setting('app.org_id', true), ''), 'none') as tenant,
              (select count(*)::int from pg_settings where source = 'session') as settings,
              (select count(*)::int from pg_class where relpersistence = 't') as temporary,
              (select count(*)::int from pg_locks where locktype = 'advisory' and pid = pg_backend_pid()) as advisory,
              (select count(*)::int from pg_listening_channels()) as listening`,
    );
    expect(rows).toEqual([{ tenant: "none", settings: 0, temporary: 0, advisory: 0, listening: 0 }]);
    client.release();
  }
});

test("DB-13, DB-25: no statement of ours sets a session, listens, locks by advice or makes a temporary table", () => {
  const forbidden = [
    /(?:^|;)\s*set (?!local\b|transaction\b|constraints\b)/i,
    /\b(?:un)?listen [a-z]/i,
    /\bnotify [a-z]/i,
    /pg_(?:try_)?advisory_(?!unlock)/i,
    /create (?:temp|temporary) table/i,
    /\bset_config\(/i,
  ];
  const found = sources(join(repository, "services")).flatMap(({ path, text }) =>
    sqlTexts(text).flatMap((sql) =>
      forbidden.filter((rule) => rule.test(sql)).map((rule) => `${path}: ${rule.source}`),
    ),
  );
  expect(found).toEqual([]);
  expect(
    forbidden.map((rule) =>
      rule.test(
        "set session app.org_id = 'x'; listen jobs; notify jobs; select pg_advisory_lock(1), set_config('a', 'b', false); create temp table t ()",
      ),
    ),
  ).toEqual(forbidden.map(() => true));
});

function sources(folder: string): { path: string; text: string }[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return sources(path);
    return entry.name.endsWith(".ts") ? [{ path, text: readFileSync(path, "utf8") }] : [];
  });
}

// Everything between quotes that begins like SQL.
function sqlTexts(text: string): string[] {
  const code = text.replace(/\/\*[\s\S]*?\*\//g, "").replace(/^\s*\/\/.*$/gm, "");
  const texts = [...code.matchAll(/`([^`]*)`|"([^"\n]*)"/g)].map((match) => match[1] ?? match[2] ?? "");
  return texts.filter((sql) => /^\s*(?:begin|set|select|with|insert|delete|create|listen|lock|do)\b/i.test(sql));
}

test("DB-07: the package brings the server, initdb and pg_ctl, and no client programs", () => {
  expect(readdirSync(join(nativeFolder(), "bin")).sort()).toEqual(["initdb", "pg_ctl", "postgres"]);
});

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { makeWorkerUtils, runOnce, Logger } from "graphile-worker";
import { Pool } from "pg";
import {
  migrate,
  migrationStatus,
  MigrationFailed,
  MigrationMismatch,
  RoleMissing,
} from "../../services/platform/migrate";
import { readMigrations } from "../../services/platform/migrate/files";
import { exceptions } from "../../services/platform/migrate/privileges";
import { closeAfterFile, connect, freshDatabase, type TestDatabase } from "../support/database";

const appRole = "plenum_app";

function folder(files: Readonly<Record<string, string>>): string {
  const path = mkdtempSync(join(tmpdir(), "plenum-migrations-"));
  closeAfterFile(async () => rmSync(path, { recursive: true }));
  write(path, files);
  return path;
}

function write(path: string, files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) writeFileSync(join(path, name), text);
}

const first = { "0001-one.sql": "create table one (org_id uuid primary key, n int);" };
const second = { "0002-two.sql": "create table two (n int); insert into two values (1);" };

const run = (database: TestDatabase, path: string) => migrate(database.ownerUrl, { appRole, folder: path });

test("OPS-10: migrations run once, in order, and the status tells applied from pending", async () => {
  const database = await freshDatabase("template0");
  const path = folder(first);
  expect((await migrationStatus(database.appUrl, path)).pending).toEqual(["0001-one"]);
  expect((await run(database, path)).applied).toEqual(["0001-one"]);
  write(path, second);
  const before = await migrationStatus(database.appUrl, path);
  expect([before.applied.map(({ name }) => name), before.pending]).toEqual([["0001-one"], ["0002-two"]]);
  expect((await run(database, path)).applied).toEqual(["0002-two"]);
  expect((await run(database, path)).applied).toEqual([]);
  const owner = await connect(database.ownerUrl);
  expect((await owner.query("select count(*)::int as rows from two")).rows).toEqual([{ rows: 1 }]);
});

test("OPS-10: a migration that was edited after it was applied is refused by name, and nothing runs", async () => {
  const database = await freshDatabase("template0");
  const path = folder(first);
  await run(database, path);
  write(path, { "0001-one.sql": "create table one (org_id uuid primary key, n bigint);", ...second });
  await expect(run(database, path)).rejects.toThrow(MigrationMismatch);
  await expect(run(database, path)).rejects.toThrow("edited after it was applied: 0001-one. Write a new migration");
  const status = await migrationStatus(database.appUrl, path);
  expect([status.edited, status.pending]).toEqual([["0001-one"], ["0002-two"]]);
  write(path, { "0001-one.sql": first["0001-one.sql"].replaceAll("\n", "\r\n") });
  expect((await run(database, path)).applied).toEqual(["0002-two"]);
});

test("OPS-10: a migration that fails leaves nothing of itself, and those before it stay", async () => {
  const database = await freshDatabase("template0");
  const path = folder({
    ...first,
    "0002-bad.sql": "create table half (n int); select 1 / 0;",
    "0003-after.sql": "select 1;",
  });
  await expect(run(database, path)).rejects.toThrow(MigrationFailed);
  await expect(run(database, path)).rejects.toThrow("migration 0002-bad: division by zero");
  const owner = await connect(database.ownerUrl);
  const { rows } = await owner.query("select to_regclass('one') is null as one, to_regclass('half') is null as half");
  expect(rows).toEqual([{ one: false, half: true }]);
  expect((await migrationStatus(database.ownerUrl, path)).pending).toEqual(["0002-bad", "0003-after"]);
});

test("OPS-10: four replicas that migrate an empty database at once apply each file once, ten times over", async () => {
  const names = [1, 2, 3].map((n) => `000${n}-step`);
  const path = folder(Object.fromEntries(names.map((name, n) => [`${name}.sql`, `create table step_${n} (n int);`])));
  for (let round = 0; round < 10; round++) {
    const database = await freshDatabase("template0");
    const runs = await Promise.all([1, 2, 3, 4].map(() => run(database, path)));
    expect(runs.flatMap(({ applied }) => applied).sort()).toEqual(names);
  }
}, 120_000);

test("OPS-10: a lock that others hold longer than two seconds is waited for by trying again", async () => {
  const database = await freshDatabase("template0");
  const path = folder(first);
  await run(database, path);
  write(path, { "0002-wider.sql": "alter table one add column more int;" });
  const holder = await connect(database.ownerUrl);
  await holder.query("begin; select * from one");
  const migrating = run(database, path);
  await sleep(3_000);
  // A waiting ALTER must not stop everybody else's reads for long: its own wait ends after two seconds.
  const reader = await connect(database.ownerUrl);
  await reader.query("set statement_timeout = '5s'");
  expect((await reader.query("select count(*)::int as rows from one")).rows).toEqual([{ rows: 0 }]);
  await holder.query("commit");
  expect((await migrating).applied).toEqual(["0002-wider"]);
}, 60_000);

test("OPS-10: a file may ask to run outside a transaction, for an index built while others write", async () => {
  const database = await freshDatabase("template0");
  const path = folder({
    ...first,
    "0002-index.sql": "-- outside a transaction\ncreate index concurrently if not exists one_by_n on one (org_id, n);",
  });
  expect((await run(database, path)).applied).toEqual(["0001-one", "0002-index"]);
  expect((await run(database, path)).applied).toEqual([]);
});

test("OPS-10: the release before this one still starts on a newer schema: unknown names pass", async () => {
  const database = await freshDatabase("template0");
  await run(database, folder({ ...first, ...second }));
  const older = folder(first);
  expect((await run(database, older)).applied).toEqual([]);
  const status = await migrationStatus(database.appUrl, older);
  expect([status.pending, status.edited, status.unknown]).toEqual([[], [], ["0002-two"]]);
});

test("OPS-10: names are four digits and words, and no number comes twice", () => {
  expect(() => readMigrations(folder({ "1-one.sql": "" }))).toThrow("1-one.sql is no name for a migration");
  expect(() => readMigrations(folder({ "0001-a.sql": "", "0001-b.sql": "" }))).toThrow(
    "two migrations have the number 0001",
  );
  const shipped = readMigrations().map(({ name }) => name);
  expect(shipped[0]).toBe("0001-plumbing");
  expect(shipped).toEqual([...shipped].sort());
});

test("OPS-10, SEC-52: partitions by month: the last, this and the next twelve; what lay in the default moves over", async () => {
  const database = await freshDatabase("template0");
  const path = folder({
    "0001-log.sql": `create table log (org_id uuid, at timestamptz(3) not null, n int, constraint log_once primary key (org_id, at))
                       partition by range (at);
                     create table log_rest partition of log default;
                     create index log_by_n on log (org_id, n);
                     insert into log values (gen_random_uuid(), now(), 1), (gen_random_uuid(), '2001-01-01', 2);`,
  });
  const { partitions } = await run(database, path);
  expect(partitions).toHaveLength(14);
  expect((await run(database, path)).partitions).toEqual([]);
  const owner = await connect(database.ownerUrl);
  const { rows } = await owner.query<{ part: string; n: number }>(
    "select tableoid::regclass::text as part, n from log order by n",
  );
  const month = new Date().toISOString().slice(0, 7).replace("-", "_");
  expect(rows).toEqual([
    { part: `log_${month}`, n: 1 },
    { part: "log_rest", n: 2 },
  ]);
  const indexes = await owner.query(
    "select count(*)::int as n from pg_inherits i join pg_class c on c.oid = i.inhparent where c.relname = 'log_by_n'",
  );
  expect(indexes.rows).toEqual([{ n: 15 }]);
});

test("DB-40: on a given database the owner makes the application's role where it may, and says how where it may not", async () => {
  const database = await freshDatabase("template0");
  const role = `app_${Math.random().toString(36).slice(2)}`;
  const attempt = migrate(database.ownerUrl, { appRole: role, appPassword: "it's secret", folder: folder(first) });
  await expect(attempt).rejects.toThrow(RoleMissing);
  await expect(attempt).rejects.toThrow(`create role "${role}" login nosuperuser nobypassrls password '…';`);
  const admin = await connect(database.superUrl);
  await admin.query("alter role plenum_owner createrole");
  await migrate(database.ownerUrl, { appRole: role, appPassword: "it's secret", folder: folder(first) });
  const { rows } = await admin.query(
    "select rolsuper, rolbypassrls, rolcanlogin, rolpassword like 'SCRAM%' as hashed from pg_authid where rolname = $1",
    [role],
  );
  expect(rows).toEqual([{ rolsuper: false, rolbypassrls: false, rolcanlogin: true, hashed: true }]);
  await admin.query("alter role plenum_owner nocreaterole");
  await admin.query(`drop owned by ${role}; drop role ${role}`);
});

describe("DB-40: what the application's role may do", () => {
  test("DB-40, SEC-52: history cannot be rewritten, partitions cannot be addressed past their policy, nothing can be made", async () => {
    const database = await freshDatabase();
    const app = await connect(database.appUrl);
    const { rows: partitions } = await app.query<{ name: string }>(
      "select relname as name from pg_class where relispartition and relkind = 'r' and relname like 'audit_entry%' limit 1",
    );
    const refused = [
      "update audit_entry set actor = '{}'",
      "delete from audit_entry",
      "truncate audit_entry",
      `select * from ${partitions[0]?.name}`,
      "delete from domain_event",
      "update domain_event set payload = '{}'",
      "delete from licence_assignment",
      "delete from schema_migration",
      "insert into schema_migration values ('x', 'x', now())",
      "create table public.mine (n int)",
      "alter table member disable row level security",
      "set role plenum_owner",
    ];
    for (const text of refused) {
      const code = await app.query(text).then(
        () => "done",
        (error: { code: string }) => error.code,
      );
      expect([text, code]).toEqual([text, "42501"]);
    }
  });

  test("DB-40: every table of the schema is reachable with the usual privileges or stands in the table of exceptions", async () => {
    const database = await freshDatabase();
    const app = await connect(database.appUrl);
    const { rows } = await app.query<{ name: string; held: string[] }>(
      `select c.relname as name, array_remove(array[
                case when has_table_privilege(c.oid, 'select') then 'select' end,
                case when has_table_privilege(c.oid, 'insert') then 'insert' end,
                case when has_table_privilege(c.oid, 'update') then 'update' end,
                case when has_table_privilege(c.oid, 'delete') then 'delete' end], null) as held
       from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition`,
    );
    expect(rows.length).toBeGreaterThan(30);
    const expected = rows.map(({ name }) => ({
      name,
      held: (exceptions[name] ?? ["select", "insert", "update", "delete"]).filter(
        (privilege) => !privilege.includes("("),
      ),
    }));
    expect(rows).toEqual(expected);
    expect(Object.keys(exceptions).filter((name) => !rows.some((row) => row.name === name))).toEqual([]);
  });

  test("DB-40, REL-12: it adds jobs inside its transactions and runs the worker", async () => {
    const database = await freshDatabase();
    const pool = new Pool({ ...database.appUrl, max: 4 });
    pool.on("error", () => undefined);
    pool.on("connect", (client) => client.on("error", () => undefined));
    closeAfterFile(() => pool.end());
    const client = await pool.connect();
    await client.query("begin");
    await client.query("select graphile_worker.add_job('note', json_build_object('n', 1))");
    await client.query("rollback");
    await client.query("begin");
    await client.query("select graphile_worker.add_job('note', json_build_object('n', 2))");
    await client.query("commit");
    client.release();
    const seen: unknown[] = [];
    const logger = new Logger(() => () => undefined);
    let failures = 0;
    const taskList = {
      note: (payload: unknown) => void seen.push(payload),
      fails: () => {
        failures += 1;
        throw new Error("not yet");
      },
    };
    const utils = await makeWorkerUtils({ pgPool: pool, logger });
    await utils.addJob("fails", {}, { maxAttempts: 1, queueName: "a queue" });
    await runOnce({ pgPool: pool, logger, noHandleSignals: true, taskList });
    expect(seen).toEqual([{ n: 2 }]);
    expect(failures).toBe(1);
    const left = await pool.query("select task_identifier, attempts, last_error from graphile_worker.jobs");
    expect(left.rows).toEqual([{ task_identifier: "fails", attempts: 1, last_error: "not yet" }]);
    await utils.release();
  });

  test("DB-40: migrating again changes nothing, and a table that lost its privileges gets them back", async () => {
    const database = await freshDatabase();
    const owner = await connect(database.ownerUrl);
    await owner.query("revoke all on member from plenum_app; grant delete on audit_entry to plenum_app");
    expect((await migrate(database.ownerUrl, { appRole })).applied).toEqual([]);
    const app = await connect(database.appUrl);
    const { rows } = await app.query(
      "select has_table_privilege('member', 'update') as member, has_table_privilege('audit_entry', 'delete') as audit",
    );
    expect(rows).toEqual([{ member: true, audit: false }]);
  });
});

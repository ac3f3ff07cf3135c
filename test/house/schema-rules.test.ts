import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { repository } from "../support/child";
import { connect, testDatabase } from "../support/database";
import { tablesWithoutTenant } from "../support/tenancy-wall";

// What every table, index and function of the schema keeps to, asked of PostgreSQL's own catalogue.
async function rows<R extends object>(text: string): Promise<R[]> {
  const client = await connect((await testDatabase()).superUrl);
  return (await client.query<R>(text)).rows;
}

const ours = `c.relnamespace = 'public'::regnamespace and not c.relispartition`;
const reference = ["plan", "plan_feature", "plan_option", "plan_price"];

test("DB-21: reference tables belong to no tenant and point at none; tenants point at them", async () => {
  const columns = await rows<{ table: string }>(
    `select c.relname as table from pg_attribute a join pg_class c on c.oid = a.attrelid
     where ${ours} and c.relkind in ('r', 'p') and a.attname = 'org_id' and not a.attisdropped`,
  );
  expect(columns.filter(({ table }) => reference.includes(table))).toEqual([]);
  const foreign = await rows<{ from: string; to: string }>(
    `select c.relname as from, f.relname as to from pg_constraint k
     join pg_class c on c.oid = k.conrelid join pg_class f on f.oid = k.confrelid where ${ours}`,
  );
  expect(foreign.filter(({ from, to }) => reference.includes(from) && !reference.includes(to))).toEqual([]);
  expect(foreign.filter(({ from, to }) => !tablesWithoutTenant.has(from) && reference.includes(to))).not.toEqual([]);
});

test("DB-22: what is unique over all organizations stands in the directory by its name, and leads to one", async () => {
  const keys = await rows<{ table: string; columns: string }>(
    `select c.relname as table, pg_get_constraintdef(k.oid) as columns from pg_constraint k
     join pg_class c on c.oid = k.conrelid where ${ours} and k.contype in ('p', 'u') and c.relname = 'directory'`,
  );
  expect(keys).toEqual([{ table: "directory", columns: "PRIMARY KEY (name_norm, kind)" }]);
});

test("DB-24: no id and no instant of ours is made by the database, and instants are kept to the millisecond", async () => {
  const defaults = await rows<{ column: string; value: string }>(
    `select c.relname || '.' || a.attname as column, pg_get_expr(d.adbin, d.adrelid) as value from pg_attrdef d
     join pg_attribute a on a.attrelid = d.adrelid and a.attnum = d.adnum join pg_class c on c.oid = d.adrelid where ${ours}`,
  );
  expect(defaults.filter(({ value }) => /nextval|uuid|now\(|timestamp\(/i.test(value))).toEqual([]);
  const loose = await rows(
    `select c.relname, a.attname from pg_attribute a join pg_class c on c.oid = a.attrelid
     where ${ours} and c.relkind in ('r', 'p') and a.attnum > 0 and not a.attisdropped
       and a.atttypid in ('timestamptz'::regtype, 'timestamp'::regtype) and a.atttypmod <> 3`,
  );
  expect(loose).toEqual([]);
});

// An extra wall behind the use case that ends one price as it begins the next.
const extraWalls = ["plan_price_one_at_a_time"];

test("DB-25, DB-26: nothing is used that PostgreSQL's relatives lack, but as an extra wall of our own", async () => {
  const found = await rows<{ what: string }>(
    `select 'type ' || typname as what from pg_type where typnamespace = 'public'::regnamespace and typtype in ('e', 'd', 'r')
     union all select 'sequence ' || c.relname from pg_class c where ${ours} and c.relkind = 'S'
     union all select 'rule ' || rulename from pg_rules where schemaname = 'public'
     union all select 'trigger ' || tgname from pg_trigger t join pg_class c on c.oid = t.tgrelid where ${ours} and not tgisinternal
     union all select 'exclusion ' || conname from pg_constraint k where k.connamespace = 'public'::regnamespace and contype = 'x'
     union all select 'deferrable ' || conname from pg_constraint k where k.connamespace = 'public'::regnamespace and condeferrable
     union all select 'index ' || x.relname from pg_index i join pg_class x on x.oid = i.indexrelid join pg_class c on c.oid = i.indrelid
       join pg_am m on m.oid = x.relam where ${ours} and m.amname <> 'btree'`,
  );
  expect(found.filter(({ what }) => !extraWalls.some((name) => what.endsWith(` ${name}`)))).toEqual([]);
});

test("DB-27: no index is over a function that row security would keep it from being used with", async () => {
  const expressions = await rows<{ definition: string }>(
    `select pg_get_indexdef(i.indexrelid) as definition from pg_index i join pg_class c on c.oid = i.indrelid
     where ${ours} and i.indexprs is not null`,
  );
  expect(expressions.filter(({ definition }) => /lower\(|upper\(|gin_trgm/.test(definition))).toEqual([]);
  const stores = sources().filter(({ path }) => path.endsWith(".store.ts"));
  expect(stores.filter(({ text }) => /\b(?:not )?ilike\b|where[^`]*\blower\(/i.test(text)).map((s) => s.path)).toEqual(
    [],
  );
});

test("DB-28: text that pages are ordered by compares by bytes, whatever the language of the server", async () => {
  const indexed = await rows<{ table: string; column: string; collation: string }>(
    `select distinct c.relname as table, a.attname as column, o.collname as collation
     from pg_index i join pg_class c on c.oid = i.indrelid cross join unnest(i.indkey) as k (n)
     join pg_attribute a on a.attrelid = c.oid and a.attnum = k.n
     join pg_collation o on o.oid = a.attcollation where ${ours}`,
  );
  expect(indexed.filter(({ column, collation }) => column.endsWith("_key") && collation !== "C")).toEqual([]);
  expect(indexed.filter(({ column }) => column.endsWith("_key")).length).toBeGreaterThan(3);
});

test("SEC-05: nobody has a password: there is no place to keep one and no field to send one", async () => {
  const columns = await rows<{ name: string }>(
    `select c.relname || '.' || a.attname as name from pg_attribute a join pg_class c on c.oid = a.attrelid
     where ${ours} and c.relkind in ('r', 'p') and a.attnum > 0 and not a.attisdropped`,
  );
  expect(columns.length).toBeGreaterThan(100);
  expect(columns.filter(({ name }) => /passw|passphrase/i.test(name))).toEqual([]);
  const sdl = readFileSync(join(repository, "schema/plenum.graphql"), "utf8");
  expect(sdl).not.toMatch(/^ +\w*passw\w*:/im);
});

test("DB-29: work is claimed by an update of its lease; skipping locked rows is only how claimants keep apart", () => {
  const claims = sources().flatMap(({ path, text }) =>
    [...text.matchAll(/`([^`]*skip locked[^`]*)`/g)].map(([, statement = ""]) => ({ path, statement })),
  );
  expect(claims.length).toBeGreaterThan(2);
  const alone = claims.filter(({ statement }) => !/\b(?:update|delete)\b[\s\S]*\bskip locked/.test(statement));
  // Reads a row and keeps its lock until the end of the same transaction, which is a claim as well.
  const held = ["services/domain/seats/wait.store.ts", "services/domain/provisioning/runs.store.ts"];
  expect(alone.map(({ path }) => path).filter((path) => !held.includes(path))).toEqual([]);
});

test("DB-43: a view reads with its reader's rights, and a function with its owner's rights has a path of its own", async () => {
  const views = await rows<{ name: string; options: string[] | null }>(
    `select c.relname as name, c.reloptions as options from pg_class c where ${ours} and c.relkind = 'v'`,
  );
  expect(views.filter(({ options }) => !options?.includes("security_invoker=true"))).toEqual([]);
  const definers = await rows<{ name: string; settings: string[] | null }>(
    `select proname as name, proconfig as settings from pg_proc
     where pronamespace = 'public'::regnamespace and prosecdef`,
  );
  // The temporary schema comes first where it is not named, and anybody may put a table there.
  const pinned = (settings: string[] | null) => settings?.some((s) => /^search_path=.*pg_temp$/.test(s)) ?? false;
  expect(definers.filter(({ settings }) => !pinned(settings))).toEqual([]);
});

function sources(): { path: string; text: string }[] {
  return readdirSync(join(repository, "services"), { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".ts"))
    .map((path) => ({
      path: `services/${path}`,
      text: readFileSync(join(repository, "services", path), "utf8"),
    }));
}

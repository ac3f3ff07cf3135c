import { connect, testDatabase } from "../support/database";
import { refuseUnscoped, tablesOfTenants, tablesWithoutTenant } from "../support/tenancy-wall";

interface TableFacts {
  readonly name: string;
  readonly forced: boolean;
  readonly policies: string[];
}

interface ConstraintFacts {
  readonly table: string;
  readonly name: string;
  readonly type: string;
  readonly columns: string[];
  readonly foreign: string | null;
}

async function catalogue() {
  const client = await connect((await testDatabase()).superUrl);
  const tables = await client.query<TableFacts>(`
    select c.relname as name, c.relrowsecurity and c.relforcerowsecurity as forced,
      array(select pg_get_expr(polqual, polrelid) || ' / ' || pg_get_expr(polwithcheck, polrelid)
            from pg_policy where polrelid = c.oid) as policies
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname = 'public' and c.relkind in ('r', 'p') and not c.relispartition order by 1`);
  const constraints = await client.query<ConstraintFacts>(`
    select c.relname as table, k.conname as name, k.contype as type, f.relname as foreign,
      array(select a.attname::text from unnest(k.conkey) with ordinality as u (n, i)
            join pg_attribute a on a.attrelid = k.conrelid and a.attnum = u.n order by u.i) as columns
    from pg_constraint k join pg_class c on c.oid = k.conrelid join pg_namespace n on n.oid = c.relnamespace
    left join pg_class f on f.oid = k.confrelid
    where n.nspname = 'public' and k.contype in ('p', 'u', 'f', 'x') and not c.relispartition`);
  const indexes = await client.query<{ table: string; name: string; first: string }>(`
    select c.relname as table, x.relname as name, a.attname as first
    from pg_index i join pg_class c on c.oid = i.indrelid join pg_class x on x.oid = i.indexrelid
    join pg_namespace n on n.oid = c.relnamespace
    left join pg_attribute a on a.attrelid = c.oid and a.attnum = i.indkey[0]
    where n.nspname = 'public' and not c.relispartition`);
  return { tables: tables.rows, constraints: constraints.rows, indexes: indexes.rows };
}

test("DB-20, DB-40, NFR-02: every table is a tenant's with forced row security, or stands in the list of those that are not", async () => {
  const { tables } = await catalogue();
  const policy = "(org_id = ( SELECT app_org_id() AS app_org_id)) / (org_id = ( SELECT app_org_id() AS app_org_id))";

  const tenant = tables.filter((table) => !tablesWithoutTenant.has(table.name));

  expect(tenant.map((table) => table.name).sort()).toEqual([...tablesOfTenants].sort());
  expect(tenant.filter((table) => !table.forced)).toEqual([]);
  expect(tenant.filter((table) => table.policies.join() !== policy)).toEqual([]);
});

test("DB-20: every key of a tenant table begins with org_id, and no foreign key crosses tenants", async () => {
  const { tables, constraints, indexes } = await catalogue();
  const isTenant = new Set(tables.map((t) => t.name).filter((name) => !tablesWithoutTenant.has(name)));

  const keys = constraints.filter((c) => isTenant.has(c.table) && c.type !== "f");
  expect(keys.filter((c) => c.columns[0] !== "org_id")).toEqual([]);

  const foreign = constraints.filter((c) => c.type === "f");
  expect(
    foreign.filter((c) => isTenant.has(c.table) && isTenant.has(c.foreign ?? "") && c.columns[0] !== "org_id"),
  ).toEqual([]);
  expect(foreign.filter((c) => !isTenant.has(c.table) && isTenant.has(c.foreign ?? ""))).toEqual([]);

  expect(indexes.filter((i) => isTenant.has(i.table) && i.first !== "org_id")).toEqual([]);
});

test("DB-30: the watch over all statements of the suite sees one without org_id", () => {
  expect(() => refuseUnscoped("select * from member where id = $1")).toThrow("member names no org_id");
  expect(() => refuseUnscoped("update subscription set used = 0")).toThrow("subscription names no org_id");
  expect(() => refuseUnscoped("insert into member (org_id, id) values ($1, $2)")).not.toThrow();
  expect(() => refuseUnscoped("select 1 from plan")).not.toThrow();
});

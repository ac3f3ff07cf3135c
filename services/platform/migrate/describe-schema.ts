import type { Client } from "pg";

interface TableRow {
  readonly name: string;
  readonly columns: readonly string[];
  readonly constraints: readonly string[];
  readonly indexes: readonly string[];
  readonly policies: readonly string[];
  readonly forced: boolean;
  readonly partition: string | null;
}

const tables = `
select c.relname as name,
  coalesce((select array_agg(a.attname || ' ' || format_type(a.atttypid, a.atttypmod)
      || case when co.collname is not null and co.collname <> 'default' then ' collate "' || co.collname || '"' else '' end
      || case when a.attnotnull then ' not null' else '' end
      || coalesce(' default ' || pg_get_expr(d.adbin, d.adrelid), '') order by a.attnum)
    from pg_attribute a
    left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
    left join pg_collation co on co.oid = a.attcollation
    where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped), '{}') as columns,
  coalesce((select array_agg('constraint ' || k.conname || ' ' || pg_get_constraintdef(k.oid) order by k.conname)
    from pg_constraint k where k.conrelid = c.oid and k.contype <> 'n'), '{}') as constraints,
  coalesce((select array_agg(pg_get_indexdef(i.indexrelid) order by x.relname)
    from pg_index i join pg_class x on x.oid = i.indexrelid
    where i.indrelid = c.oid
      and not exists (select 1 from pg_constraint k where k.conindid = i.indexrelid and k.conrelid = c.oid)), '{}') as indexes,
  coalesce((select array_agg('create policy ' || p.polname || ' on ' || c.relname || ' using ('
      || pg_get_expr(p.polqual, p.polrelid) || ') with check (' || pg_get_expr(p.polwithcheck, p.polrelid) || ')'
      order by p.polname)
    from pg_policy p where p.polrelid = c.oid), '{}') as policies,
  c.relrowsecurity and c.relforcerowsecurity as forced,
  pg_get_partkeydef(c.oid) as partition
from pg_class c join pg_namespace n on n.oid = c.relnamespace
where n.nspname = 'public' and c.relkind in ('r', 'p') and not c.relispartition
order by c.relname`;

const routines = `
select pg_get_functiondef(p.oid) as text
from pg_proc p join pg_namespace n on n.oid = p.pronamespace
where n.nspname = 'public' and not exists (
  select 1 from pg_depend d where d.objid = p.oid and d.deptype = 'e')
order by p.proname`;

/**
 * The schema as one text, read from the catalogue: what all migrations together have made, in a stable order. It is
 * committed as `schema/database.sql` for review; the embedded server ships no pg_dump (DB-07).
 */
export async function describeSchema(client: Client): Promise<string> {
  const functions = (await client.query<{ text: string }>(routines)).rows.map((row) => `${row.text.trim()};`);
  const described = (await client.query<TableRow>(tables)).rows.map(describeTable);
  const head = "-- Made by `npm run generate` from all migrations. Read it in review, never edit it.";
  return `${[head, ...functions, ...described].join("\n\n")}\n`;
}

function describeTable(table: TableRow): string {
  const body = [...table.columns, ...table.constraints].map((line) => `  ${line}`).join(",\n");
  const partition = table.partition === null ? "" : ` partition by ${table.partition}`;
  const walls = table.forced ? [`alter table ${table.name} enable row level security, force row level security`] : [];
  const rest = [...table.indexes, ...walls, ...table.policies].map((line) => `${line};`);
  return [`create table ${table.name} (\n${body}\n)${partition};`, ...rest].join("\n");
}

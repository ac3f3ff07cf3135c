import { type Client, escapeIdentifier } from "pg";
import { retrying } from "./retry";

const monthsAhead = 12;

/**
 * Makes the monthly partitions of every table that is partitioned by range on `at`: the previous month, this one and
 * the next twelve. What has gathered in the default partition moves over, so a late call loses nothing.
 */
export async function ensurePartitions(client: Client): Promise<string[]> {
  const { rows: missing } = await client.query<Missing>(missingPartitions, [monthsAhead]);
  for (const partition of missing) await retrying(() => makePartition(client, partition));
  return missing.map(({ name }) => name);
}

interface Missing {
  readonly parent: string;
  readonly rest: string | null;
  readonly name: string;
  readonly from: string;
  readonly to: string;
}

const missingPartitions = `
  select p.relname as parent, r.relname as rest, m.name,
         to_char(m.month, 'YYYY-MM-DD') || ' 00:00:00+00' as "from",
         to_char(m.month + interval '1 month', 'YYYY-MM-DD') || ' 00:00:00+00' as "to"
  from pg_partitioned_table t
  join pg_class p on p.oid = t.partrelid and p.relnamespace = 'public'::regnamespace
  left join pg_class r on r.oid = t.partdefid
  join pg_attribute a on a.attrelid = p.oid and a.attnum = t.partattrs[0] and a.attname = 'at'
  cross join lateral (
    select month, p.relname || to_char(month, '_YYYY_MM') as name
    from generate_series(date_trunc('month', now() at time zone 'UTC') - interval '1 month',
                         date_trunc('month', now() at time zone 'UTC') + $1 * interval '1 month',
                         interval '1 month') month) m
  where t.partstrat = 'r' and t.partnatts = 1 and to_regclass('public.' || quote_ident(m.name)) is null
  order by p.relname, m.month`;

async function makePartition(client: Client, { parent, rest, name, from, to }: Missing): Promise<void> {
  const [table, partition] = [escapeIdentifier(parent), escapeIdentifier(name)];
  await client.query("begin");
  try {
    await client.query("set local lock_timeout = '2s'");
    await client.query(`lock table ${table} in access exclusive mode`);
    await client.query(`create table ${partition} (like ${table} including all)`);
    if (rest !== null) {
      const span = `at >= '${from}' and at < '${to}'`;
      await client.query(
        `with moved as (delete from ${escapeIdentifier(rest)} where ${span} returning *)
         insert into ${partition} select * from moved`,
      );
    }
    await client.query(`alter table ${table} attach partition ${partition} for values from ('${from}') to ('${to}')`);
    await client.query("commit");
  } catch (error) {
    await client.query("rollback");
    throw error;
  }
}

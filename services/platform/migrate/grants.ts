import { type Client, escapeIdentifier } from "pg";
import { exceptions, usualPrivileges } from "./privileges";

/**
 * Gives the application's role what it needs and takes away what it does not, from the present tables. Repeated by
 * every `migrate`, so that a new table is reachable without a word in its migration.
 */
export async function grantTo(client: Client, role: string): Promise<void> {
  const app = escapeIdentifier(role);
  const statements = [
    "revoke all on schema public from public",
    `grant usage on schema public to ${app}`,
    ...(await tablesOf(client, "public")).flatMap((table) => tableGrants(table, app)),
    ...(await workerGrants(client, app, role)),
  ];
  await client.query("begin; set local lock_timeout = '2s'");
  try {
    await client.query(statements.join(";\n"));
    await client.query("commit");
  } catch (error) {
    await client.query("rollback");
    throw error;
  }
}

interface Table {
  readonly name: string;
  readonly isPartition: boolean;
}

function tableGrants({ name, isPartition }: Table, app: string): string[] {
  const table = `public.${escapeIdentifier(name)}`;
  // A partition is reached through its parent, whose policy holds; addressed by its own name it would have none.
  if (isPartition) return [`revoke all on ${table} from ${app}`];
  const privileges = exceptions[name] ?? usualPrivileges;
  return [`revoke all on ${table} from ${app}`, `grant ${privileges.join(", ")} on ${table} to ${app}`];
}

async function tablesOf(client: Client, schema: string): Promise<Table[]> {
  const { rows } = await client.query<{ name: string; is_partition: boolean }>(
    `select c.relname as name, c.relispartition as is_partition from pg_class c
     where c.relnamespace = $1::regnamespace and c.relkind in ('r', 'p') order by 1`,
    [schema],
  );
  return rows.map((row) => ({ name: row.name, isPartition: row.is_partition }));
}

// graphile-worker closes its tables by row security without policies, so that only their owner works. The worker runs
// as the application's role, which owns nothing: it gets a policy of its own. Jobs hold ids only, so no tenant's data
// can be read there.
async function workerGrants(client: Client, app: string, role: string): Promise<string[]> {
  const policy = `plenum for ${role}`;
  const tables = (await tablesOf(client, "graphile_worker")).filter(({ name }) => name.startsWith("_private_"));
  const { rows } = await client.query<{ name: string }>(
    "select tablename as name from pg_policies where schemaname = 'graphile_worker' and policyname = $1",
    [policy],
  );
  // A policy is made once: making it locks the table against the workers of running replicas.
  const done = new Set(rows.map(({ name }) => name));
  return [
    `grant usage on schema graphile_worker to ${app}`,
    `grant execute on all functions in schema graphile_worker to ${app}`,
    `grant usage, select on all sequences in schema graphile_worker to ${app}`,
    `grant select on graphile_worker.migrations, graphile_worker.jobs to ${app}`,
    ...tables.flatMap(({ name }) => {
      const table = `graphile_worker.${escapeIdentifier(name)}`;
      const grant = `grant select, insert, update, delete on ${table} to ${app}`;
      const make = `create policy ${escapeIdentifier(policy)} on ${table} to ${app} using (true) with check (true)`;
      return done.has(name) ? [grant] : [grant, make];
    }),
  ];
}

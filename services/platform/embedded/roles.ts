import { Client } from "pg";
import type { PgTarget } from "../targets";

export const ownerRole = "plenum_owner";
export const appRole = "plenum_app";
export const databaseName = "plenum";

/**
 * Makes database and roles where they are missing (DB-40). The superuser is used here and nowhere else; tables belong
 * to the owner, and the application's role owns nothing, so that row security holds for it.
 */
export async function makeRoles(superTarget: PgTarget): Promise<void> {
  await asSuperuser(superTarget, "postgres", async (client) => {
    const { rows } = await client.query<{ roles: string; databases: string }>(
      `select (select count(*) from pg_roles where rolname in ('${ownerRole}', '${appRole}')) roles,
              (select count(*) from pg_database where datname = '${databaseName}') databases`,
    );
    // The owner may make roles and databases: `plenum migrate` makes the application's role on a given database with
    // the same statements, and the tests clone theirs.
    if (Number(rows[0]?.roles) < 2) {
      await client.query(`
        do $$ begin
          if to_regrole('${ownerRole}') is null then create role ${ownerRole} login createdb nosuperuser nobypassrls; end if;
          if to_regrole('${appRole}') is null then create role ${appRole} login nosuperuser nobypassrls; end if;
        end $$`);
    }
    if (Number(rows[0]?.databases) === 0) await client.query(`create database ${databaseName} owner ${ownerRole}`);
  });
  await asSuperuser(superTarget, databaseName, async (client) => {
    await client.query(`
      create extension if not exists btree_gist;
      create extension if not exists pg_trgm;
      alter schema public owner to ${ownerRole};
      revoke all on schema public from public`);
  });
}

async function asSuperuser(target: PgTarget, database: string, work: (client: Client) => Promise<void>): Promise<void> {
  const client = new Client({ ...target, database, connectionTimeoutMillis: 10_000 });
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}

import type { Pool } from "pg";

/** The role of `DATABASE_URL` could see every tenant. */
export class RoleTooStrong extends Error {
  constructor(role: string, why: readonly string[]) {
    super(
      `database role ${role} ${why.join(" and ")}, so row-level security would not hold for it. ` +
        "DATABASE_URL names the application's role, DATABASE_OWNER_URL the one that owns the tables (plenum migrate).",
    );
  }
}

/**
 * Refuses a role that could pass row-level security: superuser, BYPASSRLS, owner of a tenant's table, or member of
 * such a role, because a member becomes it by `set role` (decision 16, DB-40).
 * @throws RoleTooStrong
 */
export async function checkRole(pool: Pick<Pool, "query">): Promise<void> {
  const { rows } = await pool.query<{ role: string; superuser: boolean; bypass: boolean; owner: boolean }>(question);
  const [row] = rows;
  if (!row) throw new Error("the database did not say which role this is");
  const why = [
    ...(row.superuser ? ["is or may become a superuser"] : []),
    ...(row.bypass ? ["has or may take BYPASSRLS"] : []),
    ...(row.owner ? ["owns tables of tenants"] : []),
  ];
  if (why.length > 0) throw new RoleTooStrong(row.role, why);
}

const question = `
  select current_user as role,
         exists (select from pg_roles where rolsuper and pg_has_role(oid, 'member')) as superuser,
         exists (select from pg_roles where rolbypassrls and pg_has_role(oid, 'member')) as bypass,
         exists (select from pg_class c
                 where c.relkind in ('r', 'p') and c.relrowsecurity and c.relnamespace = 'public'::regnamespace
                   and pg_has_role(c.relowner, 'member')) as owner`;

import { type Client, escapeIdentifier, escapeLiteral } from "pg";

/** The application's role does not exist and the migrating role may not make it. */
export class RoleMissing extends Error {
  constructor(role: string) {
    super(
      `role ${role} does not exist. Make it as an administrator of the database, then migrate again: ` +
        `create role ${escapeIdentifier(role)} login nosuperuser nobypassrls password '…';`,
    );
  }
}

/** Makes the role of the application where it is missing (DB-40). */
export async function ensureAppRole(client: Client, role: string, password: string | undefined): Promise<void> {
  const found = await client.query("select from pg_roles where rolname = $1", [role]);
  if (found.rowCount === 1) return;
  const secret = password === undefined ? "" : ` password ${escapeLiteral(password)}`;
  try {
    await client.query(`create role ${escapeIdentifier(role)} login nosuperuser nobypassrls${secret}`);
  } catch (error) {
    const code = (error as { code?: string }).code;
    if (code === "42501") throw new RoleMissing(role);
    // Roles belong to the whole server: the migration of another database may have been faster.
    if (code !== "42710") throw error;
  }
}

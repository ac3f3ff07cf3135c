import type { ClientConfig } from "pg";

/**
 * Where a database is and as whom: the part of pg's client configuration that we use. `pg.Pool` and `pg.Client` take
 * it as it is; TypeORM takes it as `extra`, which it hands to its pool unread.
 */
export type PgTarget = Readonly<
  Pick<ClientConfig, "host" | "port" | "user" | "password" | "database" | "connectionString">
>;

/** The same server and role, another database. */
export function withDatabase(target: PgTarget, database: string): PgTarget {
  if (target.connectionString === undefined) return { ...target, database };
  const url = new URL(target.connectionString);
  url.pathname = `/${encodeURIComponent(database)}`;
  return { ...target, connectionString: url.href };
}

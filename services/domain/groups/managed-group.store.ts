import type { ConnectionId } from "../../kernel/ids";
import { sql, statement } from "../../platform/sql";
import type { Tx } from "../../platform/unit-of-work";

const manager = statement(
  "group-manager",
  `select name from identity_connection
   where org_id = $1 and id = $2 and deleted_at is null and scim_state <> 'OFF'`,
);

/** The name of a connection that provisions still. */
export async function findManager(tx: Tx, id: ConnectionId): Promise<string | undefined> {
  return (await sql(tx).maybe<{ name: string }>(manager, [tx.orgId, id]))?.name;
}

import type { ConnectionId } from "../../kernel/ids";
import { sql, statement } from "../../platform/sql";
import type { Tx } from "../../platform/unit-of-work";

export interface ManagedFields {
  readonly connection: string;
  readonly fields: readonly string[];
}

const find = statement(
  "member-managed-fields",
  `select name as connection, managed_fields as fields from identity_connection
   where org_id = $1 and id = $2 and deleted_at is null and scim_state <> 'OFF'`,
);

/** What a connection that still provisions holds of its members. */
export async function findManagedFields(tx: Tx, id: ConnectionId): Promise<ManagedFields | undefined> {
  return sql(tx).maybe<ManagedFields>(find, [tx.orgId, id]);
}

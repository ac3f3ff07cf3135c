import type { ConnectionId } from "../../kernel/ids";
import type { KeptRequest } from "../../platform/kept-request";
import { sql, statement } from "../../platform/sql";
import type { Tx } from "../../platform/unit-of-work";

const find = statement(
  "trial-connection",
  `select id, name, role_ceiling as "roleCeiling", preset, switches
   from identity_connection where org_id = $1 and id = $2 and deleted_at is null`,
);

/** A connection as the engine needs it, whatever its state. */
export async function trialConnection(tx: Tx, id: ConnectionId): Promise<KeptRequest["connection"] | undefined> {
  return sql(tx).maybe<KeptRequest["connection"]>(find, [tx.orgId, id]);
}

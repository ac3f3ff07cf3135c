import type { ConnectionId } from "../../kernel/ids";
import { sql, statement } from "../../platform/sql";
import type { Tx } from "../../platform/unit-of-work";

export type SamlState = "DRAFT" | "TESTING" | "ACTIVE" | "DISABLED";
export type Provisioning = "off" | "existing" | "create";

const add = statement(
  "connection-add",
  `insert into identity_connection (org_id, id, name, vouched_by_operator, created_at, updated_at)
   select $1, $2, $3, $4, $5, $5
   where (select count(*) from identity_connection where org_id = $1 and deleted_at is null) < 5`,
);
const oldest = statement(
  "connection-oldest",
  `select id from identity_connection where org_id = $1 and deleted_at is null order by created_at, id limit 1`,
);
const exists = statement(
  "connection-exists",
  `select id, saml_state as "samlState" from identity_connection
   where org_id = $1 and id = $2 and deleted_at is null for no key update`,
);
// Once SCIM is on, people are known by it: sign-in provisions only who exists, unless somebody chose otherwise
// (ruling 12).
const switchScimOn = statement(
  "connection-scim-on",
  `update identity_connection
   set scim_state = case when scim_state = 'OFF' then 'ON' else scim_state end,
       provisioning = case when options ? 'provisioningChosen' or scim_state <> 'OFF' then provisioning else 'existing' end,
       updated_at = $3, version = version + 1
   where org_id = $1 and id = $2`,
);

/** Adds a connection; false when the organization has its five already (SAML-01). */
export async function insertConnection(
  tx: Tx,
  connection: { id: ConnectionId; name: string; vouchedByOperator: boolean },
): Promise<boolean> {
  const values = [tx.orgId, connection.id, connection.name, connection.vouchedByOperator, tx.now];
  return (await sql(tx).exec(add, values)) === 1;
}

/** The connection meant where none is named: the organization's oldest (ruling 12). */
export async function oldestConnection(tx: Tx): Promise<ConnectionId | undefined> {
  return (await sql(tx).maybe<{ id: ConnectionId }>(oldest, [tx.orgId]))?.id;
}

export async function lockConnection(
  tx: Tx,
  id: ConnectionId,
): Promise<{ id: ConnectionId; samlState: SamlState } | undefined> {
  return sql(tx).maybe<{ id: ConnectionId; samlState: SamlState }>(exists, [tx.orgId, id]);
}

export async function switchScimOnRow(tx: Tx, id: ConnectionId): Promise<void> {
  await sql(tx).exec(switchScimOn, [tx.orgId, id, tx.now]);
}

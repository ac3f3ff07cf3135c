import type { ConnectionId } from "../../kernel/ids";
import { sql, statement } from "../../platform/sql";
import type { Tx } from "../../platform/unit-of-work";

// The connection that the domain names, else the organization's oldest active one (SAML-78).
const find = statement(
  "connection-of-domain",
  `select c.id
   from verified_domain d
   join identity_connection c on c.org_id = d.org_id and (d.connection_id is null or c.id = d.connection_id)
   where d.org_id = $1 and d.domain = $2 and d.status = 'VERIFIED' and c.deleted_at is null and c.saml_state = 'ACTIVE'
   order by c.created_at, c.id limit 1`,
);

/** Where people of a domain sign in, or nothing. */
export async function connectionOfDomain(tx: Tx, domain: string): Promise<ConnectionId | undefined> {
  return (await sql(tx).maybe<{ id: ConnectionId }>(find, [tx.orgId, domain]))?.id;
}

import type { ConnectionId } from "../../kernel/ids";
import { sql, statement } from "../../platform/sql";
import type { Tx } from "../../platform/unit-of-work";

/** A way in that a person may choose. */
export interface SignInConnection {
  readonly id: ConnectionId;
  readonly name: string;
}

// The connection that the domain names, else every active one, oldest first (SAML-78). A parent domain answers for its
// subdomains where that was switched on.
const ofDomain = statement(
  "connections-of-domain",
  `select c.id, c.name
   from verified_domain d
   join identity_connection c on c.org_id = d.org_id and (d.connection_id is null or c.id = d.connection_id)
   where d.org_id = $1 and d.domain = $2 and (d.domain = $3 or d.subdomains) and d.status = 'VERIFIED'
     and c.deleted_at is null and c.saml_state = 'ACTIVE'
   order by c.created_at, c.id`,
);
const active = statement(
  "connections-active",
  `select id, name from identity_connection
   where org_id = $1 and deleted_at is null and saml_state = 'ACTIVE' order by created_at, id`,
);

/** Where people of a host sign in, by what is said of `domain`: the host itself or a name above it. */
export async function connectionsOfDomain(tx: Tx, domain: string, host: string): Promise<SignInConnection[]> {
  return sql(tx).many<SignInConnection>(ofDomain, [tx.orgId, domain, host]);
}

/** Every connection of the organization that signs people in. */
export async function activeConnections(tx: Tx): Promise<SignInConnection[]> {
  return sql(tx).many<SignInConnection>(active, [tx.orgId]);
}

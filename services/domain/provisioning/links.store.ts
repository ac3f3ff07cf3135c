import type { ConnectionId } from "../../kernel/ids";
import { sql, statement } from "../../platform/sql";
import type { Tx } from "../../platform/unit-of-work";

export type LinkedKind = "MEMBER" | "GROUP";

const seen = statement(
  "link-seen",
  `insert into provisioning_link (org_id, connection_id, kind, resource_id, first_seen_at, last_seen_at)
   values ($1, $2, $3, $4, $5, $5)
   on conflict (org_id, connection_id, kind, resource_id) do update set last_seen_at = excluded.last_seen_at`,
);
const name = statement(
  "link-name",
  `insert into provisioning_link (org_id, connection_id, kind, resource_id, external_id, first_seen_at, last_seen_at)
   values ($1, $2, $3, $4, $5, $6, $6)
   on conflict (org_id, connection_id, kind, resource_id) do update
     set external_id = excluded.external_id, last_seen_at = excluded.last_seen_at
   returning exists (select 1 from provisioning_link o
     where o.org_id = $1 and o.connection_id = $2 and o.kind = $3 and o.external_id = $5 and o.resource_id <> $4)
     as "isShared"`,
);
const forget = statement(
  "link-forget",
  `delete from provisioning_link where org_id = $1 and kind = $2 and resource_id = $3`,
);
// The external id is part of what a client reads of the resource, so its version steps with it.
const touchMember = statement(
  "link-touch-member",
  `update member set version = version + 1, updated_at = $3 where org_id = $1 and id = $2`,
);
const touchGroup = statement(
  "link-touch-group",
  `update member_group set version = version + 1, updated_at = $3 where org_id = $1 and id = $2`,
);

export interface Linked {
  readonly connectionId: ConnectionId;
  readonly kind: LinkedKind;
  readonly resourceId: string;
}

/** Notes that the connection has written a resource; the external id stays what it is. */
export async function markSeen(tx: Tx, { connectionId, kind, resourceId }: Linked): Promise<void> {
  await sql(tx).exec(seen, [tx.orgId, connectionId, kind, resourceId, tx.now]);
}

/** Sets or clears the connection's own id of a resource; answers whether another resource has the same (SCIM-094). */
export async function nameLink(tx: Tx, link: Linked, externalId: string | null): Promise<boolean> {
  const { connectionId, kind, resourceId } = link;
  const values = [tx.orgId, connectionId, kind, resourceId, externalId, tx.now];
  return (await sql(tx).one<{ isShared: boolean }>(name, values)).isShared;
}

/** A resource that is gone has no id anywhere: a recreated one begins anew. */
export async function forgetLinks(tx: Tx, kind: LinkedKind, resourceId: string): Promise<void> {
  await sql(tx).exec(forget, [tx.orgId, kind, resourceId]);
}

export async function touchResource(tx: Tx, kind: LinkedKind, resourceId: string): Promise<void> {
  await sql(tx).exec(kind === "MEMBER" ? touchMember : touchGroup, [tx.orgId, resourceId, tx.now]);
}

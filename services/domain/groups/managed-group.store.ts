import type { ConnectionId, GroupId } from "../../kernel/ids";
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

const demotes = statement(
  "group-manager-would-demote",
  `select exists (
     select 1 from group_rule k join identity_connection c on c.org_id = k.org_id and c.id = $3
     where k.org_id = $1 and k.group_id = $2 and k.target = 'ROLE' and c.role_ceiling = 'MEMBER') as would`,
);

/** Whether a group gives a role that a connection may not grant. */
export async function wouldDemote(tx: Tx, id: GroupId, manager: ConnectionId): Promise<boolean> {
  return (await sql(tx).one<{ would: boolean }>(demotes, [tx.orgId, id, manager])).would;
}

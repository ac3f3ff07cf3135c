import { PlenumError } from "../../kernel/errors";
import type { ConnectionId } from "../../kernel/ids";
import type { Tx } from "../../platform/unit-of-work";
import type { Group } from "./group";
import type { FoundGroup } from "./groups.store";
import { findManager, wouldDemote } from "./managed-group.store";

/**
 * A group that an identity provider keeps is not changed by hand here: the next sync would take it back without a word
 * (SCIM-191). Once its connection no longer provisions, it is the organization's again.
 * @throws PlenumError `managed_by_identity_provider` naming the connection.
 */
export async function requireOwnGroup(tx: Tx, { managedBy }: Group): Promise<void> {
  if (managedBy === null || (tx.caller.kind !== "person" && tx.caller.kind !== "token")) return;
  const connection = await findManager(tx, managedBy);
  if (connection === undefined) return;
  throw new PlenumError("managed_by_identity_provider", `“${connection}” manages this group; change it there`, {
    connection,
  });
}

/**
 * Who manages a group from now on, if somebody new does. A connection that may grant members only takes over none that
 * gives a role: everybody whom an administrator has put there would lose it, because a connection wrote to the group.
 */
export async function newManager(
  tx: Tx,
  group: FoundGroup,
  wanted: ConnectionId | undefined,
): Promise<ConnectionId | null> {
  if (wanted === undefined || group.managedBy !== null) return null;
  return group.isRuled && (await wouldDemote(tx, group.id, wanted)) ? null : wanted;
}

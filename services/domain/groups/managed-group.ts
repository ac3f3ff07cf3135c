import { PlenumError } from "../../kernel/errors";
import type { Tx } from "../../platform/unit-of-work";
import type { Group } from "./group";
import { findManager } from "./managed-group.store";

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

import { isIP } from "node:net";
import { invalid, notFound, PlenumError } from "../../kernel/errors";
import type { ConnectionId } from "../../kernel/ids";
import type { Tx } from "../../platform/unit-of-work";
import { grantEntitlement, requireEntitlement } from "../organizations";
import { ensureConnection } from "./add-connection";
import { lockConnection } from "./connections.store";

/** What a credential for provisioning may do. */
export const scimScopes = ["scim.read", "scim.write"] as const;

/**
 * The locked connection for which a credential is to be made, the oldest where none is named. SSO comes first (ORG-09)
 * and both need the entitlement `sso` (ORG-08); the operator vouches for both (ruling 2).
 * @throws PlenumError `entitlement_required`, `sso_required_first`, `not_found`.
 */
export async function requireScimConnection(
  tx: Tx,
  named: ConnectionId | undefined,
  reason: string,
): Promise<ConnectionId> {
  if (tx.caller.kind === "operator") await grantEntitlement(tx, { feature: "sso", reason });
  await requireEntitlement(tx, "sso");
  const id = named ?? (await ensureConnection(tx, "SCIM"));
  const connection = await lockConnection(tx, id);
  if (!connection) throw notFound("connection");
  if (tx.caller.kind !== "operator" && connection.samlState !== "ACTIVE") {
    throw new PlenumError("sso_required_first", "SCIM is switched on after single sign-on is active", {});
  }
  return id;
}

/** @throws PlenumError `invalid` for none and for unknown ones. */
export function parseScopes(given: readonly string[] | undefined): readonly string[] {
  const scopes = [...new Set(given ?? scimScopes)];
  if (scopes.length === 0 || scopes.some((scope) => !scimScopes.some((known) => known === scope))) {
    throw invalid("scopes", scimScopes.join(", "), given);
  }
  return scopes;
}

/** @throws PlenumError `invalid` naming the entry. */
export function parseNetworks(given: readonly string[] | undefined): readonly string[] {
  const networks = given ?? [];
  if (networks.length > 100) throw invalid("ipAllow", "at most 100 networks", networks.length);
  networks.forEach((entry, i) => requireNetwork(`ipAllow.${i}`, entry));
  return networks;
}

function requireNetwork(field: string, entry: string): void {
  const [address = "", bits, more] = entry.split("/");
  const family = isIP(address);
  const bitsMax = family === 6 ? 128 : 32;
  const valid =
    family !== 0 && more === undefined && (bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= bitsMax));
  if (!valid) throw invalid(field, "an IP address or network such as 192.0.2.0/24", entry);
}

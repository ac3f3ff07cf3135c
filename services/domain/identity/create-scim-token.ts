import { isIP } from "node:net";
import { invalid, notFound, PlenumError } from "../../kernel/errors";
import { newId, publicId, type ConnectionId, type ScimTokenId } from "../../kernel/ids";
import { parseText } from "../../kernel/text";
import { mintSecret } from "../../platform/secrets";
import type { Tx } from "../../platform/unit-of-work";
import { useCase } from "../access";
import { grantEntitlement, requireEntitlement } from "../organizations";
import { ensureConnection } from "./add-connection";
import { lockConnection, switchScimOnRow } from "./connections.store";
import { insertScimToken, revokeScimTokenRow } from "./tokens.store";

export interface CreatedScimToken {
  readonly id: ScimTokenId;
  readonly connectionId: ConnectionId;
  /** Shown once; only its hash is stored. */
  readonly text: string;
  readonly baseUrl: string;
  readonly expiresAt: Date | null;
}

const scopesKnown = ["scim.read", "scim.write"];

/**
 * Makes a SCIM token and switches SCIM on for its connection. SSO comes first (ORG-09) and both need the entitlement
 * `sso` (ORG-08); the operator vouches for both (ruling 2).
 * @throws PlenumError `entitlement_required`, `sso_required_first`, `not_found`, `invalid`.
 */
export const createScimToken = useCase(
  "identity:write",
  async (
    tx: Tx,
    input: {
      connectionId?: ConnectionId;
      name?: string;
      scopes?: readonly string[];
      ipAllow?: readonly string[];
      validDays?: number;
    },
  ): Promise<CreatedScimToken> => {
    if (tx.caller.kind === "operator")
      await grantEntitlement(tx, { feature: "sso", reason: "operator made a SCIM token" });
    await requireEntitlement(tx, "sso");
    const connectionId = input.connectionId ?? (await ensureConnection(tx, "SCIM"));
    const connection = await lockConnection(tx, connectionId);
    if (!connection) throw notFound("connection");
    if (tx.caller.kind !== "operator" && connection.samlState !== "ACTIVE") {
      throw new PlenumError("sso_required_first", "SCIM is switched on after single sign-on is active", {});
    }
    const scopes = input.scopes ?? scopesKnown;
    if (scopes.length === 0 || scopes.some((scope) => !scopesKnown.includes(scope))) {
      throw invalid("scopes", scopesKnown.join(", "), scopes);
    }
    const ipAllow = input.ipAllow ?? [];
    ipAllow.forEach((entry, i) => requireNetwork(`ipAllow.${i}`, entry));
    const name = parseText("name", input.name ?? "SCIM token", { max: 120 });

    const id = newId("scimToken");
    const secret = mintSecret("scim", tx.orgId);
    const validDays = input.validDays ?? null;
    const expiresAt = await insertScimToken(tx, {
      id,
      connectionId,
      name,
      hash: secret.hash,
      scopes,
      ipAllow,
      validDays,
    });
    await switchScimOnRow(tx, connectionId);

    const facts = { name, scopes, connection: publicId("connection", connectionId) };
    tx.audit({ action: "scim_token.create", target: { kind: "scimToken", id }, facts });
    tx.emit({ name: "connection.changed", connectionId });
    return { id, connectionId, text: secret.text, baseUrl: scimBaseUrl(tx, connectionId), expiresAt };
  },
  "createScimToken",
);

/** Ends a SCIM token with the commit. */
export const revokeScimToken = useCase(
  "identity:write",
  async (tx: Tx, input: { id: ScimTokenId }): Promise<void> => {
    if (!(await revokeScimTokenRow(tx, input.id))) throw notFound("SCIM token");

    tx.audit({ action: "scim_token.revoke", target: { kind: "scimToken", id: input.id } });
  },
  "revokeScimToken",
);

/** The base URL that an identity provider is given. */
export function scimBaseUrl(tx: Tx, connectionId: ConnectionId): string {
  return `${tx.instance.publicUrl}/scim/v2/${publicId("connection", connectionId)}`;
}

function requireNetwork(field: string, entry: string): void {
  const [address = "", bits, more] = entry.split("/");
  const family = isIP(address);
  const bitsMax = family === 6 ? 128 : 32;
  const valid =
    family !== 0 && more === undefined && (bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= bitsMax));
  if (!valid) throw invalid(field, "an IP address or network such as 192.0.2.0/24", entry);
}

import { invalid, notFound } from "../../kernel/errors";
import { newId, publicId, type ConnectionId, type ScimTokenId } from "../../kernel/ids";
import { parseText } from "../../kernel/text";
import { mintSecret } from "../../platform/secrets";
import type { Tx } from "../../platform/unit-of-work";
import { useCase } from "../access";
import { switchScimOnRow } from "./connections.store";
import { parseNetworks, parseScopes, requireScimConnection } from "./scim-access";
import { insertScimToken, revokeScimTokenRow } from "./tokens.store";

export interface CreatedScimToken {
  readonly id: ScimTokenId;
  readonly connectionId: ConnectionId;
  /** Shown once; only its hash is stored. */
  readonly text: string;
  readonly baseUrl: string;
  readonly expiresAt: Date | null;
}

const validDaysMax = 5 * 366;

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
    const connectionId = await requireScimConnection(tx, input.connectionId, "operator made a SCIM token");
    const scopes = parseScopes(input.scopes);
    const ipAllow = parseNetworks(input.ipAllow);
    const name = parseText("name", input.name ?? "SCIM token", { max: 120 });
    const validDays = input.validDays ?? null;
    if (validDays !== null && (!Number.isInteger(validDays) || validDays < 1 || validDays > validDaysMax)) {
      throw invalid("validDays", `1 to ${validDaysMax} days`, validDays);
    }

    const id = newId("scimToken");
    const secret = mintSecret("scim", tx.orgId);
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

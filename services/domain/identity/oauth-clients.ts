import { invalid, notFound, PlenumError } from "../../kernel/errors";
import { newId, publicId, readId, type ConnectionId, type OAuthClientId, type OrgId } from "../../kernel/ids";
import { parseText } from "../../kernel/text";
import { mintSecret } from "../../platform/secrets";
import type { Tx } from "../../platform/unit-of-work";
import { useCase } from "../access";
import { parseClientKeys } from "./client-keys";
import { switchScimOnRow } from "./connections.store";
import {
  insertClient,
  listClientRows,
  lockClient,
  replaceKeys,
  replaceSecret,
  revokeClientRow,
  type OAuthClient,
} from "./oauth-clients.store";
import { parseNetworks, parseScopes, requireScimConnection } from "./scim-access";

/** Who a client is at the token endpoint: its organization is an address only, like that of a token. */
export function clientIdText(orgId: OrgId, id: OAuthClientId): string {
  return `${publicId("organization", orgId)}.${publicId("oauthClient", id)}`;
}

/** The organization and client that a client id names, or nothing. */
export function readClientId(text: string): { orgId: OrgId; id: OAuthClientId } | undefined {
  const [address = "", name = "", more] = text.length <= 80 ? text.split(".") : [];
  const org = readId(address);
  const client = readId(name);
  if (more !== undefined || org?.kind !== "organization" || client?.kind !== "oauthClient") return undefined;
  return { orgId: org.id as OrgId, id: client.id as OAuthClientId };
}

export interface CreatedOAuthClient {
  readonly id: OAuthClientId;
  readonly connectionId: ConnectionId;
  readonly clientId: string;
  /** Shown once; null where the client proves itself by keys of its own. */
  readonly secret: string | null;
  readonly tokenUrl: string;
}

/**
 * Makes a client that gets short-lived tokens for a connection's SCIM, and switches SCIM on for it (SCIM-042). With a
 * key set it signs assertions (RFC 7523) and has no secret that could leak from us.
 * @throws PlenumError `entitlement_required`, `sso_required_first`, `not_found`, `invalid`.
 */
export const createOAuthClient = useCase(
  "identity:write",
  async (
    tx: Tx,
    input: {
      connectionId?: ConnectionId;
      name: string;
      jwks?: unknown;
      scopes?: readonly string[];
      ipAllow?: readonly string[];
    },
  ): Promise<CreatedOAuthClient> => {
    const name = parseText("name", input.name, { max: 120 });
    const scopes = parseScopes(input.scopes);
    const ipAllow = parseNetworks(input.ipAllow);
    const jwks = input.jwks === undefined ? null : { keys: parseClientKeys(input.jwks) };
    const connectionId = await requireScimConnection(tx, input.connectionId, "operator made an OAuth client");

    const id = newId("oauthClient");
    const clientId = clientIdText(tx.orgId, id);
    const secret = jwks === null ? mintSecret("client", tx.orgId) : null;
    await insertClient(tx, { id, connectionId, clientId, name, jwks, scopes, ipAllow }, secret?.hash ?? null);
    await switchScimOnRow(tx, connectionId);

    const facts = { name, scopes, connection: publicId("connection", connectionId), proof: jwks ? "keys" : "secret" };
    tx.audit({ action: "oauth_client.create", target: { kind: "oauthClient", id }, facts });
    tx.emit({ name: "connection.changed", connectionId });
    return { id, connectionId, clientId, secret: secret?.text ?? null, tokenUrl: tokenUrl(tx) };
  },
  "createOAuthClient",
);

const overlapHoursMax = 30 * 24;

/**
 * Gives a client another secret, or another key set. The secret before counts for `overlapHours` more, so that nothing
 * stands still meanwhile; of keys the new set says which count.
 * @throws PlenumError `not_found`; `invalid`; `conflict` where the other kind of proof is given.
 */
export const rotateOAuthClient = useCase(
  "identity:write",
  async (
    tx: Tx,
    input: { id: OAuthClientId; jwks?: unknown; overlapHours?: number },
  ): Promise<{ readonly secret: string | null; readonly oldSecretHours: number }> => {
    const client = await lockClient(tx, input.id);
    if (!client) throw notFound("OAuth client");
    const target = { kind: "oauthClient", id: client.id } as const;
    if ((client.jwks === null) !== (input.jwks === undefined)) {
      const proof = client.jwks === null ? "a secret" : "keys";
      throw new PlenumError("conflict", `this client proves itself by ${proof}; make another one for the other way`, {
        field: "jwks",
      });
    }
    if (client.jwks !== null) {
      await replaceKeys(tx, client.id, parseClientKeys(input.jwks));
      tx.audit({ action: "oauth_client.rotate", target, facts: { proof: "keys" } });
      return { secret: null, oldSecretHours: 0 };
    }
    const hours = input.overlapHours ?? 24;
    if (!Number.isInteger(hours) || hours < 0 || hours > overlapHoursMax) {
      throw invalid("overlapHours", `a whole number from 0 to ${overlapHoursMax}`, hours);
    }
    const secret = mintSecret("client", tx.orgId);
    await replaceSecret(tx, client.id, secret.hash, hours);

    tx.audit({ action: "oauth_client.rotate", target, facts: { proof: "secret", overlapHours: hours } });
    return { secret: secret.text, oldSecretHours: hours };
  },
  "rotateOAuthClient",
);

/** Ends a client and every token that it was given, with the commit. */
export const revokeOAuthClient = useCase(
  "identity:write",
  async (tx: Tx, input: { id: OAuthClientId }): Promise<void> => {
    if (!(await revokeClientRow(tx, input.id))) throw notFound("OAuth client");

    tx.audit({ action: "oauth_client.revoke", target: { kind: "oauthClient", id: input.id } });
  },
  "revokeOAuthClient",
);

/** The clients of the organization, newest first, without their secrets. */
export const listOAuthClients = useCase(
  "identity:read",
  async (tx: Tx, _input: object): Promise<OAuthClient[]> => listClientRows(tx),
  "listOAuthClients",
);

/** Where clients get their tokens. */
export function tokenUrl(tx: Tx): string {
  return `${tx.instance.publicUrl}/oauth2/token`;
}

import { timingSafeEqual } from "node:crypto";
import { invalid } from "../../kernel/errors";
import { newId, publicId, type OAuthClientId } from "../../kernel/ids";
import { mintSecret } from "../../platform/secrets";
import type { Tx } from "../../platform/unit-of-work";
import { useCase } from "../access";
import type { ClientKey } from "./client-keys";
import { unauthenticated } from "./entrances";
import { isAllowedFrom } from "./networks";
import { findClient, insertIssuedToken, markAssertion, type ClientWithSecrets } from "./oauth-clients.store";

/** For how long an issued token works; what is revoked meanwhile ends at once all the same. */
export const issuedTokenSeconds = 3_600;

/** By what a client has proved itself: a secret, or an assertion that verified with one of these keys. */
export type ClientProof =
  | { readonly by: "secret"; readonly hash: Buffer }
  | {
      readonly by: "assertion";
      readonly keys: readonly ClientKey[];
      readonly jtiHash: Buffer;
      readonly expiresAt: Date;
    };

export interface IssuedToken {
  readonly text: string;
  readonly scopes: readonly string[];
  readonly seconds: number;
}

/** The keys by which a client's assertion may be verified; nothing where it has none or is not there. */
export const findClientKeys = useCase(
  "sign-in",
  async (tx: Tx, input: { id: OAuthClientId }): Promise<readonly ClientKey[] | undefined> =>
    (await findClient(tx, input.id))?.jwks?.keys,
  "findClientKeys",
);

/**
 * Gives a client a token for its connection (RFC 6749 §4.4). Everything is asked again here, in the transaction that
 * writes the token: a client that was revoked, or whose keys were replaced, while its assertion was verified gets none.
 * @throws PlenumError `unauthenticated` for whatever is wrong with who asks, one answer; `invalid` for the scope.
 */
export const issueClientToken = useCase(
  "sign-in",
  async (
    tx: Tx,
    input: { id: OAuthClientId; proof: ClientProof; scopes?: readonly string[] },
  ): Promise<IssuedToken> => {
    const client = await findClient(tx, input.id);
    if (!client || !isAllowedFrom(client.ipAllow, tx.caller.origin.ip)) throw unauthenticated();
    if (!(await isProved(tx, client, input.proof))) throw unauthenticated();
    const scopes = input.scopes ?? client.scopes;
    if (scopes.length === 0 || scopes.some((scope) => !client.scopes.includes(scope))) {
      throw invalid("scope", client.scopes.join(" "), scopes.join(" "));
    }

    const secret = mintSecret("scim", tx.orgId);
    const id = newId("scimToken");
    await insertIssuedToken(tx, { id, hash: secret.hash, scopes, seconds: issuedTokenSeconds }, client);

    const facts = { client: publicId("oauthClient", client.id), scopes, proof: input.proof.by };
    tx.audit({ action: "oauth_client.token", target: { kind: "oauthClient", id: client.id }, facts });
    return { text: secret.text, scopes, seconds: issuedTokenSeconds };
  },
  "issueClientToken",
);

/** A client that exists was refused: the administrators can read it; strangers fill no log (SEC-50). */
export const noteClientRefusal = useCase(
  "sign-in",
  async (tx: Tx, input: { id: OAuthClientId }): Promise<void> => {
    if (!(await findClient(tx, input.id))) return;
    tx.audit({ action: "oauth_client.token", target: { kind: "oauthClient", id: input.id }, result: "DENIED" });
  },
  "noteClientRefusal",
);

async function isProved(tx: Tx, client: ClientWithSecrets, proof: ClientProof): Promise<boolean> {
  if (proof.by === "secret") {
    return [client.secretHash, client.oldSecretHash].some((hash) => hash !== null && timingSafeEqual(hash, proof.hash));
  }
  const areKeysTheSame = JSON.stringify(client.jwks?.keys) === JSON.stringify(proof.keys);
  return areKeysTheSame && markAssertion(tx, client.id, proof.jtiHash, proof.expiresAt);
}

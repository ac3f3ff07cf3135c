import { readClientId } from "../../domain/identity";
import type { OAuthClientId, OrgId } from "../../kernel/ids";
import { readSecret } from "../../platform/secrets";
import { clientOfAssertion } from "./assertion";
import { invalidClient, TokenRefusal } from "./refusal";

/** Who asks for a token, and by what they want to prove it. */
export interface Claimed {
  readonly orgId: OrgId;
  readonly id: OAuthClientId;
  readonly clientId: string;
  readonly by:
    { readonly kind: "secret"; readonly hash: Buffer } | { readonly kind: "assertion"; readonly text: string };
}

const assertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/**
 * Reads how a client proves itself: in the header (client_secret_basic), in the form (client_secret_post) or by an
 * assertion (private_key_jwt). More than one way at once is refused (RFC 6749 §2.3).
 * @throws TokenRefusal.
 */
export function readClaim(header: string | undefined, form: ReadonlyMap<string, string>): Claimed {
  const assertion = form.get("client_assertion");
  const ways = [header, form.get("client_secret"), assertion].filter((way) => way !== undefined);
  if (ways.length > 1) throw new TokenRefusal("invalid_request", "prove the client in one way only");
  if (assertion !== undefined) return byAssertion(assertion, form);
  const basic = header === undefined ? undefined : readBasic(header);
  const named = form.get("client_id");
  const clientId = basic?.user ?? named;
  const text = basic?.password ?? form.get("client_secret");
  if (clientId === undefined || text === undefined) throw invalidClient();
  if (named !== undefined && named !== clientId) throw invalidClient();
  const client = readClientId(clientId);
  const secret = readSecret(text);
  if (!client || secret?.kind !== "client" || secret.orgId !== client.orgId) throw invalidClient();
  return { ...client, clientId, by: { kind: "secret", hash: secret.hash } };
}

function byAssertion(text: string, form: ReadonlyMap<string, string>): Claimed {
  if (form.get("client_assertion_type") !== assertionType) {
    throw new TokenRefusal("invalid_request", `client_assertion_type is ${assertionType}`);
  }
  // Not verified yet: it only says whose keys are to be tried.
  const clientId = clientOfAssertion(text);
  const named = form.get("client_id");
  const client = clientId === undefined ? undefined : readClientId(clientId);
  if (!client || clientId === undefined || (named !== undefined && named !== clientId)) throw invalidClient();
  return { ...client, clientId, by: { kind: "assertion", text } };
}

// Both halves are form-encoded before they are joined (RFC 6749 §2.3.1); ours have nothing to encode but may come so.
function readBasic(header: string): { user: string; password: string } {
  const [scheme = "", rest = ""] = header.trim().split(/\s+/);
  if (scheme.toLowerCase() !== "basic") throw invalidClient();
  const [user = "", password] = Buffer.from(rest, "base64").toString("utf8").split(":");
  if (password === undefined) throw invalidClient();
  return { user: decoded(user), password: decoded(password) };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll("+", " "));
  } catch {
    throw invalidClient();
  }
}

import { createPublicKey, type JsonWebKey } from "node:crypto";
import { invalid, type PlenumError } from "../../kernel/errors";

/** The public half of a key by which a client signs its assertions (RFC 7517). */
export interface ClientKey {
  readonly kty: string;
  readonly kid?: string;
  readonly [member: string]: unknown;
}

const keysMax = 5;
const rsaBitsMin = 2048;
const curves: readonly unknown[] = ["P-256", "P-384", "Ed25519"];
// What is kept of a key: all else is for its holder.
const kept = ["kty", "kid", "n", "e", "crv", "x", "y"] as const;

/**
 * Reads a JSON Web Key Set: one to five public keys. A private or a symmetric key is refused, not silently trimmed,
 * because whoever sent it has shown a secret.
 * @throws PlenumError `invalid` naming the key.
 */
export function parseClientKeys(given: unknown): readonly ClientKey[] {
  const keys = isObject(given) ? given["keys"] : undefined;
  if (!Array.isArray(keys) || keys.length === 0 || keys.length > keysMax) {
    throw invalid("jwks", `a JSON Web Key Set of 1 to ${keysMax} public keys`);
  }
  const read = keys.map((key, i) => parseKey(`jwks.keys.${i}`, key));
  const names = new Set(read.map((key) => key.kid));
  if (read.length > 1 && (names.has(undefined) || names.size < read.length)) {
    throw invalid("jwks", "a different kid in each key, where there are several");
  }
  return read;
}

function parseKey(field: string, key: unknown): ClientKey {
  if (!isObject(key)) throw invalid(field, "a JSON Web Key");
  if ("d" in key || "k" in key || "p" in key || key["kty"] === "oct") {
    throw invalid(field, "a public key; the private one stays with the client and has to be replaced now");
  }
  if (key["use"] !== undefined && key["use"] !== "sig") throw invalid(field, "a key for signatures", key["use"]);
  const { kid } = key;
  if (kid !== undefined && (typeof kid !== "string" || kid === "" || kid.length > 200)) {
    throw invalid(field, "a kid of 1 to 200 characters");
  }
  requireStrength(field, key);
  const members = kept.flatMap((name) => (key[name] === undefined ? [] : [[name, key[name]] as const]));
  return Object.fromEntries(members) as ClientKey;
}

function requireStrength(field: string, key: Readonly<Record<string, unknown>>): void {
  const { asymmetricKeyType, asymmetricKeyDetails } = readPublicKey(field, key);
  if (asymmetricKeyType === "rsa") {
    if ((asymmetricKeyDetails?.modulusLength ?? 0) < rsaBitsMin) throw tooWeak(field);
    return;
  }
  if (!curves.includes(key["crv"])) throw tooWeak(field);
}

function readPublicKey(field: string, key: Readonly<Record<string, unknown>>): ReturnType<typeof createPublicKey> {
  try {
    return createPublicKey({ key: key as JsonWebKey, format: "jwk" });
  } catch {
    throw invalid(field, "a JSON Web Key that can be read");
  }
}

function tooWeak(field: string): PlenumError {
  return invalid(field, `RSA of ${rsaBitsMin} bits or more, P-256, P-384 or Ed25519`);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

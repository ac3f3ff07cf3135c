import { createHash } from "node:crypto";
import { createLocalJWKSet, decodeJwt, errors, jwtVerify, type JWK, type JWTPayload } from "jose";
import type { ClientKey } from "../../domain/identity";
import { instant, plusMs, secondMs } from "../../kernel/clock";
import { invalidClient } from "./refusal";

const skewSeconds = 30;
/** An assertion is made for one request: one that would live longer is a stolen one's best friend. */
const lifeSecondsMax = 600;
const jtiMax = 255;
// Signatures only a holder of the private half can make. HMAC is not here: a public key as its secret verifies nothing
// (RFC 8725 §3.1), and neither is `none`.
const algorithms = ["RS256", "PS256", "RS384", "PS384", "RS512", "PS512", "ES256", "ES384", "EdDSA"];
const types: readonly (string | undefined)[] = [undefined, "jwt", "client-authentication+jwt"];

/** A verified assertion: by what it is known again, and until when it could be repeated. */
export interface Assertion {
  readonly jtiHash: Buffer;
  readonly expiresAt: Date;
}

/** Whose assertion this says it is (RFC 7523 §3, item 2), before anything is verified. */
export function clientOfAssertion(text: string): string | undefined {
  if (text.length > 16_384) return undefined;
  try {
    const { sub, iss } = decodeJwt(text);
    return sub !== undefined && sub === iss ? sub : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Verifies a client's assertion (RFC 7523 §3): one of its own keys, issuer and subject the client, made for us and for
 * nobody else, short-lived, numbered.
 * @throws TokenRefusal `invalid_client`, whatever was wrong.
 */
export async function verifyAssertion(
  text: string,
  expected: { clientId: string; keys: readonly ClientKey[]; audiences: readonly string[]; now: Date },
): Promise<Assertion> {
  const { clientId, keys, audiences, now } = expected;
  try {
    const keySet = createLocalJWKSet({ keys: keys as unknown as JWK[] });
    const { payload, protectedHeader } = await jwtVerify(text, keySet, {
      algorithms,
      issuer: clientId,
      subject: clientId,
      audience: [...audiences],
      requiredClaims: ["exp", "jti"],
      clockTolerance: skewSeconds,
      currentDate: now,
    });
    if (!types.includes(protectedHeader.typ?.toLowerCase())) throw invalidClient();
    return readClaims(payload, now);
  } catch (error) {
    if (error instanceof errors.JOSEError || error instanceof TypeError) throw invalidClient();
    throw error;
  }
}

function readClaims({ aud, jti, exp = 0, iat }: JWTPayload, now: Date): Assertion {
  const seconds = now.getTime() / secondMs;
  // An audience beside us could hand the assertion on to us, and we to it.
  const isForUsAlone = typeof aud === "string" || aud?.length === 1;
  const isShort = exp <= seconds + lifeSecondsMax + skewSeconds;
  const isMade = iat === undefined || iat <= seconds + skewSeconds;
  const isNumbered = typeof jti === "string" && jti !== "" && jti.length <= jtiMax;
  if (!isForUsAlone || !isShort || !isMade || !isNumbered) throw invalidClient();
  const jtiHash = createHash("sha256").update(jti).digest();
  return { jtiHash, expiresAt: plusMs(instant(exp * secondMs), skewSeconds * secondMs) };
}

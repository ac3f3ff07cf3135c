import {
  generateAuthenticationOptions,
  generateRegistrationOptions,
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
  type AuthenticationResponseJSON,
  type AuthenticatorTransportFuture,
  type PublicKeyCredentialCreationOptionsJSON,
  type PublicKeyCredentialRequestOptionsJSON,
  type RegistrationResponseJSON,
} from "@simplewebauthn/server";
import type { PersonId } from "../../kernel/ids";
import type { Passkey } from "../../platform/lobby";
import type { Tx } from "../../platform/unit-of-work";

export type PasskeyCreation = PublicKeyCredentialCreationOptionsJSON;
export type PasskeyRequest = PublicKeyCredentialRequestOptionsJSON;
export type PasskeyRegistration = RegistrationResponseJSON;
export type PasskeyAssertion = AuthenticationResponseJSON;

// The key belongs to our host name: that is what no phishing page can get around (WebAuthn §4, RP ID).
function relyingParty(tx: Tx): { rpID: string; origin: string } {
  return { rpID: new URL(tx.instance.publicUrl).hostname, origin: tx.instance.publicUrl };
}

/** What the browser is asked to make: a key that finds itself and checks its person. */
export async function passkeyCreation(
  tx: Tx,
  person: { readonly id: PersonId; readonly name: string; readonly known: readonly string[] },
): Promise<PasskeyCreation> {
  const { rpID } = relyingParty(tx);
  return generateRegistrationOptions({
    rpName: "Plenum",
    rpID,
    userName: person.name,
    userID: new Uint8Array(Buffer.from(person.id)),
    attestationType: "none",
    excludeCredentials: person.known.map((id) => ({ id })),
    authenticatorSelection: { residentKey: "required", userVerification: "required" },
  });
}

/** What the browser is asked to sign; no key is named, so the question tells nobody who has one. */
export async function passkeyRequest(tx: Tx): Promise<PasskeyRequest> {
  return generateAuthenticationOptions({ rpID: relyingParty(tx).rpID, userVerification: "required" });
}

/** The challenge that an answer answers, or nothing where the answer is none. */
export function challengeIn(clientDataJson: string): string | undefined {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(clientDataJson, "base64url").toString("utf8"));
    const challenge = (parsed as { challenge?: unknown } | null)?.challenge;
    return typeof challenge === "string" && challenge.length <= 200 ? challenge : undefined;
  } catch {
    return undefined;
  }
}

/** The new key, or nothing where the answer does not prove one. */
export async function readRegistration(
  tx: Tx,
  response: PasskeyRegistration,
  challenge: string,
): Promise<Omit<Passkey, "id" | "personId"> | undefined> {
  const { rpID, origin } = relyingParty(tx);
  try {
    const { verified, registrationInfo } = await verifyRegistrationResponse({
      response,
      expectedChallenge: challenge,
      expectedOrigin: origin,
      expectedRPID: rpID,
      requireUserVerification: true,
    });
    if (!verified) return undefined;
    const { id, publicKey, counter, transports } = registrationInfo.credential;
    return { externalId: id, publicKey: Buffer.from(publicKey), signCount: counter, transports: transports ?? [] };
  } catch {
    return undefined;
  }
}

/** The key's new counter, or nothing where the answer was not signed by it for us. */
export async function readAssertion(
  tx: Tx,
  response: PasskeyAssertion,
  challenge: string,
  passkey: Passkey,
): Promise<number | undefined> {
  const { rpID, origin } = relyingParty(tx);
  try {
    const { verified, authenticationInfo } = await verifyAuthenticationResponse({
      response,
      expectedChallenge: challenge,
      expectedOrigin: origin,
      expectedRPID: rpID,
      requireUserVerification: true,
      credential: {
        id: passkey.externalId,
        publicKey: new Uint8Array(passkey.publicKey),
        counter: passkey.signCount,
        transports: passkey.transports as AuthenticatorTransportFuture[],
      },
    });
    return verified ? authenticationInfo.newCounter : undefined;
  } catch {
    return undefined;
  }
}

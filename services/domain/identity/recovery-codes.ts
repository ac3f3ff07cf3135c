import { createHash, randomBytes } from "node:crypto";
import { newId, type CredentialId } from "../../kernel/ids";
import { base32 } from "./totp";

/** How many there are at a time; each works once. */
export const recoveryCodesCount = 10;
// More than 112 bits, so that a plain hash keeps them (OWASP ASVS 5.0, 6.5.2).
const codeBytes = 15;

export interface MintedRecoveryCode {
  readonly id: CredentialId;
  /** Shown once: six groups of four. */
  readonly text: string;
  readonly hash: Buffer;
}

/** Fresh codes of 120 random bits: beside the authenticator they stand for the password that nobody has (ruling 8). */
export function mintRecoveryCodes(): MintedRecoveryCode[] {
  return Array.from({ length: recoveryCodesCount }, () => {
    const letters = base32(randomBytes(codeBytes)).toLowerCase();
    const text = (letters.match(/.{4}/g) ?? []).join("-");
    return { id: newId("credential"), text, hash: hashOfRecoveryCode(text) };
  });
}

/** What is stored of a code, however its groups were typed. */
export function hashOfRecoveryCode(text: string): Buffer {
  return createHash("sha256")
    .update(text.toLowerCase().replace(/[^a-z2-7]/g, ""))
    .digest();
}

import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import { secondMs } from "../../kernel/clock";

/** Every authenticator app knows these: HMAC-SHA-1, 30 seconds, six digits (RFC 6238 §4, Google's key URI format). */
const stepMs = 30 * secondMs;
const secretBytes = 20;
/** A phone's clock may be half a minute off, and typing takes time (RFC 6238 §5.2). */
const stepsAround = 1;

export interface TotpRule {
  readonly digits: number;
  readonly algorithm: "sha1" | "sha256" | "sha512";
}
const usualRule: TotpRule = { digits: 6, algorithm: "sha1" };

/** A fresh secret of 160 bits. */
export function mintTotpSecret(): Buffer {
  return randomBytes(secretBytes);
}

/** The number of the 30 seconds that an instant lies in. */
export function stepAt(at: Date): number {
  return Math.floor(at.getTime() / stepMs);
}

/** The code of one step (RFC 4226 §5.3). */
export function codeOf(secret: Buffer, step: number, rule: TotpRule = usualRule): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const mac = createHmac(rule.algorithm, secret).update(counter).digest();
  const offset = (mac.at(-1) ?? 0) & 0x0f;
  const number = (mac.readUInt32BE(offset) & 0x7fffffff) % 10 ** rule.digits;
  return String(number).padStart(rule.digits, "0");
}

/** The step whose code this is, or nothing. */
export function stepOfCode(secret: Buffer, code: string, at: Date): number | undefined {
  const typed = Buffer.from(code.replace(/\s/g, ""));
  const now = stepAt(at);
  for (let step = now - stepsAround; step <= now + stepsAround; step++) {
    const expected = Buffer.from(codeOf(secret, step));
    if (typed.length === expected.length && timingSafeEqual(typed, expected)) return step;
  }
  return undefined;
}

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/** Base 32 without padding (RFC 4648 §6), as authenticator apps want it. */
export function base32(bytes: Buffer): string {
  let text = "";
  let held = 0;
  let bits = 0;
  for (const byte of bytes) {
    held = ((held << 8) | byte) & 0xfff;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      text += alphabet[(held >> bits) & 31] ?? "";
    }
  }
  return bits > 0 ? text + (alphabet[(held << (5 - bits)) & 31] ?? "") : text;
}

/** What the QR code of an authenticator says. */
export function totpUri(secret: Buffer, account: string): string {
  const label = encodeURIComponent(`Plenum:${account}`);
  return `otpauth://totp/${label}?secret=${base32(secret)}&issuer=Plenum&algorithm=SHA1&digits=6&period=30`;
}

import type { SamlCode } from "./codes";

/** A message is 256 KiB of base64 at most (SAML-24). */
export const encodedLengthMax = 256 * 1024;

type Decoded = { readonly ok: true; readonly xml: string } | { readonly ok: false; readonly code: SamlCode };

/**
 * Octets of a form field to text: strict base64 (alphabet, padding, no stray bits; line breaks pass), then strict
 * UTF-8. `Buffer.from(…, "base64")` skips what it does not know, so two readers could see two messages (SAML-A36).
 */
export function decodeMessage(field: string): Decoded {
  if (field.length > encodedLengthMax) return { ok: false, code: "message_too_large" };
  const octets = strictBase64(field);
  if (!octets) return { ok: false, code: "base64_invalid" };
  const xml = strictUtf8(octets);
  return xml === undefined ? { ok: false, code: "utf8_invalid" } : { ok: true, xml };
}

/** Base64 with line breaks allowed and nothing else; nothing where it is malformed. */
export function strictBase64(text: string): Buffer | undefined {
  const packed = text.replace(/[\r\n]/g, "");
  if (packed.length === 0 || packed.length % 4 !== 0 || !/^[A-Za-z0-9+/]+={0,2}$/.test(packed)) return undefined;
  const octets = Buffer.from(packed, "base64");
  // The unused bits of the last digit must be zero, or several texts would stand for the same octets.
  return octets.toString("base64") === packed ? octets : undefined;
}

/** UTF-8 without malformed or overlong sequences, the byte order mark taken off; nothing where it is something else. */
export function strictUtf8(octets: Uint8Array): string | undefined {
  try {
    return spellLineSeparators(new TextDecoder("utf-8", { fatal: true }).decode(octets));
  } catch {
    return undefined;
  }
}

// xmldom 0.8 folds U+0085 and U+2028 into line feeds as XML 1.1 does, which breaks the digest of XML 1.0 text that
// holds them. As character references they mean the same and survive.
function spellLineSeparators(xml: string): string {
  return /[\u0085\u2028]/.test(xml) ? xml.replace(/\u0085/g, "&#x85;").replace(/\u2028/g, "&#x2028;") : xml;
}

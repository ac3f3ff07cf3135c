import { createSign, randomBytes, type KeyObject } from "node:crypto";
import { deflateRawSync } from "node:zlib";

/** An id that XML allows and nobody guesses: an underscore and 160 bits (saml-core-2.0-os §1.3.4 asks for 128). */
export function newXmlId(): string {
  return `_${randomBytes(20).toString("hex")}`;
}

/** A value for RelayState that means something to us only: letters, digits, hyphens, far below 80 bytes (SAML-22). */
export function newRelayState(): string {
  return randomBytes(18).toString("base64url");
}

const rsaSha256 = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256";

export interface RedirectMessage {
  readonly parameter: "SAMLRequest" | "SAMLResponse";
  readonly xml: string;
  readonly relayState: string | null;
  readonly signWith: KeyObject | null;
}

/**
 * The HTTP-Redirect binding: raw DEFLATE, base64, and a signature over the octets exactly as they are sent
 * (saml-bindings-2.0-os §3.4.4.1). The library signs one spelling and sends another, so that some RelayStates break it.
 */
export function redirectUrl(address: string, message: RedirectMessage): string {
  const encoded = encodeURIComponent(deflateRawSync(Buffer.from(message.xml, "utf8")).toString("base64"));
  const state = message.relayState === null ? "" : `&RelayState=${encodeURIComponent(message.relayState)}`;
  let query = `${message.parameter}=${encoded}${state}`;
  if (message.signWith) {
    query += `&SigAlg=${encodeURIComponent(rsaSha256)}`;
    const signature = createSign("sha256").update(query).sign(message.signWith, "base64");
    query += `&Signature=${encodeURIComponent(signature)}`;
  }
  return address + (address.includes("?") ? (/[?&]$/.test(address) ? "" : "&") : "?") + query;
}

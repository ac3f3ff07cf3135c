import { createHash } from "node:crypto";
import { escapeXml } from "../kernel/xml/escape";
import { ns } from "../kernel/xml/namespaces";
import type { SignaturePolicy } from "./trust";
import { writeTime } from "./time";

/** What the metadata of one connection shows (SAML-13). */
export interface SpDescription {
  readonly entityId: string;
  readonly acsUrl: string;
  readonly sloUrl: string;
  readonly signingCertificates: readonly string[];
  readonly encryptionCertificates: readonly string[];
  readonly signRequests: boolean;
  readonly signaturePolicy: SignaturePolicy;
  readonly nameIdFormats: readonly string[];
  /** When the first of the shown certificates ends; a nearer date would break identity providers that keep a copy. */
  readonly validUntil: Date;
}

export const persistent = "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent";
export const emailAddress = "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress";

// For how long a copy may be used. Keycloak reads the keys again only when this is over, and for years where there is
// nothing but `validUntil` (measured with 26.4): a key that has been shown for an hour is then known everywhere.
const cacheDuration = "PT1H";

const binding = (name: string) => `urn:oasis:names:tc:SAML:2.0:bindings:${name}`;

/** Service provider metadata in the order of the OASIS schema, and the entity tag of its octets. */
export function writeMetadata(sp: SpDescription): { readonly xml: string; readonly etag: string } {
  const lines = [
    `<?xml version="1.0" encoding="UTF-8"?>`,
    `<md:EntityDescriptor xmlns:md="${ns.md}" xmlns:ds="${ns.ds}" entityID="${escapeXml(sp.entityId)}" validUntil="${writeTime(sp.validUntil)}" cacheDuration="${cacheDuration}">`,
    `  <md:SPSSODescriptor protocolSupportEnumeration="${ns.samlp}" AuthnRequestsSigned="${sp.signRequests}" WantAssertionsSigned="${sp.signaturePolicy !== "response"}">`,
    ...sp.signingCertificates.map((pem) => keyDescriptor("signing", pem)),
    ...sp.encryptionCertificates.map((pem) => keyDescriptor("encryption", pem)),
    `    <md:SingleLogoutService Binding="${binding("HTTP-Redirect")}" Location="${escapeXml(sp.sloUrl)}"/>`,
    `    <md:SingleLogoutService Binding="${binding("HTTP-POST")}" Location="${escapeXml(sp.sloUrl)}"/>`,
    ...sp.nameIdFormats.map((format) => `    <md:NameIDFormat>${escapeXml(format)}</md:NameIDFormat>`),
    `    <md:AssertionConsumerService Binding="${binding("HTTP-POST")}" Location="${escapeXml(sp.acsUrl)}" index="0" isDefault="true"/>`,
    `  </md:SPSSODescriptor>`,
    `</md:EntityDescriptor>`,
    ``,
  ];
  const xml = lines.join("\n");
  return { xml, etag: `"${createHash("sha256").update(xml).digest("base64url").slice(0, 22)}"` };
}

// Which ciphers we open, strongest first: an identity provider that reads this does not fall back to CBC.
const methods = [
  "http://www.w3.org/2009/xmlenc11#aes256-gcm",
  "http://www.w3.org/2009/xmlenc11#aes128-gcm",
  "http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p",
];

function keyDescriptor(use: "signing" | "encryption", pem: string): string {
  const body = pem.replace(/-----[A-Z ]+-----/g, "").trim();
  const encryption = use === "encryption" ? methods.map((m) => `\n      <md:EncryptionMethod Algorithm="${m}"/>`) : [];
  return [
    `    <md:KeyDescriptor use="${use}">`,
    `      <ds:KeyInfo><ds:X509Data><ds:X509Certificate>${body}</ds:X509Certificate></ds:X509Data></ds:KeyInfo>${encryption.join("")}`,
    `    </md:KeyDescriptor>`,
  ].join("\n");
}

/**
 * What a signature may be made of (SAML-33). An algorithm that stands here is accepted, one that does not is refused
 * before any key is touched; HMAC, DSA, XPath, XSLT and MD5 stand nowhere.
 */
export const c14n = {
  exclusive: "http://www.w3.org/2001/10/xml-exc-c14n#",
  /** Only by a switch of the connection: it pulls foreign namespaces into what is signed. */
  inclusive: "http://www.w3.org/TR/2001/REC-xml-c14n-20010315",
} as const;

export const enveloped = "http://www.w3.org/2000/09/xmldsig#enveloped-signature";

export interface SignatureAlgorithm {
  /** The name by which `node:crypto` knows the digest. */
  readonly hash: "sha1" | "sha256" | "sha384" | "sha512";
  readonly pss: boolean;
}

export const signatureAlgorithms: ReadonlyMap<string, SignatureAlgorithm> = new Map([
  ["http://www.w3.org/2001/04/xmldsig-more#rsa-sha256", { hash: "sha256", pss: false }],
  ["http://www.w3.org/2001/04/xmldsig-more#rsa-sha384", { hash: "sha384", pss: false }],
  ["http://www.w3.org/2001/04/xmldsig-more#rsa-sha512", { hash: "sha512", pss: false }],
  ["http://www.w3.org/2007/05/xmldsig-more#sha256-rsa-MGF1", { hash: "sha256", pss: true }],
  ["http://www.w3.org/2007/05/xmldsig-more#sha384-rsa-MGF1", { hash: "sha384", pss: true }],
  ["http://www.w3.org/2007/05/xmldsig-more#sha512-rsa-MGF1", { hash: "sha512", pss: true }],
]);

export const digestAlgorithms: ReadonlyMap<string, "sha1" | "sha256" | "sha384" | "sha512"> = new Map([
  ["http://www.w3.org/2001/04/xmlenc#sha256", "sha256"],
  ["http://www.w3.org/2001/04/xmldsig-more#sha384", "sha384"],
  ["http://www.w3.org/2001/04/xmlenc#sha512", "sha512"],
]);

/** By exception only, with an end date (SAML-33): collisions of SHA-1 cost a few tens of thousands of dollars. */
export const sha1 = {
  signature: "http://www.w3.org/2000/09/xmldsig#rsa-sha1",
  digest: "http://www.w3.org/2000/09/xmldsig#sha1",
} as const;

/** RSA keys below this are broken or near it (SAML-09, SAML-A43). */
export const rsaBitsMin = 2048;

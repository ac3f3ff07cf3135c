import {
  createCipheriv,
  createHash,
  createSign,
  constants,
  publicEncrypt,
  randomBytes,
  X509Certificate,
} from "node:crypto";
import { DOMParser, XMLSerializer } from "@xmldom/xmldom";
import { ExclusiveCanonicalization, SignedXml } from "xml-crypto";
import { descendants } from "../../services/kernel/xml/dom";
import { freshKeys, selfSigned } from "../../services/domain/identity/self-signed";
import { trustDefaults, type Trust } from "../../services/saml/trust";

// A mini identity provider that can also lie: the only one that can build attacks. The real ones stand in the
// interoperability tests.

export const alg = {
  rsaSha1: "http://www.w3.org/2000/09/xmldsig#rsa-sha1",
  rsaSha256: "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256",
  rsaSha512: "http://www.w3.org/2001/04/xmldsig-more#rsa-sha512",
  sha1: "http://www.w3.org/2000/09/xmldsig#sha1",
  sha256: "http://www.w3.org/2001/04/xmlenc#sha256",
  sha512: "http://www.w3.org/2001/04/xmlenc#sha512",
  exclusive: "http://www.w3.org/2001/10/xml-exc-c14n#",
  exclusiveWithComments: "http://www.w3.org/2001/10/xml-exc-c14n#WithComments",
  inclusive: "http://www.w3.org/TR/2001/REC-xml-c14n-20010315",
  enveloped: "http://www.w3.org/2000/09/xmldsig#enveloped-signature",
} as const;

export const statusOf = (code: string) => `urn:oasis:names:tc:SAML:2.0:status:${code}`;
export const format = {
  persistent: "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent",
  email: "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress",
  transient: "urn:oasis:names:tc:SAML:2.0:nameid-format:transient",
} as const;

export interface KeyPair {
  readonly privateKeyPem: string;
  readonly certificatePem: string;
  readonly sha256: string;
}

/** A key pair whose certificate is live around the tests' instant. */
export async function makeKeys(name: string, bits = 2048, until = "2036-01-01T00:00:00Z"): Promise<KeyPair> {
  const validity = { from: new Date("2020-01-01T00:00:00Z"), until: new Date(until) };
  return selfSigned(name, validity, await freshKeys(bits));
}

/** Everything that one test of the verifier stands on. */
export interface Scene {
  readonly now: Date;
  readonly idpEntityId: string;
  readonly spEntityId: string;
  readonly acsUrl: string;
  /** The request that is answered; null where nobody asked. */
  readonly requestId: string | null;
  readonly keys: KeyPair;
  /** Somebody else's key: another tenant's, or an attacker's own. */
  readonly foreignKeys: KeyPair;
}

export function trustOf(scene: Scene, more: Partial<Trust> = {}): Trust {
  return {
    ...trustDefaults,
    idpEntityId: scene.idpEntityId,
    spEntityId: scene.spEntityId,
    acsUrl: scene.acsUrl,
    certificates: [trusted(scene.keys)],
    ...more,
  };
}

export function trusted(keys: KeyPair) {
  const notAfter = new Date(new X509Certificate(keys.certificatePem).validTo);
  return { sha256: keys.sha256, pem: keys.certificatePem, notAfter };
}

let serial = 0;
/** A fresh XML id. */
export const freshId = (prefix = "_") =>
  `${prefix}${(++serial).toString(16).padStart(4, "0")}${randomBytes(14).toString("hex")}`;

/** `null` leaves an attribute or element out. */
type Maybe = string | null;

export interface AssertionOptions {
  readonly id?: string;
  readonly version?: Maybe;
  readonly issueInstant?: Maybe;
  readonly issuer?: Maybe;
  readonly issuerFormat?: string;
  readonly nameId?: Maybe;
  readonly nameIdFormat?: Maybe;
  /** Raw XML in place of the NameID element. */
  readonly nameIdXml?: string;
  readonly method?: string;
  readonly recipient?: Maybe;
  readonly confirmationNotBefore?: Maybe;
  readonly confirmationEnd?: Maybe;
  readonly inResponseTo?: Maybe;
  /** Raw XML in place of all SubjectConfirmations. */
  readonly confirmationXml?: string;
  readonly notBefore?: Maybe;
  readonly notOnOrAfter?: Maybe;
  readonly audiences?: readonly (readonly string[])[];
  readonly conditionsXml?: string;
  readonly extraConditions?: string;
  readonly authnInstant?: string;
  readonly sessionIndex?: Maybe;
  readonly sessionEnd?: string;
  readonly context?: string;
  readonly authnXml?: string;
  readonly attributes?: readonly (readonly [string, readonly string[]])[];
  readonly attributesXml?: string;
  readonly extra?: string;
}

export interface ResponseOptions {
  readonly id?: string;
  readonly version?: Maybe;
  readonly issueInstant?: Maybe;
  readonly issuer?: Maybe;
  readonly destination?: Maybe;
  readonly inResponseTo?: Maybe;
  readonly status?: string;
  readonly statusXml?: string;
  readonly extensions?: string;
  readonly declarations?: string;
}

export interface SignOptions {
  readonly keys?: KeyPair;
  readonly algorithm?: string;
  readonly digest?: string;
  readonly canonicalization?: string;
  readonly transforms?: readonly string[];
  readonly prefixes?: readonly string[];
}

/** An attribute, or nothing. */
export const attr = (name: string, value: Maybe | undefined) =>
  value === null || value === undefined ? "" : ` ${name}="${escape(value)}"`;
export const escape = (text: string) =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
export const at = (scene: Scene, seconds: number) => new Date(scene.now.getTime() + seconds * 1000).toISOString();
/** What was given, `null` included; otherwise the usual. */
export const or = (value: Maybe | undefined, otherwise: Maybe): Maybe => (value === undefined ? otherwise : value);

export const samlNs = `xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion"`;
export const samlpNs = `xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol"`;

/** An assertion as a well-behaved identity provider writes it, with anything changed or left out. */
export function assertion(scene: Scene, o: AssertionOptions = {}): string {
  const nameIdFormat = or(o.nameIdFormat, format.persistent);
  const nameId =
    o.nameIdXml ??
    (o.nameId === null
      ? ""
      : `<saml:NameID${attr("Format", nameIdFormat)}>${escape(o.nameId ?? "alice-7f3a")}</saml:NameID>`);
  const confirmation =
    o.confirmationXml ??
    `<saml:SubjectConfirmation Method="${o.method ?? "urn:oasis:names:tc:SAML:2.0:cm:bearer"}"><saml:SubjectConfirmationData${attr("NotBefore", o.confirmationNotBefore)}${attr("NotOnOrAfter", or(o.confirmationEnd, at(scene, 300)))}${attr("Recipient", or(o.recipient, scene.acsUrl))}${attr("InResponseTo", or(o.inResponseTo, scene.requestId))}/></saml:SubjectConfirmation>`;
  const audiences = (o.audiences ?? [[scene.spEntityId]])
    .map(
      (list) =>
        `<saml:AudienceRestriction>${list.map((a) => `<saml:Audience>${escape(a)}</saml:Audience>`).join("")}</saml:AudienceRestriction>`,
    )
    .join("");
  const conditions =
    o.conditionsXml ??
    `<saml:Conditions${attr("NotBefore", or(o.notBefore, at(scene, -30)))}${attr("NotOnOrAfter", or(o.notOnOrAfter, at(scene, 300)))}>${audiences}${o.extraConditions ?? ""}</saml:Conditions>`;
  const authn =
    o.authnXml ??
    `<saml:AuthnStatement AuthnInstant="${o.authnInstant ?? at(scene, -20)}"${attr("SessionIndex", or(o.sessionIndex, "_session-1"))}${attr("SessionNotOnOrAfter", o.sessionEnd)}><saml:AuthnContext><saml:AuthnContextClassRef>${o.context ?? "urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport"}</saml:AuthnContextClassRef></saml:AuthnContext></saml:AuthnStatement>`;
  const pairs = o.attributes ?? [
    ["email", ["alice@acme.example"]],
    ["firstName", ["Alice"]],
    ["lastName", ["Martin"]],
  ];
  const attributes =
    o.attributesXml ??
    `<saml:AttributeStatement>${pairs.map(([name, values]) => `<saml:Attribute Name="${escape(name)}">${values.map((v) => `<saml:AttributeValue>${escape(v)}</saml:AttributeValue>`).join("")}</saml:Attribute>`).join("")}</saml:AttributeStatement>`;
  const issuer = or(o.issuer, scene.idpEntityId);
  return `<saml:Assertion ${samlNs} ID="${o.id ?? freshId("_a")}"${attr("Version", or(o.version, "2.0"))}${attr("IssueInstant", or(o.issueInstant, at(scene, -1)))}>${issuer === null ? "" : `<saml:Issuer${attr("Format", o.issuerFormat)}>${escape(issuer)}</saml:Issuer>`}<saml:Subject>${nameId}${confirmation}</saml:Subject>${conditions}${authn}${attributes}${o.extra ?? ""}</saml:Assertion>`;
}

/** A Response around anything. */
export function response(scene: Scene, inner: string, o: ResponseOptions = {}): string {
  const issuer = or(o.issuer, scene.idpEntityId);
  const status =
    o.statusXml ?? `<samlp:Status><samlp:StatusCode Value="${o.status ?? statusOf("Success")}"/></samlp:Status>`;
  return `<samlp:Response ${samlpNs} ${samlNs}${o.declarations ?? ""} ID="${o.id ?? freshId("_r")}"${attr("Version", or(o.version, "2.0"))}${attr("IssueInstant", or(o.issueInstant, at(scene, -1)))}${attr("Destination", or(o.destination, scene.acsUrl))}${attr("InResponseTo", or(o.inResponseTo, scene.requestId))}>${issuer === null ? "" : `<saml:Issuer>${escape(issuer)}</saml:Issuer>`}${o.extensions ?? ""}${status}${inner}</samlp:Response>`;
}

/** The value of the `ID` attribute of the first element with that local name. */
export function idOf(xml: string, local: string): string {
  const id = new RegExp(`<(?:\\w+:)?${local}\\b[^>]*? ID="([^"]+)"`).exec(xml)?.[1];
  if (!id) throw new Error(`no ${local} with an ID`);
  return id;
}

/** Signs the element with that local name, the signature placed after its Issuer. */
export function sign(scene: Scene, xml: string, local: string, o: SignOptions = {}): string {
  const keys = o.keys ?? scene.keys;
  const id = idOf(xml, local);
  const canonicalization = o.canonicalization ?? alg.exclusive;
  const signer = new SignedXml({
    privateKey: keys.privateKeyPem,
    publicCert: keys.certificatePem,
    signatureAlgorithm: o.algorithm ?? alg.rsaSha256,
    canonicalizationAlgorithm: canonicalization,
  });
  signer.addReference({
    xpath: `//*[@ID='${id}']`,
    digestAlgorithm: o.digest ?? alg.sha256,
    transforms: [...(o.transforms ?? [alg.enveloped, canonicalization])],
    ...(o.prefixes ? { inclusiveNamespacesPrefixList: [...o.prefixes] } : {}),
  });
  const hasIssuer = new RegExp(`ID="${id}"[^>]*>\\s*<(?:\\w+:)?Issuer`).test(xml);
  const location = hasIssuer
    ? ({ reference: `//*[@ID='${id}']/*[local-name(.)='Issuer']`, action: "after" } as const)
    : ({ reference: `//*[@ID='${id}']`, action: "prepend" } as const);
  signer.computeSignature(xml, { prefix: "ds", location });
  // xml-crypto writes the prefix list into the enveloped transform too, in a namespace of its own making; the
  // standard, and every identity provider, writes it into the canonicalising one only.
  const stray = `><InclusiveNamespaces PrefixList="${(o.prefixes ?? []).join(" ")}" xmlns="${alg.enveloped}"/></ds:Transform>`;
  return o.prefixes ? signAgain(signer.getSignedXml().replace(stray, "/>"), id, keys) : signer.getSignedXml();
}

/** Signs the SignedInfo of an element anew, after somebody changed it. */
export function signAgain(xml: string, id: string, keys: KeyPair): string {
  return operate(xml, (root) => {
    const signed = [...descendants(root)].find((element) => element.getAttribute("ID") === id);
    const signature = signatureIn(signed ?? root);
    const canonical = new ExclusiveCanonicalization().process(pick(signature, "SignedInfo"), {});
    const value = createSign("sha256").update(canonical).sign(keys.privateKeyPem, "base64");
    pick(signature, "SignatureValue").textContent = value;
  });
}

export type SignedPart = "assertion" | "response" | "both";

export interface LoginOptions extends SignOptions {
  readonly signed?: SignedPart;
  readonly assertion?: AssertionOptions;
  readonly response?: ResponseOptions;
}

/** A whole response of a good identity provider, signed where asked; the base of every attack. */
export function login(scene: Scene, o: LoginOptions = {}): string {
  const signed = o.signed ?? "assertion";
  let xml = response(scene, assertion(scene, o.assertion), o.response);
  if (signed !== "response") xml = sign(scene, xml, "Assertion", o);
  if (signed !== "assertion") xml = sign(scene, xml, "Response", o);
  return xml;
}

/** An unsolicited response: nobody's request is named anywhere. */
export function unsolicited(scene: Scene, o: LoginOptions = {}): string {
  return login(scene, {
    ...o,
    assertion: { inResponseTo: null, ...o.assertion },
    response: { inResponseTo: null, ...o.response },
  });
}

// ---- surgery -------------------------------------------------------------------------------------------------------

export const ds = "http://www.w3.org/2000/09/xmldsig#";

/** Operates on the parsed message and writes it back. */
export function operate(xml: string, surgery: (root: Element, document: Document) => void): string {
  const document = new DOMParser().parseFromString(xml, "text/xml");
  surgery(document.documentElement, document);
  return new XMLSerializer().serializeToString(document);
}

/** The n-th element with that local name, in document order. */
export function pick(root: Element, local: string, n = 0): Element {
  const found =
    root.localName === local && n === 0
      ? root
      : root.getElementsByTagNameNS("*", local).item(root.localName === local ? n - 1 : n);
  if (!found) throw new Error(`no ${local} number ${n}`);
  return found;
}

/** Takes a node out of its place and hands it over. */
export function cut<N extends Element>(node: N): N {
  node.parentNode?.removeChild(node);
  return node;
}

/** A copy with another ID that names somebody else: what the attacker wants to be read. */
export function evil(original: Element, id: string | null = freshId("_evil")): Element {
  const copy = original.cloneNode(true) as Element;
  if (id) copy.setAttribute("ID", id);
  for (const nameId of Array.from({ length: 1 }, () => copy.getElementsByTagNameNS("*", "NameID").item(0))) {
    if (nameId) nameId.textContent = "ceo@acme.example";
  }
  const values = copy.getElementsByTagNameNS("*", "AttributeValue");
  for (let i = 0; i < values.length; i++) (values.item(i) as Element).textContent = "ceo@acme.example";
  return copy;
}

/** The direct Signature of an element. */
export function signatureIn(parent: Element): Element {
  for (let node = parent.firstChild; node; node = node.nextSibling) {
    if ((node as Element).localName === "Signature") return node as Element;
  }
  throw new Error("not signed");
}

/** The base64 form field. */
export const encode = (xml: string | Buffer) => Buffer.from(xml as string, "utf8").toString("base64");

// ---- encryption ----------------------------------------------------------------------------------------------------

export interface EncryptOptions {
  readonly block?: string;
  readonly transport?: string;
  readonly digest?: string;
  readonly mgf?: string;
  readonly hash?: "sha1" | "sha256";
  readonly padding?: number;
  readonly wrapped?: (secret: Buffer) => Buffer;
  readonly tamper?: (content: Buffer) => Buffer;
  /** Beside the data, as OpenSAML can, rather than inside its KeyInfo. */
  readonly peer?: boolean;
}

const blocks: Readonly<Record<string, [string, number, number]>> = {
  "http://www.w3.org/2009/xmlenc11#aes128-gcm": ["aes-128-gcm", 16, 12],
  "http://www.w3.org/2009/xmlenc11#aes192-gcm": ["aes-192-gcm", 24, 12],
  "http://www.w3.org/2009/xmlenc11#aes256-gcm": ["aes-256-gcm", 32, 12],
  "http://www.w3.org/2001/04/xmlenc#aes128-cbc": ["aes-128-cbc", 16, 16],
  "http://www.w3.org/2001/04/xmlenc#aes256-cbc": ["aes-256-cbc", 32, 16],
  "http://www.w3.org/2001/04/xmlenc#tripledes-cbc": ["des-ede3-cbc", 24, 8],
};

/** Encrypts XML for a certificate into `saml:EncryptedAssertion`. */
export function encrypted(keys: KeyPair, plain: string, o: EncryptOptions = {}): string {
  const block = o.block ?? "http://www.w3.org/2009/xmlenc11#aes256-gcm";
  const transport = o.transport ?? "http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p";
  const [cipher, keyOctets, ivOctets] = blocks[block] ?? ["aes-256-gcm", 32, 12];
  const secret = randomBytes(keyOctets);
  const iv = randomBytes(ivOctets);
  const machine = createCipheriv(cipher as "aes-256-gcm", secret, iv);
  const body = Buffer.concat([machine.update(plain, "utf8"), machine.final()]);
  const tag = cipher.endsWith("gcm") ? machine.getAuthTag() : Buffer.alloc(0);
  const content = (o.tamper ?? ((c: Buffer) => c))(Buffer.concat([iv, body, tag]));
  const wrapped = o.wrapped
    ? o.wrapped(secret)
    : publicEncrypt(
        {
          key: keys.certificatePem,
          padding: o.padding ?? constants.RSA_PKCS1_OAEP_PADDING,
          oaepHash: o.hash ?? "sha1",
        },
        secret,
      );
  const digest = o.digest ? `<ds:DigestMethod xmlns:ds="${ds}" Algorithm="${o.digest}"/>` : "";
  const mgf = o.mgf ? `<xenc11:MGF xmlns:xenc11="http://www.w3.org/2009/xmlenc11#" Algorithm="${o.mgf}"/>` : "";
  const key = `<xenc:EncryptedKey><xenc:EncryptionMethod Algorithm="${transport}">${digest}${mgf}</xenc:EncryptionMethod><xenc:CipherData><xenc:CipherValue>${wrapped.toString("base64")}</xenc:CipherValue></xenc:CipherData></xenc:EncryptedKey>`;
  const data = `<xenc:EncryptedData Type="http://www.w3.org/2001/04/xmlenc#Element"><xenc:EncryptionMethod Algorithm="${block}"/><ds:KeyInfo xmlns:ds="${ds}">${o.peer ? "" : key}</ds:KeyInfo><xenc:CipherData><xenc:CipherValue>${content.toString("base64")}</xenc:CipherValue></xenc:CipherData></xenc:EncryptedData>`;
  return `<saml:EncryptedAssertion ${samlNs} xmlns:xenc="http://www.w3.org/2001/04/xmlenc#">${data}${o.peer ? key : ""}</saml:EncryptedAssertion>`;
}

/** The digest that XML-DSig would show for some canonical text. */
export const digestOf = (text: string) => createHash("sha256").update(text, "utf8").digest("base64");

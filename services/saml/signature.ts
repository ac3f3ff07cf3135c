import { createHash, type KeyObject } from "node:crypto";
import { getVerifiedXml } from "@node-saml/node-saml/lib/xml";
import { attribute, children, descendants, is, onlyChild, textOf } from "../kernel/xml/dom";
import { ns } from "../kernel/xml/namespaces";
import { c14n, digestAlgorithms, enveloped, sha1, signatureAlgorithms } from "./algorithms";
import type { Finding, Refusal, Rule } from "./codes";
import { strictBase64 } from "./decode";
import { needsMoreAlgorithms, verifiedWithMoreAlgorithms } from "./more-algorithms";
import type { Trust, TrustedCertificate } from "./trust";
import { publicKeyOf, usableCertificates } from "./trusted-keys";

/** What a signature says about itself, read once for the rules below. */
export interface SignatureParts {
  readonly element: Element;
  readonly parent: Element;
  readonly canonicalization: string | undefined;
  readonly signatureMethod: string | undefined;
  readonly digestMethod: string | undefined;
  readonly uri: string | undefined;
  readonly transforms: readonly (string | undefined)[];
  /** Elements where the standard has none for us: HMACOutputLength, parameters, XPath expressions. */
  readonly strangers: readonly Element[];
  readonly prefixLists: readonly Element[];
  /** SHA-256 of the first certificate in KeyInfo: which key to try first, never a reason to believe (SAML-A41). */
  readonly hint: string | undefined;
}

export interface SignatureQuestion {
  readonly parts: SignatureParts;
  readonly trust: Trust;
  readonly now: Date;
}

/** Reads the parts of a signature whose shape `structureRules` have approved. */
export function readSignature(element: Element, parent: Element): SignatureParts {
  const signedInfo = onlyChild(element, ns.ds, "SignedInfo");
  const reference = signedInfo && onlyChild(signedInfo, ns.ds, "Reference");
  const transforms = reference && onlyChild(reference, ns.ds, "Transforms");
  const [canonicalization, method] = signedInfo ? children(signedInfo) : [];
  const digest = reference && onlyChild(reference, ns.ds, "DigestMethod");
  const steps = transforms ? children(transforms) : [];
  const holders = [canonicalization, method, digest, ...steps].filter((e) => e !== undefined);
  const inner = holders.flatMap((e) => children(e));
  const certificate = [...descendants(element)].find((e) => is(e, ns.ds, "X509Certificate"));
  return {
    element,
    parent,
    canonicalization: canonicalization && attribute(canonicalization, "Algorithm"),
    signatureMethod: method && attribute(method, "Algorithm"),
    digestMethod: digest && attribute(digest, "Algorithm"),
    uri: reference && attribute(reference, "URI"),
    transforms: steps.map((step) => attribute(step, "Algorithm")),
    strangers: inner.filter((e) => !is(e, ns.ec, "InclusiveNamespaces") || children(e).length > 0),
    prefixLists: inner.filter((e) => is(e, ns.ec, "InclusiveNamespaces")),
    hint: certificate && fingerprintOf(textOf(certificate)),
  };
}

function fingerprintOf(base64: string | undefined): string | undefined {
  const der = base64 === undefined ? undefined : strictBase64(base64.replace(/\s/g, ""));
  return der && createHash("sha256").update(der).digest("hex");
}

const unless = (good: boolean, received: string | undefined): Finding | undefined =>
  good ? undefined : { received: received ?? "(absent)" };
const sha1Allowed = ({ trust, now }: SignatureQuestion) => trust.sha1Until !== null && now < trust.sha1Until;
const canonicalizations = ({ trust }: SignatureQuestion): readonly string[] =>
  trust.inclusiveC14n ? [c14n.exclusive, c14n.inclusive] : [c14n.exclusive];

/** The rules of SAML-33, asked before any key is touched. */
export const signatureRules: readonly Rule<SignatureQuestion>[] = [
  {
    code: "signature_reference",
    by: "SAML-33",
    broken: ({ parts }) => unless(parts.uri === `#${attribute(parts.parent, "ID") ?? ""}`, parts.uri),
  },
  {
    code: "signature_transform",
    by: "SAML-33",
    broken: (question) => {
      const { transforms, strangers } = question.parts;
      const allowed: readonly string[] = [enveloped, ...canonicalizations(question)];
      const known = transforms.every((algorithm) => algorithm !== undefined && allowed.includes(algorithm));
      const once = new Set(transforms).size === transforms.length && transforms.length <= 2;
      return unless(known && once && strangers.length === 0, transforms.join(" ") || undefined);
    },
  },
  {
    code: "signature_canonicalization",
    by: "SAML-33",
    broken: (question) => {
      const { canonicalization, transforms } = question.parts;
      const allowed = canonicalizations(question);
      // Without a canonicalising transform the standard falls back to inclusive C14N (xmldsig-core1 §4.4.3.2).
      const last = transforms.at(-1) === enveloped || transforms.length === 0 ? c14n.inclusive : c14n.exclusive;
      const good = canonicalization !== undefined && allowed.includes(canonicalization);
      return unless(good && (last === c14n.exclusive || allowed.includes(last)), canonicalization);
    },
  },
  {
    code: "signature_prefix_list",
    by: "SAML-33",
    broken: ({ parts }) => {
      const lists = parts.prefixLists.map((e) => ({ at: e, list: attribute(e, "PrefixList") ?? "" }));
      const bad = lists.find(({ at, list }) => list.split(/\s+/).some((prefix) => !isInScope(at, prefix)));
      return bad && { received: bad.list.slice(0, 200) };
    },
  },
  {
    code: "signature_algorithm",
    by: "SAML-33",
    broken: (question) => {
      const method = question.parts.signatureMethod ?? "";
      const good = signatureAlgorithms.has(method) || (method === sha1.signature && sha1Allowed(question));
      return unless(good, question.parts.signatureMethod);
    },
  },
  {
    code: "digest_algorithm",
    by: "SAML-33",
    broken: (question) => {
      const method = question.parts.digestMethod ?? "";
      const good = digestAlgorithms.has(method) || (method === sha1.digest && sha1Allowed(question));
      return unless(good, question.parts.digestMethod);
    },
  },
];

// "#default" stands for the default namespace; an unresolvable prefix makes libraries disagree (SAML-A29).
function isInScope(element: Element, prefix: string): boolean {
  if (prefix === "" || prefix === "#default" || prefix === "xml") return true;
  return element.lookupNamespaceURI(prefix) !== null;
}

/** Canonical octets that a trusted key signed, and which certificate it was. Nothing else may be read (SAML-35). */
export interface Proven {
  readonly xml: string;
  readonly certificate: TrustedCertificate;
}

/**
 * Verifies one signature over its parent element, after `signatureRules` have approved what it is made of.
 * @param xml the text from which the element was parsed; the library parses it again for itself
 */
export function verifySignature(
  xml: string,
  question: SignatureQuestion,
): { readonly refusal: Refusal } | { readonly refusal?: undefined; readonly proven: Proven } {
  const usable = usableCertificates(question.trust, question.now, question.parts.hint);
  if (usable.refusal) return usable;
  for (const certificate of usable.certificates) {
    const key = publicKeyOf(certificate);
    const signed = key ? checkedWith(xml, question.parts, key) : null;
    if (signed !== null) return { proven: { xml: signed, certificate } };
  }
  return { refusal: { code: "signature_invalid", received: question.parts.hint ?? "(no certificate in KeyInfo)" } };
}

// node-saml is the verifier (issue 2, ruling d2). Only its verifier: of 145 crafted responses its login check took
// dozens that the standard forbids, because it reads issuer, recipient, status … nowhere. SHA-384 and RSA-PSS it does
// not know well; for these the same xml-crypto is asked with a few algorithms more.
function checkedWith(xml: string, parts: SignatureParts, key: KeyObject): string | null {
  try {
    return needsMoreAlgorithms(parts.signatureMethod, parts.digestMethod)
      ? verifiedWithMoreAlgorithms(xml, parts.element, key)
      : // It hands the key on to `crypto.verify` unseen, which takes a KeyObject as well as the PEM of the type.
        getVerifiedXml(xml, parts.parent, [key as unknown as string]);
  } catch {
    return null;
  }
}

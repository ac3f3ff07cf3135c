import { attribute, attributes, children, descendants, is } from "../kernel/xml/dom";
import { ns } from "../kernel/xml/namespaces";
import { firstBroken, type Refusal, type Rule } from "./codes";

/** What stands at the top of a message, and where its one assertion is. */
export type RootKind = "Response" | "Assertion" | "LogoutRequest" | "LogoutResponse";

/** A message looked over once; the rules below are questions to it. */
export interface Survey {
  readonly kind: RootKind;
  readonly root: Element;
  readonly elements: readonly Element[];
  /** `saml:Assertion` and `saml:EncryptedAssertion`, wherever they stand. */
  readonly assertions: readonly Element[];
  readonly signatures: readonly Element[];
}

/** Looks a parsed message over. */
export function survey(kind: RootKind, root: Element): Survey {
  const elements = [...descendants(root)];
  return {
    kind,
    root,
    elements,
    assertions: elements.filter((e) => is(e, ns.saml, "Assertion") || is(e, ns.saml, "EncryptedAssertion")),
    signatures: elements.filter((e) => is(e, ns.ds, "Signature")),
  };
}

/** The first structural rule that the message breaks (SAML-32). */
export function structureRefusal(
  message: Survey,
  rules: readonly Rule<Survey>[] = structureRules,
): Refusal | undefined {
  return firstBroken(rules, message);
}

/** The assertion that the message carries: itself, its one child, or none. */
export function carriedAssertion(message: Survey): Element | undefined {
  if (message.kind === "Assertion") return message.root;
  return message.assertions.find((assertion) => assertion.parentNode === message.root);
}

/** The signature that is a direct child of an element. */
export function signatureOf(parent: Element): Element | undefined {
  return children(parent).find((child) => is(child, ns.ds, "Signature"));
}

const name = (element: Element): string => `{${element.namespaceURI ?? ""}}${element.localName}`;
const found = (element: Element | undefined) => (element ? { received: name(element) } : undefined);
const when = (bad: boolean, received: string) => (bad ? { received } : undefined);

const idNames: ReadonlySet<string> = new Set(["ID", "Id", "id"]);
const idsOf = (element: Element): Attr[] => attributes(element).filter((attr) => idNames.has(attr.localName));

/** Elements whose ID a signature may name. */
const identified = (m: Survey): Element[] =>
  m.kind === "Response" ? [m.root, ...m.assertions.filter((a) => a.localName === "Assertion")] : [m.root];

// Whoever reads by local name alone takes these for SAML or XML-DSig in whatever namespace they stand (SAML-A28).
const vocabulary: ReadonlyMap<string, string> = new Map([
  ...["Response", "Status", "StatusCode", "LogoutRequest", "LogoutResponse", "SessionIndex"].map(
    (local) => [local, ns.samlp] as const,
  ),
  ...[
    ["Assertion", "EncryptedAssertion", "Issuer", "Subject", "NameID", "EncryptedID", "BaseID", "Conditions"],
    ["SubjectConfirmation", "SubjectConfirmationData", "AudienceRestriction", "Audience", "OneTimeUse"],
    ["AuthnStatement", "AuthnContext", "AuthnContextClassRef", "AttributeStatement", "Attribute"],
    ["AttributeValue", "EncryptedAttribute", "Advice", "ProxyRestriction"],
  ]
    .flat()
    .map((local) => [local, ns.saml] as const),
  ...[
    ["Signature", "SignedInfo", "SignatureValue", "SignatureMethod", "CanonicalizationMethod", "Reference"],
    ["DigestMethod", "DigestValue", "Object", "Manifest", "KeyInfo", "X509Data", "X509Certificate"],
  ]
    .flat()
    .map((local) => [local, ns.ds] as const),
]);

// Parts of a signature that decide what is signed; each has exactly one place. KeyInfo may stand in encrypted data.
const critical: ReadonlySet<string> = new Set([
  "Signature",
  "SignedInfo",
  "SignatureValue",
  "SignatureMethod",
  "CanonicalizationMethod",
  "Reference",
  "Transforms",
  "Transform",
  "DigestValue",
  "Object",
  "Manifest",
  "SignatureProperties",
  "SignatureProperty",
]);

function isInside(element: Element, container: Element): boolean {
  for (let node: Node | null = element; node; node = node.parentNode) if (node === container) return true;
  return false;
}

/** The rules of SAML-32, in the order in which they are asked. */
export const structureRules: readonly Rule<Survey>[] = [
  {
    code: "message_unexpected",
    by: "SAML-32",
    broken: ({ root, kind }) =>
      is(root, kind === "Assertion" ? ns.saml : ns.samlp, kind) ? undefined : { expected: kind, received: name(root) },
  },
  {
    code: "namespace_foreign",
    by: "SAML-32",
    broken: (m) =>
      found(
        m.elements.find((e) => {
          const home = vocabulary.get(e.localName);
          return home !== undefined && home !== e.namespaceURI;
        }),
      ),
  },
  {
    code: "assertion_misplaced",
    by: "SAML-32",
    broken: (m) => found(m.assertions.find((a) => (m.kind === "Response" ? a.parentNode !== m.root : a !== m.root))),
  },
  {
    code: "assertion_repeated",
    by: "SAML-32",
    broken: (m) => when(m.assertions.length > 1, String(m.assertions.length)),
  },
  {
    code: "signature_misplaced",
    by: "SAML-32",
    broken: (m) => found(m.signatures.find((s) => s.parentNode !== m.root && s.parentNode !== carriedAssertion(m))),
  },
  {
    code: "signature_repeated",
    by: "SAML-32",
    broken: (m) => {
      const parents = m.signatures.map((signature) => signature.parentNode);
      return when(new Set(parents).size < parents.length, String(parents.length));
    },
  },
  {
    code: "extensions_content",
    by: "SAML-32",
    broken: (m) => {
      const extensions = m.elements.filter((e) => is(e, ns.samlp, "Extensions"));
      const saml: readonly (string | null)[] = [ns.saml, ns.samlp, ns.ds];
      return found(
        m.elements.find(
          (e) => saml.includes(e.namespaceURI) && extensions.some((box) => box !== e && isInside(e, box)),
        ),
      );
    },
  },
  {
    code: "signature_shape",
    by: "SAML-32",
    broken: (m) => {
      const placed = new Set(m.signatures.flatMap((signature) => [...partsInPlace(signature)]));
      return found(m.elements.find((e) => e.namespaceURI === ns.ds && critical.has(e.localName) && !placed.has(e)));
    },
  },
  {
    code: "id_ambiguous",
    by: "SAML-32",
    broken: (m) =>
      found(
        m.elements.find((e) => {
          const ids = idsOf(e);
          return ids.length > 1 || ids.some((attr) => attr.prefix && attr.namespaceURI !== ns.xml);
        }),
      ),
  },
  {
    code: "id_missing",
    by: "SAML-32",
    // The ID is put into an XPath by the verifier, hence the narrow alphabet.
    broken: (m) => found(identified(m).find((e) => !/^[\w.:-]{1,256}$/.test(attribute(e, "ID") ?? ""))),
  },
  {
    code: "id_repeated",
    by: "SAML-32",
    broken: (m) => {
      const seen = new Set<string>();
      for (const { value } of m.elements.flatMap(idsOf)) {
        if (seen.has(value)) return { received: value.slice(0, 80) };
        seen.add(value);
      }
      return undefined;
    },
  },
];

/** The decisive parts of one signature that stand exactly where the schema puts them (xmldsig-core1 §4). */
function* partsInPlace(signature: Element): Generator<Element> {
  yield signature;
  const [signedInfo, value, ...rest] = children(signature);
  if (!signedInfo || !is(signedInfo, ns.ds, "SignedInfo") || rest.length > 1) return;
  yield signedInfo;
  if (value && is(value, ns.ds, "SignatureValue")) yield value;
  const [canonicalization, method, reference, ...more] = children(signedInfo);
  if (more.length > 0 || !canonicalization || !method || !reference) return;
  if (is(canonicalization, ns.ds, "CanonicalizationMethod")) yield canonicalization;
  if (is(method, ns.ds, "SignatureMethod")) yield method;
  if (!is(reference, ns.ds, "Reference")) return;
  yield reference;
  const parts = children(reference);
  const [transforms, digestMethod, digestValue] = parts.length === 3 ? parts : [undefined, ...parts];
  if (parts.length > 3 || !digestMethod || !is(digestMethod, ns.ds, "DigestMethod")) return;
  if (digestValue && is(digestValue, ns.ds, "DigestValue")) yield digestValue;
  if (!transforms || !is(transforms, ns.ds, "Transforms")) return;
  yield transforms;
  yield* children(transforms).filter((transform) => is(transform, ns.ds, "Transform"));
}

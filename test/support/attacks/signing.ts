import {
  alg,
  assertion,
  cut,
  login,
  operate,
  response,
  sign,
  signatureIn,
  trusted,
  type Scene,
  type SignOptions,
} from "../saml-kit";
import { refused, under, type Attack } from "./attack";

const byAssertion = (scene: Scene) => login(scene);
const byResponse = (scene: Scene) => login(scene, { signed: "response" });
const byBoth = (scene: Scene) => login(scene, { signed: "both" });
const signedBy = (o: SignOptions) => (scene: Scene) => login(scene, o);

/** What signatures may be made of, and by whom. */
export const signing: readonly Attack[] = [
  {
    id: "SAML-A29",
    what: "canonicalisation that fails and leaves nothing to digest",
    good: (scene) => login(scene, { prefixes: ["saml"] }),
    variants: {
      "relative namespace name": refused("xml_namespace_relative", (scene) =>
        login(scene, { signed: "response", response: { declarations: ' xmlns:x="relative"' } }),
      ),
      "prefix that nobody declared": refused("signature_prefix_list", (scene) =>
        login(scene).replace(
          /<ds:Transform Algorithm="http:\/\/www.w3.org\/2001\/10\/xml-exc-c14n#"\/>/,
          `<ds:Transform Algorithm="${alg.exclusive}"><ec:InclusiveNamespaces xmlns:ec="${alg.exclusive}" PrefixList="nowhere"/></ds:Transform>`,
        ),
      ),
    },
  },
  {
    id: "SAML-A30",
    what: "a transform that computes",
    good: byAssertion,
    variants: Object.fromEntries(
      [
        "http://www.w3.org/TR/1999/REC-xslt-19991116",
        "http://www.w3.org/TR/1999/REC-xpath-19991116",
        "http://www.w3.org/2002/06/xmldsig-filter2",
        "http://www.w3.org/2000/09/xmldsig#base64",
      ].flatMap((transform) => [
        [
          `${transform} instead`,
          refused("signature_transform", (scene) =>
            login(scene).replace(/(<ds:Transform Algorithm=")[^"]*/, `$1${transform}`),
          ),
        ],
        [
          `${transform} in between`,
          refused("signature_transform", (scene) =>
            login(scene).replace(/<ds:Transform /, `<ds:Transform Algorithm="${transform}"/><ds:Transform `),
          ),
        ],
      ]),
    ),
  },
  {
    id: "SAML-A31",
    what: "three transforms or more",
    good: byAssertion,
    variants: {
      "exclusive C14N twice": refused(
        "signature_transform",
        signedBy({ transforms: [alg.enveloped, alg.exclusive, alg.exclusive] }),
      ),
      "2 000 of them": refused("signature_transform", (scene) =>
        login(scene).replace(
          "</ds:Transforms>",
          `${`<ds:Transform Algorithm="${alg.exclusive}"/>`.repeat(2_000)}</ds:Transforms>`,
        ),
      ),
    },
  },
  {
    id: "SAML-A32",
    what: "weaker canonicalisation than the connection allows",
    good: byAssertion,
    variants: {
      "inclusive C14N": refused("signature_transform", signedBy({ canonicalization: alg.inclusive })),
      "inclusive for SignedInfo only": refused(
        "signature_canonicalization",
        signedBy({ canonicalization: alg.inclusive, transforms: [alg.enveloped, alg.exclusive] }),
      ),
      "no canonicalising transform": refused("signature_canonicalization", signedBy({ transforms: [alg.enveloped] })),
      "with comments": refused("signature_transform", signedBy({ canonicalization: alg.exclusiveWithComments })),
      "with comments for SignedInfo only": refused(
        "signature_canonicalization",
        signedBy({ canonicalization: alg.exclusiveWithComments, transforms: [alg.enveloped, alg.exclusive] }),
      ),
      "with comments although inclusive is allowed": refused(
        "signature_transform",
        signedBy({ canonicalization: alg.exclusiveWithComments }),
        under({ inclusiveC14n: true }),
      ),
    },
  },
  {
    id: "SAML-A33",
    what: "no signature at all",
    good: byBoth,
    variants: Object.fromEntries(
      (["either", "assertion", "response", "both"] as const).map((signaturePolicy) => [
        `under ${signaturePolicy}`,
        refused("signature_missing", (scene) => response(scene, assertion(scene)), under({ signaturePolicy })),
      ]),
    ),
  },
  {
    id: "SAML-A34",
    what: "a signature stripped from a genuine response",
    good: byBoth,
    trust: () => ({ signaturePolicy: "both" }),
    variants: {
      "from both": refused("signature_missing", (scene) => response(scene, assertion(scene))),
      "from the Response": refused("signature_missing", (scene) =>
        operate(byBoth(scene), (root) => cut(signatureIn(root))),
      ),
      "from the Assertion before the Response was signed": refused("signature_missing", byResponse),
      "from the Assertion": refused("signature_invalid", (scene) =>
        operate(byBoth(scene), (root) =>
          cut(signatureIn(root.getElementsByTagNameNS("*", "Assertion").item(0) as Element)),
        ),
      ),
    },
  },
  {
    id: "SAML-A37",
    what: "the wrong part is signed for the policy",
    good: byBoth,
    variants: {
      "only the Response under `assertion`": refused(
        "signature_missing",
        byResponse,
        under({ signaturePolicy: "assertion" }),
      ),
      "only the Assertion under `response`": refused(
        "signature_missing",
        byAssertion,
        under({ signaturePolicy: "response" }),
      ),
    },
  },
  {
    id: "SAML-A40",
    what: "HMAC keyed with the public certificate",
    good: byAssertion,
    variants: Object.fromEntries(
      ["http://www.w3.org/2000/09/xmldsig#hmac-sha1", "http://www.w3.org/2001/04/xmldsig-more#hmac-sha256"].map(
        (hmac) => [hmac, refused("signature_algorithm", (scene) => login(scene).replace(alg.rsaSha256, hmac))],
      ),
    ),
  },
  {
    id: "SAML-A41",
    what: "a key that the message brings along",
    good: byAssertion,
    variants: {
      "own certificate": refused("signature_invalid", signedBy({}), {
        trust: (scene) => ({ certificates: [trusted(scene.foreignKeys)] }),
      }),
      KeyValue: refused("signature_invalid", (scene) =>
        login(scene, { keys: scene.foreignKeys }).replace(
          /<ds:X509Data>.*?<\/ds:X509Data>/s,
          "<ds:KeyValue><ds:RSAKeyValue><ds:Modulus>AQAB</ds:Modulus><ds:Exponent>AQAB</ds:Exponent></ds:RSAKeyValue></ds:KeyValue>",
        ),
      ),
      RetrievalMethod: refused("signature_invalid", (scene) =>
        login(scene, { keys: scene.foreignKeys }).replace(
          /<ds:X509Data>.*?<\/ds:X509Data>/s,
          '<ds:RetrievalMethod URI="https://evil.example/cert"/>',
        ),
      ),
      "our certificate shown, theirs used": refused("signature_invalid", (scene) =>
        login(scene, { keys: { ...scene.foreignKeys, certificatePem: scene.keys.certificatePem } }),
      ),
    },
  },
  {
    id: "SAML-A42",
    what: "another tenant's identity provider signs with this issuer and audience",
    good: byAssertion,
    variants: {
      "the Assertion": refused("signature_invalid", signedBy({}), {
        trust: (scene) => ({ certificates: [trusted(scene.foreignKeys)] }),
      }),
      "the Response": refused("signature_invalid", (scene) =>
        login(scene, { keys: scene.foreignKeys, signed: "response" }),
      ),
      "the Response around a genuine Assertion": refused("signature_invalid", (scene) =>
        sign(scene, login(scene), "Response", { keys: scene.foreignKeys }),
      ),
    },
  },
  {
    id: "SAML-A83",
    what: "a connection without any certificate",
    good: byAssertion,
    variants: {
      signed: refused("certificate_missing", byAssertion, under({ certificates: [] })),
      unsigned: refused("signature_missing", (scene) => response(scene, assertion(scene)), under({ certificates: [] })),
    },
  },
  {
    id: "SAML-A105",
    what: "a certificate that is no longer or not yet live",
    good: byAssertion,
    variants: {
      "signed by the retired one": refused("signature_invalid", (scene) => login(scene, { keys: scene.foreignKeys })),
    },
  },
  {
    id: "SAML-A50",
    what: "signatures that cost",
    good: byAssertion,
    variants: {
      "2 000 transforms": refused("signature_transform", (scene) =>
        login(scene).replace(
          "</ds:Transforms>",
          `${`<ds:Transform Algorithm="${alg.enveloped}"/>`.repeat(2_000)}</ds:Transforms>`,
        ),
      ),
      "wrong signature against five certificates": refused(
        "signature_invalid",
        (scene) => login(scene, { keys: scene.foreignKeys }),
        { trust: (scene) => ({ certificates: Array.from({ length: 5 }, () => trusted(scene.keys)) }) },
      ),
    },
  },
];

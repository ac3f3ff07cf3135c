import { constants, publicEncrypt, randomBytes } from "node:crypto";
import {
  assertion,
  encrypted,
  login,
  response,
  sign,
  type EncryptOptions,
  type KeyPair,
  type Scene,
} from "../saml-kit";
import type { Trust } from "../../../services/saml/trust";
import { refused, under, type Attack } from "./attack";

const cbc = "http://www.w3.org/2001/04/xmlenc#aes256-cbc";

/** The keys that the service provider publishes for encryption; everybody may encrypt for them. */
export const opens = (keys: KeyPair): Partial<Trust> => ({
  decryptionKeys: [{ sha256: keys.sha256, privateKeyPem: keys.privateKeyPem }],
});

/** An assertion signed inside, encrypted, in an unsigned Response; the shape that Shibboleth and ADFS send. */
export const sealed = (scene: Scene, o: EncryptOptions = {}) =>
  response(scene, encrypted(scene.foreignKeys, sign(scene, assertion(scene), "Assertion"), o));

/** The same in a signed Response, the assertion inside unsigned. */
export const sealedInSigned = (scene: Scene, o: EncryptOptions = {}) =>
  sign(scene, response(scene, encrypted(scene.foreignKeys, assertion(scene), o)), "Response");

const trust = (scene: Scene) => opens(scene.foreignKeys);
const around = (inner: (scene: Scene) => string) => (scene: Scene) =>
  response(scene, encrypted(scene.foreignKeys, inner(scene)));
const signedInside = (o: Parameters<typeof assertion>[1]) =>
  around((scene) => sign(scene, assertion(scene, o), "Assertion"));

/** Encrypted assertions. In the scene the stranger's key pair plays the service provider's encryption key. */
export const encryption: readonly Attack[] = [
  {
    id: "SAML-A66",
    what: "encrypted, and unsigned inside",
    good: sealed,
    trust,
    variants: {
      "attacker's own assertion": refused(
        "decryption_failed",
        around((scene) => assertion(scene, { nameId: "ceo" })),
      ),
      "signed by the attacker": refused(
        "decryption_failed",
        around((scene) => sign(scene, assertion(scene), "Assertion", { keys: scene.foreignKeys })),
      ),
      "signed Response, policy wants the assertion": refused("signature_missing", sealedInSigned, {
        trust: (scene) => ({ ...opens(scene.foreignKeys), signaturePolicy: "assertion" }),
      }),
      "plain where encryption is required": refused("encryption_required", (scene) => login(scene), {
        trust: (scene) => ({ ...opens(scene.foreignKeys), encryptionRequired: true }),
      }),
    },
  },
  {
    id: "SAML-A67",
    what: "encrypted, with conditions that do not hold",
    good: sealed,
    trust,
    variants: {
      expired: refused("expired", signedInside({ notOnOrAfter: "2026-03-02T08:50:00Z" })),
      audience: refused("audience_mismatch", signedInside({ audiences: [["https://other.example"]] })),
      recipient: refused("recipient_mismatch", signedInside({ recipient: "https://other.example" })),
    },
  },
  {
    id: "SAML-A68",
    what: "weak or broken encryption",
    good: sealed,
    trust,
    variants: {
      "3DES": refused("encryption_algorithm", (scene) =>
        sealed(scene, { block: "http://www.w3.org/2001/04/xmlenc#tripledes-cbc" }),
      ),
      "3DES in a signed Response": refused("encryption_algorithm", (scene) =>
        sealedInSigned(scene, { block: "http://www.w3.org/2001/04/xmlenc#tripledes-cbc" }),
      ),
      "RSA 1.5": refused("encryption_algorithm", (scene) =>
        sealed(scene, { transport: "http://www.w3.org/2001/04/xmlenc#rsa-1_5", padding: constants.RSA_PKCS1_PADDING }),
      ),
      "RSA 1.5 in a signed Response": refused("encryption_algorithm", (scene) =>
        sealedInSigned(scene, {
          transport: "http://www.w3.org/2001/04/xmlenc#rsa-1_5",
          padding: constants.RSA_PKCS1_PADDING,
        }),
      ),
      "CBC on an unsigned Response": refused("encryption_algorithm", (scene) => sealed(scene, { block: cbc })),
      "flipped bit": refused("decryption_failed", (scene) =>
        sealed(scene, { tamper: (content) => Buffer.from(content.map((octet, i) => (i === 40 ? octet ^ 1 : octet))) }),
      ),
      "tag cut to 12 octets": refused("decryption_failed", (scene) =>
        sealed(scene, { tamper: (content) => content.subarray(0, -4) }),
      ),
      "nothing but a tag": refused("decryption_failed", (scene) =>
        sealed(scene, { tamper: (content) => content.subarray(0, 16) }),
      ),
      "wrong key": refused("decryption_failed", (scene) => sealed(scene), { trust: (scene) => opens(scene.keys) }),
      "wrong padding": refused("decryption_failed", (scene) =>
        sealed(scene, {
          wrapped: (secret) =>
            publicEncrypt({ key: scene.foreignKeys.certificatePem, padding: constants.RSA_PKCS1_PADDING }, secret),
        }),
      ),
      "key of the wrong length": refused("decryption_failed", (scene) =>
        sealed(scene, {
          wrapped: () => publicEncrypt({ key: scene.foreignKeys.certificatePem, oaepHash: "sha1" }, randomBytes(16)),
        }),
      ),
      "no key of ours": refused("decryption_failed", (scene) => sealed(scene), under({ decryptionKeys: [] })),
      "padding oracle on CBC, where a switch allows it": refused(
        "decryption_failed",
        (scene) =>
          sealed(scene, {
            block: cbc,
            tamper: (content) =>
              Buffer.from(content.map((octet, i) => (i === content.length - 17 ? octet ^ 1 : octet))),
          }),
        { trust: (scene) => ({ ...opens(scene.foreignKeys), cbcUnsigned: true }) },
      ),
    },
  },
  {
    id: "SAML-A69",
    what: "what should not be inside",
    good: sealedInSigned,
    trust,
    variants: {
      "plain and encrypted": refused("assertion_repeated", (scene) =>
        response(scene, sign(scene, assertion(scene), "Assertion") + encrypted(scene.foreignKeys, assertion(scene))),
      ),
      "two assertions": refused(
        "decryption_failed",
        around((scene) => assertion(scene) + assertion(scene)),
      ),
      "two assertions in a signed Response": refused("xml_content_outside_root", (scene) =>
        sign(scene, response(scene, encrypted(scene.foreignKeys, assertion(scene) + assertion(scene))), "Response"),
      ),
      "no assertion": refused(
        "decryption_failed",
        around(() => "<a/>"),
      ),
      "no XML": refused(
        "decryption_failed",
        around(() => "hello"),
      ),
      "nested encryption": refused(
        "decryption_failed",
        around((scene) => encrypted(scene.foreignKeys, assertion(scene))),
      ),
      "an assertion inside the assertion": refused(
        "decryption_failed",
        around((scene) =>
          sign(scene, assertion(scene, { extra: `<saml:Advice>${assertion(scene)}</saml:Advice>` }), "Assertion"),
        ),
      ),
      "no EncryptedData": refused("encryption_shape", (scene) =>
        sealed(scene).replaceAll("xenc:EncryptedData", "xenc:Other"),
      ),
    },
  },
];

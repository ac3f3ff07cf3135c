import {
  constants,
  createDecipheriv,
  createPrivateKey,
  privateDecrypt,
  randomBytes,
  type KeyObject,
} from "node:crypto";
import { attribute, childrenNamed, descendants, is, onlyChild, textOf } from "../kernel/xml/dom";
import { ns } from "../kernel/xml/namespaces";
import type { Refusal } from "./codes";
import { strictBase64, strictUtf8 } from "./decode";
import { oaepDecode, type OaepHash } from "./oaep";
import type { DecryptionKey } from "./trust";

interface BlockCipher {
  readonly name: "aes-128-gcm" | "aes-192-gcm" | "aes-256-gcm" | "aes-128-cbc" | "aes-192-cbc" | "aes-256-cbc";
  readonly keyOctets: 16 | 24 | 32;
  readonly authentic: boolean;
}

// 3DES and RSA 1.5 are not here and never will be (SAML-36): the first is too short, the second an oracle.
const blockCiphers: ReadonlyMap<string, BlockCipher> = new Map([
  ["http://www.w3.org/2009/xmlenc11#aes128-gcm", { name: "aes-128-gcm", keyOctets: 16, authentic: true }],
  ["http://www.w3.org/2009/xmlenc11#aes192-gcm", { name: "aes-192-gcm", keyOctets: 24, authentic: true }],
  ["http://www.w3.org/2009/xmlenc11#aes256-gcm", { name: "aes-256-gcm", keyOctets: 32, authentic: true }],
  ["http://www.w3.org/2001/04/xmlenc#aes128-cbc", { name: "aes-128-cbc", keyOctets: 16, authentic: false }],
  ["http://www.w3.org/2001/04/xmlenc#aes192-cbc", { name: "aes-192-cbc", keyOctets: 24, authentic: false }],
  ["http://www.w3.org/2001/04/xmlenc#aes256-cbc", { name: "aes-256-cbc", keyOctets: 32, authentic: false }],
]);

const oaepMgf1p = "http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p";
const oaep11 = "http://www.w3.org/2009/xmlenc11#rsa-oaep";

const digests: ReadonlyMap<string | undefined, OaepHash> = new Map([
  [undefined, "sha1"],
  ["http://www.w3.org/2000/09/xmldsig#sha1", "sha1"],
  ["http://www.w3.org/2001/04/xmlenc#sha256", "sha256"],
  // Not the standard's URI, but what xml-encryption of Auth0 wrote for years.
  ["http://www.w3.org/2000/09/xmldsig#sha256", "sha256"],
]);

const maskGenerators: ReadonlyMap<string | undefined, OaepHash> = new Map([
  [undefined, "sha1"],
  ["http://www.w3.org/2009/xmlenc11#mgf1sha1", "sha1"],
  ["http://www.w3.org/2009/xmlenc11#mgf1sha256", "sha256"],
]);

interface Envelope {
  readonly cipher: BlockCipher;
  readonly content: Buffer;
  readonly keys: readonly { readonly hash: OaepHash; readonly mask: OaepHash; readonly wrapped: Buffer }[];
}

export interface DecryptionPolicy {
  readonly keys: readonly DecryptionKey[];
  /** AES-CBC is malleable: only where a signature over the ciphertext was verified first, or by a switch. */
  readonly cbcAllowed: boolean;
}

type Decrypted = { readonly refusal: Refusal } | { readonly refusal?: undefined; readonly xml: string };

/**
 * Opens `saml:EncryptedAssertion` (or EncryptedID). The algorithms are judged before any key is touched; after that
 * every failure has one code and takes one course, so that a thousand probes teach nothing (SAML-A68).
 *
 * Own code on `node:crypto`: xml-encryption 3.1 takes 3DES, ignores the standard's SHA-256 digest URI and finds the
 * encrypted key only inside KeyInfo, while OpenSAML may put it beside the data.
 */
export function decrypt(encrypted: Element, policy: DecryptionPolicy): Decrypted {
  const envelope = readEnvelope(encrypted);
  if ("code" in envelope) return { refusal: envelope };
  if (!envelope.cipher.authentic && !policy.cbcAllowed) {
    return { refusal: { code: "encryption_algorithm", received: envelope.cipher.name } };
  }
  const failed: Decrypted = { refusal: { code: "decryption_failed" } };
  let opened: string | undefined;
  for (const key of policy.keys) {
    for (const wrapped of envelope.keys) {
      const secret = unwrap(privateKeyOf(key), wrapped, envelope.cipher.keyOctets);
      opened ??= openContent(envelope.cipher, secret, envelope.content);
    }
  }
  return opened === undefined ? failed : { xml: opened };
}

function readEnvelope(encrypted: Element): Envelope | Refusal {
  const shape = (received: string): Refusal => ({ code: "encryption_shape", received });
  const data = onlyChild(encrypted, ns.xenc, "EncryptedData");
  if (!data) return shape("EncryptedData");
  const cipherUri = algorithmOf(data);
  const cipher = blockCiphers.get(cipherUri ?? "");
  if (!cipher) return { code: "encryption_algorithm", received: cipherUri ?? "(absent)" };
  const content = cipherValue(data);
  if (!content) return shape("CipherValue");

  const keyElements = [...descendants(encrypted)].filter((e) => is(e, ns.xenc, "EncryptedKey"));
  if (keyElements.length < 1 || keyElements.length > 4) return shape("EncryptedKey");
  const keys = [];
  for (const element of keyElements) {
    const uri = algorithmOf(element);
    const method = onlyChild(element, ns.xenc, "EncryptionMethod");
    const hash = digests.get(method && childAlgorithm(method, ns.ds, "DigestMethod"));
    const mask = maskGenerators.get(method && childAlgorithm(method, ns.xenc11, "MGF"));
    if ((uri !== oaepMgf1p && uri !== oaep11) || !hash || !mask) {
      return { code: "encryption_algorithm", received: uri ?? "(absent)" };
    }
    const wrapped = cipherValue(element);
    if (!wrapped) return shape("CipherValue");
    // rsa-oaep-mgf1p fixes the mask generator to SHA-1 whatever the digest (xmlenc-core1 §5.5.2).
    keys.push({ hash, mask: uri === oaepMgf1p ? ("sha1" as const) : mask, wrapped });
  }
  return { cipher, content, keys };
}

function algorithmOf(element: Element): string | undefined {
  return childAlgorithm(element, ns.xenc, "EncryptionMethod");
}

function childAlgorithm(parent: Element, namespace: string, local: string): string | undefined {
  const child = childrenNamed(parent, namespace, local)[0];
  return child && attribute(child, "Algorithm");
}

function cipherValue(parent: Element): Buffer | undefined {
  const data = onlyChild(parent, ns.xenc, "CipherData");
  const value = data && onlyChild(data, ns.xenc, "CipherValue");
  const text = value && textOf(value);
  return text === undefined ? undefined : strictBase64(text.replace(/\s/g, ""));
}

// A wrong key must not show in the time that follows: the content is then "decrypted" with a random one.
function unwrap(key: KeyObject, wrapped: Envelope["keys"][number], octets: number): Buffer {
  try {
    const secret =
      wrapped.hash === wrapped.mask
        ? privateDecrypt({ key, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: wrapped.hash }, wrapped.wrapped)
        : oaepDecode(privateDecrypt({ key, padding: constants.RSA_NO_PADDING }, wrapped.wrapped), wrapped);
    return secret?.length === octets ? secret : randomBytes(octets);
  } catch {
    return randomBytes(octets);
  }
}

function openContent(cipher: BlockCipher, secret: Buffer, content: Buffer): string | undefined {
  try {
    return strictUtf8(cipher.authentic ? openGcm(cipher.name, secret, content) : openCbc(cipher.name, secret, content));
  } catch {
    return undefined;
  }
}

// xmlenc-core1 §5.2.4: 96 bits of IV in front, 128 bits of tag behind; a shorter tag is not looked for.
function openGcm(name: BlockCipher["name"], secret: Buffer, content: Buffer): Buffer {
  const decipher = createDecipheriv(name as "aes-256-gcm", secret, content.subarray(0, 12), { authTagLength: 16 });
  decipher.setAuthTag(content.subarray(Math.max(12, content.length - 16)));
  return Buffer.concat([decipher.update(content.subarray(12, -16)), decipher.final()]);
}

// xmlenc-core1 §5.2.3: the last octet counts the padding, the others before it may be anything.
function openCbc(name: BlockCipher["name"], secret: Buffer, content: Buffer): Buffer {
  const decipher = createDecipheriv(name, secret, content.subarray(0, 16)).setAutoPadding(false);
  const padded = Buffer.concat([decipher.update(content.subarray(16)), decipher.final()]);
  const padding = padded.at(-1) ?? 0;
  if (padding < 1 || padding > 16) throw new Error("padding");
  return padded.subarray(0, padded.length - padding);
}

const privateKeys = new Map<string, KeyObject>();

function privateKeyOf(key: DecryptionKey): KeyObject {
  const known = privateKeys.get(key.sha256);
  if (known) return known;
  const parsed = createPrivateKey(key.privateKeyPem);
  if (privateKeys.size >= 1_000) privateKeys.clear();
  privateKeys.set(key.sha256, parsed);
  return parsed;
}

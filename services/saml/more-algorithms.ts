import { constants, createHash, createVerify, type KeyObject } from "node:crypto";
import { SignedXml, type HashAlgorithm, type SignatureAlgorithm } from "xml-crypto";
import { digestAlgorithms, signatureAlgorithms } from "./algorithms";

const builtIn = new SignedXml();

/** Whether a signature uses one of the allowed algorithms that xml-crypto 6.3 does not bring: SHA-384 and PSS (which it
 * has for SHA-256 only, and there not for a parsed key). */
export function needsMoreAlgorithms(signatureMethod = "", digestMethod = ""): boolean {
  const algorithm = signatureAlgorithms.get(signatureMethod);
  if (!algorithm || !digestAlgorithms.has(digestMethod)) return false;
  const known = signatureMethod in builtIn.SignatureAlgorithms && digestMethod in builtIn.HashAlgorithms;
  return algorithm.pss || !known;
}

/**
 * What `getVerifiedXml` of node-saml does, with those algorithms registered. The caller has established before that
 * there is one signature with one reference to its own parent, under an ID that stands once.
 * @returns the canonical signed octets, or null
 */
export function verifiedWithMoreAlgorithms(xml: string, signature: Element, key: KeyObject): string | null {
  const verifier = new SignedXml({ publicCert: key });
  for (const [uri, { hash, pss }] of signatureAlgorithms) {
    const padding = pss ? constants.RSA_PKCS1_PSS_PADDING : constants.RSA_PKCS1_PADDING;
    const saltLength = constants.RSA_PSS_SALTLEN_DIGEST;
    verifier.SignatureAlgorithms[uri] = class implements SignatureAlgorithm {
      getAlgorithmName = () => uri;
      getSignature = (): never => {
        throw new Error("this instance only verifies");
      };
      verifySignature = (signedInfo: string, _key: unknown, value: string): boolean =>
        createVerify(hash)
          .update(signedInfo)
          .verify(pss ? { key, padding, saltLength } : { key, padding }, value, "base64");
    };
  }
  for (const [uri, hash] of digestAlgorithms) {
    verifier.HashAlgorithms[uri] = class implements HashAlgorithm {
      getAlgorithmName = () => uri;
      getHash = (text: string) => createHash(hash).update(text, "utf8").digest("base64");
    };
  }
  verifier.loadSignature(signature);
  // Line ends are the XML processor's business, and here that is us; node-saml does the same before it verifies.
  if (!verifier.checkSignature(xml.replace(/\r\n?/g, "\n"))) return null;
  const [signed, ...others] = verifier.getSignedReferences();
  return signed !== undefined && others.length === 0 ? signed : null;
}

import { createSign, generateKeyPair, randomBytes, X509Certificate, type KeyObject } from "node:crypto";
import { promisify } from "node:util";

/** A private key and the certificate that carries its public half into metadata. */
export interface SelfSigned {
  readonly privateKeyPem: string;
  readonly certificatePem: string;
  readonly sha256: string;
}

/** DER, the few forms that a certificate needs (X.690 §8; RFC 5280 §4.1). */
const der = (tag: number, ...parts: Buffer[]): Buffer => {
  const body = Buffer.concat(parts);
  const size: number[] = [];
  for (let rest = body.length; rest > 0; rest >>= 8) size.unshift(rest & 0xff);
  const header = body.length < 0x80 ? [tag, body.length] : [tag, 0x80 | size.length, ...size];
  return Buffer.concat([Buffer.from(header), body]);
};
const sequence = (...parts: Buffer[]) => der(0x30, ...parts);
const integer = (octets: Buffer) => der(0x02, (octets[0] ?? 0) & 0x80 ? Buffer.concat([Buffer.of(0), octets]) : octets);
const oid = (hex: string) => der(0x06, Buffer.from(hex, "hex"));
const bits = (octets: Buffer) => der(0x03, Buffer.of(0), octets);
const nothing = der(0x05);

const sha256WithRsa = sequence(oid("2a864886f70d01010b"), nothing);
const commonName = (name: string) => sequence(der(0x31, sequence(oid("550403"), der(0x0c, Buffer.from(name, "utf8")))));
// UTCTime until 2049, GeneralizedTime after it (RFC 5280 §4.1.2.5).
const time = (at: Date) => {
  const text = at.toISOString().replace(/[-:T]|\.\d+/g, "");
  return at.getUTCFullYear() < 2050 ? der(0x17, Buffer.from(text.slice(2))) : der(0x18, Buffer.from(text));
};

/** An RSA pair before it has a certificate. */
export interface FreshKeys {
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

const generate = promisify(generateKeyPair);

/**
 * Makes an RSA pair. It takes up to seconds on a busy machine, so it is made before a unit of work is opened and handed
 * to it: a transaction that waits for a prime holds its locks and may be ended for idleness.
 */
export async function freshKeys(modulusLength = 3072): Promise<FreshKeys> {
  return generate("rsa", { modulusLength });
}

/**
 * A fresh RSA key with a self-signed certificate. SAML trusts the key and not the chain, so the certificate says no
 * more than a name and a validity; Node has no way to make one.
 */
export async function selfSigned(
  name: string,
  validity: { readonly from: Date; readonly until: Date },
  keys?: FreshKeys,
): Promise<SelfSigned> {
  const { privateKey, publicKey } = keys ?? (await freshKeys());
  const body = sequence(
    der(0xa0, integer(Buffer.of(2))),
    integer(Buffer.concat([Buffer.of(0x40), randomBytes(15)])),
    sha256WithRsa,
    commonName(name.slice(0, 64)),
    sequence(time(validity.from), time(validity.until)),
    commonName(name.slice(0, 64)),
    publicKey.export({ type: "spki", format: "der" }),
  );
  const signature = createSign("sha256").update(body).sign(privateKey);
  const certificate = new X509Certificate(sequence(body, sha256WithRsa, bits(signature)));
  return {
    privateKeyPem: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
    certificatePem: certificate.toString(),
    sha256: certificate.fingerprint256.replaceAll(":", "").toLowerCase(),
  };
}

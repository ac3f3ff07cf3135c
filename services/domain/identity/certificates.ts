import { X509Certificate } from "node:crypto";
import { instant } from "../../kernel/clock";
import { PlenumError } from "../../kernel/errors";

/** A certificate of an identity provider: SAML trusts its key, the rest is for people and notices (SAML-09). */
export interface IdpCertificate {
  /** SHA-256 of the DER form, lower-case hex. */
  readonly sha256: string;
  readonly pem: string;
  readonly subject: string;
  readonly keyType: string;
  readonly keyBits: number;
  readonly validFrom: Date;
  readonly validTo: Date;
}

/** How many certificates may be live at once (SAML-09). */
export const certificatesMax = 5;
const rsaBitsMin = 2048;

/** The refusal of a setting, with a reason that hints and translations build on. */
export function badConnection(field: string, reason: string, expected: string, more = {}): PlenumError {
  return new PlenumError("invalid", `${field}: expected ${expected}`, { field, reason, expected, ...more });
}

/**
 * Reads one certificate in PEM or bare base64, with any line breaks.
 * @throws PlenumError `invalid` with the reason.
 */
export function readCertificate(field: string, text: string): IdpCertificate {
  if (/PRIVATE KEY/.test(text)) throw badConnection(field, "private_key", "a certificate, never a private key");
  const parsed = parse(text);
  if (!parsed) throw badConnection(field, "certificate_unreadable", "an X.509 certificate in PEM or base64");
  const { publicKey } = parsed;
  const keyType = publicKey.asymmetricKeyType ?? "unknown";
  const keyBits = publicKey.asymmetricKeyDetails?.modulusLength ?? 0;
  if (keyType !== "rsa") throw badConnection(field, "key_type", "an RSA key", { received: keyType });
  if (keyBits < rsaBitsMin) {
    throw badConnection(field, "key_too_short", `an RSA key of ${rsaBitsMin} bits or more`, { received: keyBits });
  }
  return {
    sha256: parsed.fingerprint256.replaceAll(":", "").toLowerCase(),
    pem: parsed.toString(),
    subject: parsed.subject.replaceAll("\n", ", ").slice(0, 300),
    keyType,
    keyBits,
    validFrom: instant(parsed.validFrom),
    validTo: instant(parsed.validTo),
  };
}

function parse(text: string): X509Certificate | undefined {
  const body = /-----BEGIN CERTIFICATE-----([\s\S]*?)-----END CERTIFICATE-----/.exec(text)?.[1] ?? text;
  const packed = body.replace(/\s+/g, "");
  if (packed.length > 16_384 || !/^[A-Za-z0-9+/]+={0,2}$/.test(packed)) return undefined;
  try {
    return new X509Certificate(Buffer.from(packed, "base64"));
  } catch {
    return undefined;
  }
}

/**
 * Reads the certificates that vouch for an identity provider: one to five, each once.
 * @throws PlenumError `invalid`.
 */
export function readCertificates(field: string, texts: readonly string[]): IdpCertificate[] {
  if (texts.length === 0) throw badConnection(field, "no_signing_certificate", "at least one signing certificate");
  if (texts.length > certificatesMax) {
    throw badConnection(field, "too_many_certificates", `at most ${certificatesMax} certificates`, {
      received: texts.length,
    });
  }
  const certificates = texts.map((text) => readCertificate(field, text));
  if (new Set(certificates.map((c) => c.sha256)).size < certificates.length) {
    throw badConnection(field, "duplicate_certificate", "each certificate once");
  }
  return certificates;
}

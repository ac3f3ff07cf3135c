/** A certificate that may vouch for this connection's identity provider: only LIVE ones come this far (SAML-A105). */
export interface TrustedCertificate {
  /** SHA-256 of the DER form, lower-case hex. */
  readonly sha256: string;
  readonly pem: string;
  readonly notAfter: Date;
}

/** A private key of ours for which identity providers encrypt; several while keys are rotated (SAML-15). */
export interface DecryptionKey {
  readonly sha256: string;
  readonly privateKeyPem: string;
}

export type SignaturePolicy = "either" | "assertion" | "response" | "both";

/** All that one connection believes and demands. Plain data: it crosses into the worker thread. */
export interface Trust {
  readonly idpEntityId: string;
  readonly spEntityId: string;
  readonly acsUrl: string;
  readonly certificates: readonly TrustedCertificate[];
  readonly signaturePolicy: SignaturePolicy;
  readonly skewMs: number;
  /** Whether an expired certificate still vouches; SAML trusts keys, so by default it does, with a warning. */
  readonly expiredCertificates: "warn" | "enforce";
  readonly inclusiveC14n: boolean;
  /** SHA-1 is taken until then (at most 90 days ahead) or never. */
  readonly sha1Until: Date | null;
  /** Whether a signed Response may lack its Destination. */
  readonly destinationOptional: boolean;
  readonly decryptionKeys: readonly DecryptionKey[];
  readonly encryptionRequired: boolean;
  /** Whether AES-CBC is taken from a Response that is not itself signed. */
  readonly cbcUnsigned: boolean;
  /** Accepted AuthnContext classes; none means any. */
  readonly authnContexts: readonly string[];
  readonly maxAuthnAgeMs: number | null;
}

/** What the caller waits for. */
export type Expectation =
  /** An answer to a request of ours; which one the database decides, unless the caller knows. */
  | { readonly kind: "solicited"; readonly requestId?: string; readonly authnNotBefore?: Date }
  /** A response that nobody asked for, where the connection takes them (SAML-56). */
  | { readonly kind: "unsolicited" };

/** Defaults of a new connection (SAML-34, SAML-50, SAML-10). */
export const trustDefaults = {
  signaturePolicy: "either",
  skewMs: 60_000,
  expiredCertificates: "warn",
  inclusiveC14n: false,
  sha1Until: null,
  destinationOptional: false,
  decryptionKeys: [],
  encryptionRequired: false,
  cbcUnsigned: false,
  authnContexts: [],
  maxAuthnAgeMs: null,
} as const satisfies Partial<Trust>;

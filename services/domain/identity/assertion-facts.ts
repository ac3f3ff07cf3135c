/** One attribute as the identity provider sent it; a list of these, never an object keyed by foreign names (SAML-52). */
export interface AttributeFact {
  readonly name: string;
  readonly friendlyName: string | null;
  readonly values: readonly string[];
  /** Whether the name came more than once: fine for groups, refused for what identifies a person (SAML-A38). */
  readonly repeated: boolean;
}

/** Things that pass but that the administrator should hear about. */
export type AssertionWarning =
  | "lifetime_long"
  | "sha1_used"
  | "certificate_expired"
  | "destination_absent"
  | "attribute_repeated"
  | "name_id_transient"
  | "proxy_restricted";

/** Who is named, with the qualifiers that a logout request must repeat exactly. */
export interface NameIdFact {
  readonly value: string;
  readonly format: string | null;
  readonly nameQualifier: string | null;
  readonly spNameQualifier: string | null;
}

/** What a verified assertion says, and how it was verified. Plain data, fit for a thread boundary and for JSON. */
export interface AssertionFacts {
  readonly assertionId: string;
  readonly responseId: string | null;
  readonly issuer: string;
  /** What the identity provider's clock said. */
  readonly issuedAt: Date;
  readonly nameId: NameIdFact;
  /** The request of ours that this answers; null for an unsolicited one. */
  readonly inResponseTo: string | null;
  readonly authnInstant: Date;
  readonly authnContext: string | null;
  readonly sessionIndex: string | null;
  readonly sessionNotOnOrAfter: Date | null;
  /** The last moment at which this assertion could be presented again (SAML-48). */
  readonly replayableUntil: Date;
  readonly oneTimeUse: boolean;
  readonly attributes: readonly AttributeFact[];
  readonly signed: { readonly response: boolean; readonly assertion: boolean; readonly certificate: string };
  readonly encrypted: boolean;
  readonly warnings: readonly AssertionWarning[];
}

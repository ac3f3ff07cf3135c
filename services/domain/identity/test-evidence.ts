import type { AssertionFacts } from "./assertion-facts";

/** One rule of the verifier, as it came out for the response of a test run (SAML-96). */
export interface CheckLine {
  readonly requirement: string;
  readonly code: string;
  readonly result: "pass" | "fail" | "skipped";
  readonly expected?: string;
  readonly received?: string;
}

/** What is signed, how, and which certificate the message shows for it. */
export interface SignatureLine {
  readonly on: "Response" | "Assertion";
  readonly algorithm: string | null;
  readonly digest: string | null;
  readonly certificate: string | null;
}

/** A certificate out of KeyInfo: shown to people, trusted by nobody until an administrator adds it. */
export interface ShownCertificate {
  readonly sha256: string;
  readonly subject: string;
  readonly validTo: string;
  readonly pem: string;
}

/** Everything that the verifier can tell about one response. Plain data: it crosses a thread and is kept as JSON. */
export interface TestEvidence {
  readonly refusal: { readonly code: string; readonly expected?: string; readonly received?: string } | null;
  readonly checks: readonly CheckLine[];
  readonly signatures: readonly SignatureLine[];
  readonly shownCertificate: ShownCertificate | null;
  readonly encrypted: boolean;
  /** Status codes, the top one first. */
  readonly status: readonly string[];
  /** How far the identity provider's clock is ahead of ours; null where the message names no time. */
  readonly clockOffsetSeconds: number | null;
  /** Only what was proved. */
  readonly facts: AssertionFacts | null;
}

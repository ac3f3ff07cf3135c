import type { Finding, Rule } from "./codes";
import type { ReadConfirmation } from "./read";
import { equal, found, isFuture, isOlder, isPast, unsolicitedAgeMaxMs, type Reading } from "./reading";

export const bearer = "urn:oasis:names:tc:SAML:2.0:cm:bearer";

const bearers = ({ assertion }: Reading): ReadConfirmation[] =>
  assertion.confirmations.filter((confirmation) => confirmation.method === bearer);

/** A demand on the bearer confirmation; one that meets them all must exist. */
interface Demand {
  readonly rule: Omit<Rule<Reading>, "broken">;
  readonly unmet: (confirmation: ReadConfirmation, reading: Reading) => Finding | undefined;
}

const demands: readonly Demand[] = [
  {
    rule: { code: "confirmation_incomplete", by: "SAML-43" },
    unmet: ({ hasData, notOnOrAfter }) => (hasData && notOnOrAfter !== undefined ? undefined : found(notOnOrAfter)),
  },
  {
    rule: { code: "recipient_mismatch", by: "SAML-43" },
    unmet: ({ recipient }, { trust }) => equal(recipient, trust.acsUrl),
  },
  {
    rule: { code: "confirmation_expired", by: "SAML-43" },
    unmet: ({ notOnOrAfter }, reading) => (isPast(notOnOrAfter, reading) ? found(notOnOrAfter) : undefined),
  },
  {
    rule: { code: "confirmation_not_yet_valid", by: "SAML-43" },
    unmet: ({ notBefore }, reading) => (isFuture(notBefore, reading) ? found(notBefore) : undefined),
  },
  {
    rule: { code: "in_response_to_missing", by: "SAML-43" },
    unmet: ({ inResponseTo }, { expectation }) =>
      expectation.kind === "solicited" && inResponseTo === undefined ? found(undefined, "a request id") : undefined,
  },
  {
    rule: { code: "in_response_to_mismatch", by: "SAML-43" },
    unmet: ({ inResponseTo }, { expectation, response }) => {
      // An answer to nobody's question must say so everywhere (SAML-56); a solicited one names the same request in
      // the assertion and around it, or an assertion could be wrapped with an attacker's own live id (SAML-A64).
      if (expectation.kind === "unsolicited") {
        return equal(inResponseTo ?? response.inResponseTo ?? "", "");
      }
      return inResponseTo === undefined
        ? undefined
        : (equal(response.inResponseTo, expectation.requestId ?? inResponseTo) ??
            equal(inResponseTo, expectation.requestId ?? inResponseTo));
    },
  },
];

/** The bearer confirmation by which the subject is confirmed. */
export function confirmedBy(reading: Reading): ReadConfirmation | undefined {
  return bearers(reading).find((confirmation) => demands.every(({ unmet }) => !unmet(confirmation, reading)));
}

/** That the subject is confirmed, here, now, and for this request (SAML-43, 55, 56). */
export const confirmationRules: readonly Rule<Reading>[] = [
  {
    code: "subject_missing",
    by: "SAML-43",
    broken: ({ assertion }) => (assertion.subjects === 1 ? undefined : found(String(assertion.subjects), "1")),
  },
  {
    code: "unsolicited",
    by: "SAML-55",
    broken: ({ assertion, response, expectation }) =>
      expectation.kind === "solicited" &&
      response.inResponseTo === undefined &&
      assertion.confirmations.every((confirmation) => confirmation.inResponseTo === undefined)
        ? found(undefined, "an answer to a request")
        : undefined,
  },
  {
    code: "unsolicited_too_old",
    by: "SAML-56",
    broken: (reading) =>
      reading.expectation.kind === "unsolicited" &&
      isOlder(reading.assertion.issueInstant, unsolicitedAgeMaxMs, reading)
        ? found(reading.assertion.issueInstant, reading.now.toISOString())
        : undefined,
  },
  {
    code: "confirmation_missing",
    by: "SAML-43",
    broken: (reading) =>
      bearers(reading).length > 0
        ? undefined
        : found(reading.assertion.confirmations.map((c) => c.method).join(" ") || undefined, bearer),
  },
  ...demands.map(({ rule, unmet }): Rule<Reading> => ({
    ...rule,
    broken: (reading) => {
      const findings = bearers(reading).map((confirmation) => unmet(confirmation, reading));
      return findings.length > 0 && findings.every((finding) => finding !== undefined) ? findings[0] : undefined;
    },
  })),
  {
    code: "confirmation_missing",
    by: "SAML-43",
    // Each demand may be met by another confirmation; one has to meet all.
    broken: (reading) => {
      const several = bearers(reading).length > 1 && !confirmedBy(reading);
      return several ? found("several bearer confirmations, none complete") : undefined;
    },
  },
];

import type { Rule } from "./codes";
import { assertionAgeMaxMs, equal, found, isFuture, isOlder, type Reading } from "./reading";
import { readTime } from "./time";

export const statusSuccess = "urn:oasis:names:tc:SAML:2.0:status:Success";
const entityFormat = "urn:oasis:names:tc:SAML:2.0:nameid-format:entity";

const times = ({ response, assertion }: Reading): (string | undefined)[] => [
  response.issueInstant,
  assertion.issueInstant,
  ...assertion.conditions.flatMap((c) => [c.notBefore, c.notOnOrAfter]),
  ...assertion.confirmations.flatMap((c) => [c.notBefore, c.notOnOrAfter]),
  ...assertion.authnStatements.flatMap((s) => [s.authnInstant, s.sessionNotOnOrAfter]),
];

/** Who sent what, to whom and when (SAML-40, 41, 44, 46, 50). */
export const messageRules: readonly Rule<Reading>[] = [
  {
    code: "version_unsupported",
    by: "SAML-40",
    broken: ({ response, assertion }) => equal(response.version, "2.0") ?? equal(assertion.version, "2.0"),
  },
  {
    code: "status_not_success",
    by: "SAML-40",
    broken: ({ response }) =>
      response.status[0] === statusSuccess ? undefined : found(response.status.join(" ") || undefined, statusSuccess),
  },
  {
    code: "issuer_mismatch",
    by: "SAML-41",
    broken: ({ assertion, trust }) =>
      equal(assertion.issuer?.value, trust.idpEntityId) ??
      equal(assertion.issuer?.format ?? entityFormat, entityFormat),
  },
  {
    code: "response_issuer_mismatch",
    by: "SAML-41",
    broken: ({ response, trust }) =>
      response.issuer &&
      (equal(response.issuer.value, trust.idpEntityId) ?? equal(response.issuer.format ?? entityFormat, entityFormat)),
  },
  {
    code: "destination_mismatch",
    by: "SAML-44",
    broken: ({ response, trust }) =>
      response.destination === undefined ? undefined : equal(response.destination, trust.acsUrl),
  },
  {
    code: "destination_missing",
    by: "SAML-44",
    broken: ({ response, responseProven, trust }) =>
      responseProven && response.destination === undefined && !trust.destinationOptional
        ? found(undefined, trust.acsUrl)
        : undefined,
  },
  {
    code: "time_invalid",
    by: "SAML-50",
    broken: (reading) => {
      const { response, assertion } = reading;
      const missing = response.issueInstant === undefined || assertion.issueInstant === undefined;
      const odd = times(reading).find((text) => text !== undefined && !readTime(text));
      return missing || odd !== undefined ? found(odd, "an xs:dateTime with zone") : undefined;
    },
  },
  {
    code: "issued_in_future",
    by: "SAML-46",
    broken: (reading) =>
      [reading.assertion.issueInstant, reading.response.issueInstant]
        .filter((at) => isFuture(at, reading))
        .map((at) => found(at, reading.now.toISOString()))[0],
  },
  {
    code: "issued_too_long_ago",
    by: "SAML-46",
    broken: (reading) =>
      [reading.assertion.issueInstant, reading.response.issueInstant]
        .filter((at) => isOlder(at, assertionAgeMaxMs, reading))
        .map((at) => found(at, reading.now.toISOString()))[0],
  },
];

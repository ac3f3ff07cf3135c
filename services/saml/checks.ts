import { plusMs, minuteMs } from "../kernel/clock";
import type { Finding, Rule } from "./codes";
import type { ReadAssertion, ReadConfirmation, ReadResponse } from "./read";
import { attributeRules, nameIdRules } from "./checks-subject";
import { readTime } from "./time";
import type { Expectation, Trust } from "./trust";

/** What the profile rules look at. The assertion comes from signed octets only; the Response need not (see proven). */
export interface Reading {
  readonly response: ReadResponse;
  /** Whether the Response itself was inside a verified signature. Otherwise it can only cause a refusal (SAML-34). */
  readonly responseProven: boolean;
  readonly assertion: ReadAssertion;
  readonly trust: Trust;
  readonly expectation: Expectation;
  readonly now: Date;
}

export const statusSuccess = "urn:oasis:names:tc:SAML:2.0:status:Success";
export const bearer = "urn:oasis:names:tc:SAML:2.0:cm:bearer";
const entityFormat = "urn:oasis:names:tc:SAML:2.0:nameid-format:entity";

/** A solicited assertion is at most this old (SAML-46), an unsolicited one half of it (SAML-56). */
export const assertionAgeMaxMs = 10 * minuteMs;
export const unsolicitedAgeMaxMs = 5 * minuteMs;

export const found = (received: string | undefined, expected?: string): Finding => ({
  received: received?.slice(0, 300) ?? "(absent)",
  ...(expected === undefined ? {} : { expected }),
});
export const equal = (received: string | undefined, expected: string): Finding | undefined =>
  received === expected ? undefined : found(received, expected);

const isPast = (text: string | undefined, { now, trust }: Reading): boolean => {
  const at = text === undefined ? undefined : readTime(text);
  return at !== undefined && plusMs(now, -trust.skewMs) >= at;
};
const isFuture = (text: string | undefined, { now, trust }: Reading): boolean => {
  const at = text === undefined ? undefined : readTime(text);
  return at !== undefined && plusMs(now, trust.skewMs) < at;
};
const isOlder = (text: string | undefined, ms: number, { now }: Reading): boolean => {
  const at = text === undefined ? undefined : readTime(text);
  return at !== undefined && at < plusMs(now, -ms);
};

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

const times = ({ response, assertion }: Reading): (string | undefined)[] => [
  response.issueInstant,
  assertion.issueInstant,
  ...assertion.conditions.flatMap((c) => [c.notBefore, c.notOnOrAfter]),
  ...assertion.confirmations.flatMap((c) => [c.notBefore, c.notOnOrAfter]),
  ...assertion.authnStatements.flatMap((s) => [s.authnInstant, s.sessionNotOnOrAfter]),
];

/** Section E of the specification, in the order in which the rules are asked. */
export const profileRules: readonly Rule<Reading>[] = [
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
  {
    code: "conditions_missing",
    by: "SAML-45",
    broken: ({ assertion }) => (assertion.conditions.length === 0 ? found(undefined) : undefined),
  },
  {
    code: "conditions_repeated",
    by: "SAML-45",
    broken: ({ assertion }) =>
      assertion.conditions.length > 1 ? found(String(assertion.conditions.length)) : undefined,
  },
  {
    code: "conditions_unlimited",
    by: "SAML-45",
    broken: ({ assertion }) => {
      const open = assertion.conditions.some((conditions) => conditions.notOnOrAfter === undefined);
      return open ? found(undefined, "NotOnOrAfter") : undefined;
    },
  },
  {
    code: "condition_unknown",
    by: "SAML-45",
    broken: ({ assertion }) => {
      const [unknown] = assertion.conditions.flatMap((conditions) => conditions.unknown);
      return unknown === undefined ? undefined : found(unknown);
    },
  },
  {
    code: "not_yet_valid",
    by: "SAML-45",
    broken: (reading) =>
      reading.assertion.conditions
        .filter((conditions) => isFuture(conditions.notBefore, reading))
        .map((conditions) => found(conditions.notBefore, reading.now.toISOString()))[0],
  },
  {
    code: "expired",
    by: "SAML-45",
    broken: (reading) =>
      reading.assertion.conditions
        .filter((conditions) => isPast(conditions.notOnOrAfter, reading))
        .map((conditions) => found(conditions.notOnOrAfter, reading.now.toISOString()))[0],
  },
  {
    code: "audience_missing",
    by: "SAML-42",
    broken: ({ assertion, trust }) =>
      assertion.conditions.some((conditions) => conditions.audiences.length > 0)
        ? undefined
        : found(undefined, trust.spEntityId),
  },
  {
    code: "audience_mismatch",
    by: "SAML-42",
    broken: ({ assertion, trust }) =>
      assertion.conditions
        .flatMap((conditions) => conditions.audiences)
        .filter((audiences) => !audiences.includes(trust.spEntityId))
        .map((audiences) => found(audiences.join(" "), trust.spEntityId))[0],
  },
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
  {
    code: "authn_statement_missing",
    by: "SAML-49",
    broken: ({ assertion }) => {
      const dated = assertion.authnStatements.filter((statement) => statement.authnInstant !== undefined);
      return dated.length > 0 && dated.length === assertion.authnStatements.length ? undefined : found(undefined);
    },
  },
  {
    code: "session_expired",
    by: "SAML-49",
    broken: (reading) =>
      reading.assertion.authnStatements
        .filter((statement) => isPast(statement.sessionNotOnOrAfter, reading))
        .map((statement) => found(statement.sessionNotOnOrAfter, reading.now.toISOString()))[0],
  },
  {
    code: "authn_in_future",
    by: "SAML-46",
    broken: (reading) =>
      reading.assertion.authnStatements
        .filter((statement) => isFuture(statement.authnInstant, reading))
        .map((statement) => found(statement.authnInstant, reading.now.toISOString()))[0],
  },
  {
    code: "authn_too_long_ago",
    by: "SAML-46",
    broken: ({ assertion, trust, expectation, now }) => {
      const age = trust.maxAuthnAgeMs === null ? undefined : plusMs(now, -trust.maxAuthnAgeMs - trust.skewMs);
      const asked = expectation.kind === "solicited" ? expectation.authnNotBefore : undefined;
      const floors = [age, asked && plusMs(asked, -trust.skewMs)].filter((floor) => floor !== undefined);
      return assertion.authnStatements
        .filter(({ authnInstant }) => {
          const at = authnInstant === undefined ? undefined : readTime(authnInstant);
          return at !== undefined && floors.some((floor) => at < floor);
        })
        .map(({ authnInstant }) => found(authnInstant, floors.map((floor) => floor.toISOString()).join(" ")))[0];
    },
  },
  {
    code: "authn_context_not_allowed",
    by: "SAML-49",
    broken: ({ assertion, trust }) => {
      if (trust.authnContexts.length === 0) return undefined;
      const contexts = assertion.authnStatements.map((statement) => statement.context);
      const good = contexts.some((context) => context !== undefined && trust.authnContexts.includes(context));
      return good ? undefined : found(contexts.join(" ") || undefined, trust.authnContexts.join(" "));
    },
  },
  ...nameIdRules,
  ...attributeRules,
];

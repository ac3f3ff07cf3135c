import type { Rule } from "./codes";
import { found, isFuture, isPast, type Reading } from "./reading";

/** For whom and how long the assertion holds (SAML-42, 45). */
export const conditionRules: readonly Rule<Reading>[] = [
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
];

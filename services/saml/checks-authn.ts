import { plusMs } from "../kernel/clock";
import type { Rule } from "./codes";
import { found, isFuture, isPast, type Reading } from "./reading";
import { readTime } from "./time";

/** How and when the person authenticated (SAML-46, 49). */
export const authnRules: readonly Rule<Reading>[] = [
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
];

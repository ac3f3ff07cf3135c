import { minuteMs, plusMs } from "../../kernel/clock";
import { nameIdKey } from "../checks-subject";
import type { Finding, Rule } from "../codes";
import { equal, found } from "../reading";
import { readTime } from "../time";
import type { Trust } from "../trust";
import type { ReadLogout } from "./read";

/** A logout message is at most this old (SAML-91). */
export const logoutAgeMaxMs = 5 * minuteMs;
const sessionIndexesMax = 100;
const entityFormat = "urn:oasis:names:tc:SAML:2.0:nameid-format:entity";

export interface LogoutQuestion {
  readonly message: ReadLogout;
  readonly trust: Trust;
  readonly sloUrl: string;
  readonly now: Date;
}

const at = (text: string | undefined): Date | undefined => (text === undefined ? undefined : readTime(text));
const end = ({ message }: LogoutQuestion): string | undefined =>
  message.kind === "LogoutRequest" ? message.notOnOrAfter : undefined;
const when = (bad: boolean | undefined, received: string | undefined, expected?: string): Finding | undefined =>
  bad ? found(received, expected) : undefined;

/** What a logout message must be, once its octets are proved (SAML-90, SAML-91). */
export const logoutRules: readonly Rule<LogoutQuestion>[] = [
  {
    code: "version_unsupported",
    by: "SAML-91",
    broken: ({ message }) => equal(message.version, "2.0"),
  },
  {
    code: "issuer_mismatch",
    by: "SAML-91",
    broken: ({ message, trust }) =>
      equal(message.issuer?.value, trust.idpEntityId) ?? equal(message.issuer?.format ?? entityFormat, entityFormat),
  },
  {
    code: "destination_missing",
    by: "SAML-91",
    broken: ({ message, sloUrl }) => when(message.destination === undefined, undefined, sloUrl),
  },
  {
    code: "destination_mismatch",
    by: "SAML-91",
    broken: ({ message, sloUrl }) =>
      message.destination === undefined ? undefined : equal(message.destination, sloUrl),
  },
  {
    code: "time_invalid",
    by: "SAML-50",
    broken: (q) => when(!at(q.message.issueInstant) || (end(q) !== undefined && !at(end(q))), q.message.issueInstant),
  },
  {
    code: "issued_in_future",
    by: "SAML-91",
    broken: ({ message, trust, now }) => {
      const issued = at(message.issueInstant);
      return when(issued && issued > plusMs(now, trust.skewMs), message.issueInstant, now.toISOString());
    },
  },
  {
    code: "issued_too_long_ago",
    by: "SAML-91",
    broken: ({ message, trust, now }) => {
      const issued = at(message.issueInstant);
      return when(
        issued && issued < plusMs(now, -logoutAgeMaxMs - trust.skewMs),
        message.issueInstant,
        now.toISOString(),
      );
    },
  },
  {
    code: "logout_expired",
    by: "SAML-91",
    broken: (q) => {
      const until = at(end(q));
      return when(until && plusMs(q.now, -q.trust.skewMs) >= until, end(q), q.now.toISOString());
    },
  },
  {
    code: "in_response_to_missing",
    by: "SAML-90",
    broken: ({ message }) =>
      when(message.kind === "LogoutResponse" && !message.inResponseTo, undefined, "a request id"),
  },
  {
    code: "name_id_missing",
    by: "SAML-91",
    broken: ({ message }) =>
      when(message.kind === "LogoutRequest" && message.nameIds.length + message.encryptedIds.length === 0, undefined),
  },
  {
    code: "name_id_repeated",
    by: "SAML-91",
    broken: ({ message }) =>
      when(message.kind === "LogoutRequest" && message.nameIds.length + message.encryptedIds.length > 1, "several"),
  },
  {
    code: "name_id_invalid",
    by: "SAML-91",
    broken: ({ message }) => {
      if (message.kind !== "LogoutRequest") return undefined;
      const bad = message.nameIds.some((nameId) => {
        const key = nameIdKey(nameId) ?? "";
        return key === "" || key.length > 256;
      });
      return when(bad || message.sessionIndexes.includes(undefined), "(unreadable)");
    },
  },
  {
    code: "attributes_too_many",
    by: "SAML-91",
    broken: ({ message }) => {
      const count = message.kind === "LogoutRequest" ? message.sessionIndexes.length : 0;
      return when(count > sessionIndexesMax, String(count));
    },
  },
];

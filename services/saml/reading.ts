import { minuteMs, plusMs } from "../kernel/clock";
import type { Finding } from "./codes";
import type { ReadAssertion, ReadResponse } from "./read";
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

/** A solicited assertion is at most this old (SAML-46), an unsolicited one half of it (SAML-56). */
export const assertionAgeMaxMs = 10 * minuteMs;
export const unsolicitedAgeMaxMs = 5 * minuteMs;

/** What came, and what should have come. */
export const found = (received: string | undefined, expected?: string): Finding => ({
  received: received?.slice(0, 300) ?? "(absent)",
  ...(expected === undefined ? {} : { expected }),
});
/** Exactly equal, octet for octet; SAML knows no other comparison of names (saml-core-2.0-os §1.3.1). */
export const equal = (received: string | undefined, expected: string): Finding | undefined =>
  received === expected ? undefined : found(received, expected);

/** Whether a time has passed, the skew granted. */
export const isPast = (text: string | undefined, { now, trust }: Reading): boolean => {
  const at = text === undefined ? undefined : readTime(text);
  return at !== undefined && plusMs(now, -trust.skewMs) >= at;
};
/** Whether a time is still to come, the skew granted. */
export const isFuture = (text: string | undefined, { now, trust }: Reading): boolean => {
  const at = text === undefined ? undefined : readTime(text);
  return at !== undefined && plusMs(now, trust.skewMs) < at;
};
/** Whether a time lies further back than so many milliseconds. */
export const isOlder = (text: string | undefined, ms: number, { now }: Reading): boolean => {
  const at = text === undefined ? undefined : readTime(text);
  return at !== undefined && at < plusMs(now, -ms);
};

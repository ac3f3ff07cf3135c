import type { AssertionFacts } from "../domain/identity";
import { SamlRefused, type Refusal } from "./codes";
import { decodeMessage } from "./decode";
import { Examination, nothingClaimed, ruleBook, type Claimed, type RuleBook, type Witness } from "./examination";
import type { Expectation, Trust } from "./trust";

export { ruleBook, type Claimed, type RuleBook } from "./examination";

export type Verdict =
  | { readonly ok: true; readonly facts: AssertionFacts }
  | { readonly ok: false; readonly refusal: Refusal; readonly claimed: Claimed };

/** A `SAMLResponse` form field, from base64 to a verdict. */
export function verifyField(
  field: string,
  trust: Trust,
  expectation: Expectation,
  now: Date,
  book: RuleBook = ruleBook,
): Verdict {
  const decoded = decodeMessage(field);
  if (!decoded.ok) return { ok: false, refusal: { code: decoded.code }, claimed: nothingClaimed };
  return verifyResponse(decoded.xml, trust, expectation, now, book);
}

/**
 * Whether a Response proves that this identity provider vouches for somebody towards this connection, now. Pure: same
 * text, trust and instant, same verdict. What only the database knows (was this asked for, was it seen before) comes
 * after it.
 */
export function verifyResponse(
  xml: string,
  trust: Trust,
  expectation: Expectation,
  now: Date,
  book: RuleBook = ruleBook,
  witness?: Witness,
): Verdict {
  const message = new Examination(trust, expectation, now, book, witness);
  try {
    return { ok: true, facts: message.examine(xml) };
  } catch (error) {
    if (error instanceof SamlRefused) return { ok: false, refusal: error.refusal, claimed: message.claimed };
    throw error;
  }
}

import { getPublicSuffix } from "tldts";
import { dayMs } from "../../kernel/clock";
import { freeMailDomains, readDomain } from "../../kernel/email";
import { badConnection } from "./certificates";

/** Every how many days a domain's proof is looked at again (SAML-76). */
export const recheckDays = 7;
/** After how many looks in a row without the proof a domain has lapsed. */
export const failuresMax = 2;
/** For how long those who are known already still sign in with a lapsed domain. */
export const lapsedGraceDays = 14;
export const lapsedGraceMs = lapsedGraceDays * dayMs;

/**
 * A domain that one organization can own, as lower-case A-label: not a public suffix such as co.uk or github.io, under
 * which others have names of their own, and not a host that gives mailboxes to everybody (SAML-75).
 * @throws PlenumError `invalid` with the reason.
 */
export function parseOwnDomain(field: string, text: string): string {
  const domain = readDomain(text);
  if (!domain) {
    throw badConnection(field, "domain_unreadable", "a domain such as example.org", { received: text.slice(0, 80) });
  }
  if (freeMailDomains.has(domain)) {
    throw badConnection(field, "free_mail", "a domain of the organization's own", { received: domain });
  }
  if (getPublicSuffix(domain, { allowPrivateDomains: true }) === domain) {
    throw badConnection(field, "public_suffix", "a domain below a public suffix", { received: domain });
  }
  return domain;
}

/** Whether one organization can own this domain at all. */
export function isOwnable(domain: string): boolean {
  return !freeMailDomains.has(domain) && getPublicSuffix(domain, { allowPrivateDomains: true }) !== domain;
}

/** Where the proof stands in the domain's DNS. */
export function proofRecordName(domain: string): string {
  return `_plenum-verify.${domain}`;
}

/** What the record must say. */
export function proofRecordValue(proof: string): string {
  return `plenum-verification=${proof}`;
}

/** Whether one of the TXT records has the value; long records come in pieces (RFC 1035 §3.3.14). */
export function holdsProof(records: readonly (readonly string[])[], value: string): boolean {
  return records.some((pieces) => pieces.join("").trim() === value);
}

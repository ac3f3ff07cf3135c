import { proofRecordName, proofRecordValue } from "../../identity";
import { computed, flag, id, instant, needs, number, text, viewerMay, word } from "../columns";
import { byCreation, oneOf } from "../filters";
import type { Many, Noun, Order } from "../noun";

/** An e-mail domain that the organization says is its own. */
export const verifiedDomain: Noun = {
  name: "VerifiedDomain",
  key: (row) => `${row}.id`,
  members: {
    id: id("domain"),
    domain: text("domain"),
    status: word("status"),
    verifiedBy: word("verified_by"),
    verifiedAt: instant("verified_at"),
    checkedAt: instant("checked_at"),
    lapsedAt: instant("lapsed_at"),
    failures: number("failures"),
    includesSubdomains: flag("subdomains"),
    createdAt: instant("created_at"),
    // The proof is for whoever may enter it; a reader needs it for nothing (SAML-75).
    dnsRecord: computed(
      ["domain", "proof"],
      ([domain, proof], { caller }) =>
        caller.permissions.has("identity:write")
          ? { type: "TXT", name: proofRecordName(domain ?? ""), value: proofRecordValue(proof ?? "") }
          : null,
      "DnsRecord",
    ),
    viewerMay: viewerMay("identity:write"),
    connection: {
      kind: "one",
      noun: "IdentityConnection",
      join: (to, d) =>
        `identity_connection ${to} on ${to}.org_id = $1 and ${to}.id = ${d}.connection_id and ${to}.deleted_at is null`,
    },
  },
};

const byDomain = (row: string) => `${row}.domain`;
const orders: Readonly<Record<string, Order>> = {
  ...byCreation,
  DOMAIN_ASC: { column: byDomain, type: "text" },
  DOMAIN_DESC: { column: byDomain, type: "text", descending: true },
};

export const verifiedDomains: Many = {
  kind: "many",
  noun: "VerifiedDomain",
  gate: needs("identity:read"),
  from: (to) => `verified_domain ${to} where ${to}.org_id = $1`,
  filters: { status: oneOf("status") },
  orders,
};

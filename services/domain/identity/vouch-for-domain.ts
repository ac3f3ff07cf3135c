import { randomBytes } from "node:crypto";
import { PlenumError } from "../../kernel/errors";
import { newId } from "../../kernel/ids";
import { claimName, lookUpName } from "../../platform/lobby";
import type { Tx } from "../../platform/unit-of-work";
import { useCase } from "../access";
import { isOwnable, parseOwnDomain } from "./domain.rules";
import { insertVerifiedDomain, listDomainRows, type VerifiedDomain } from "./domains.store";

/**
 * The operator vouches for a domain (ruling 12): members with an address in it join at once, sign-ins may name it. One
 * organization in the world holds a domain; a free-mail host belongs to nobody (SAML-75).
 * @throws PlenumError `invalid`, `duplicate` when another organization holds it.
 */
export const vouchForDomain = useCase(
  "operate",
  async (tx: Tx, input: { domain: string }): Promise<{ domain: string; verifiedBy: "OPERATOR" }> => {
    const domain = parseOwnDomain("domain", input.domain);
    const holder = await lookUpName(tx, "DOMAIN", domain);
    if (holder && holder.orgId !== tx.orgId) {
      throw new PlenumError("duplicate", "another organization holds this domain", { field: "domain" });
    }

    const id = newId("domain");
    if (!holder) await claimName(tx, "DOMAIN", domain, id);
    await insertVerifiedDomain(tx, {
      id,
      name: domain,
      proof: randomBytes(16).toString("hex"),
      verifiedBy: "OPERATOR",
    });

    tx.audit({ action: "domain.vouch", target: { kind: "organization", id: tx.orgId }, facts: { domain } });
    return { domain, verifiedBy: "OPERATOR" };
  },
  "vouchForDomain",
);

/** Whether a domain may be vouched for: not a free-mail host and not held by another organization. */
export async function isFreeDomain(tx: Tx, domain: string): Promise<boolean> {
  if (!isOwnable(domain)) return false;
  const holder = await lookUpName(tx, "DOMAIN", domain);
  return !holder || holder.orgId === tx.orgId;
}

/** The organization's domains, by name; at most 100. */
export const listDomains = useCase(
  "identity:read",
  async (tx: Tx, _input: object): Promise<VerifiedDomain[]> => listDomainRows(tx),
  "listDomains",
);

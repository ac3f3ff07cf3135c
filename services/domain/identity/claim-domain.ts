import { randomBytes } from "node:crypto";
import { notFound, PlenumError } from "../../kernel/errors";
import { newId, type ConnectionId, type DomainId } from "../../kernel/ids";
import type { Tx } from "../../platform/unit-of-work";
import { useCase } from "../access";
import { requireFreshSession } from "./administrator";
import { insertClaim } from "./claimed-domains.store";
import { findConnection } from "./connection.store";
import { parseOwnDomain, proofRecordName, proofRecordValue } from "./domain.rules";

/** How many domains an organization may list. */
export const domainsMax = 100;

/** What whoever keeps the domain's DNS has to enter. */
export interface DomainProof {
  readonly id: DomainId;
  readonly domain: string;
  readonly recordType: "TXT";
  readonly recordName: string;
  readonly recordValue: string;
}

/**
 * Says that a domain is the organization's; nothing follows from it until the DNS says so too (`checkDomain`). Two
 * organizations may claim the same one: the first to prove it holds it (SAML-75).
 * @throws PlenumError `invalid` with the reason; `duplicate` when it is listed already; `conflict` at the limit.
 */
export const claimDomain = useCase(
  "identity:write",
  async (
    tx: Tx,
    input: { domain: string; subdomains?: boolean; connectionId?: ConnectionId },
  ): Promise<DomainProof> => {
    await requireFreshSession(tx);
    const domain = parseOwnDomain("domain", input.domain);
    const connectionId = input.connectionId ?? null;
    if (connectionId && !(await findConnection(tx, connectionId))) throw notFound("connection");

    const id = newId("domain");
    const proof = randomBytes(16).toString("hex");
    const claim = { id, domain, proof, connectionId, subdomains: input.subdomains ?? false };
    if (!(await insertClaim(tx, claim, domainsMax))) {
      throw new PlenumError("conflict", `an organization lists at most ${domainsMax} domains`, { max: domainsMax });
    }

    tx.audit({ action: "domain.claim", target: { kind: "domain", id }, facts: { domain } });
    tx.emit({ name: "domain.changed", domainId: id });
    return proofOf({ id, domain, proof });
  },
  "claimDomain",
);

/** The DNS record that proves a claim. */
export function proofOf({ id, domain, proof }: { id: DomainId; domain: string; proof: string }): DomainProof {
  const [recordName, recordValue] = [proofRecordName(domain), proofRecordValue(proof)];
  return { id, domain, recordType: "TXT", recordName, recordValue };
}

import { PlenumError } from "../../kernel/errors";
import { dayMs, plusMs } from "../../kernel/clock";
import { claimName, lookUpName, putOnAgenda, releaseName } from "../../platform/lobby";
import type { Tx } from "../../platform/unit-of-work";
import { lockClaim, noteDomain, type ClaimedDomain } from "./claimed-domains.store";
import { failuresMax, recheckDays } from "./domain.rules";
import type { DomainId } from "../../kernel/ids";

/**
 * Draws the conclusion from one look at the DNS, on the locked row: proved, still proved, failed once, lapsed. Of
 * several organizations that prove the same name at the same moment one gets it (SAML-75, SAML-76).
 * @throws PlenumError `duplicate` when another organization holds the domain.
 */
export async function concludeDomain(tx: Tx, id: DomainId, proved: boolean): Promise<ClaimedDomain | undefined> {
  const before = await lockClaim(tx, id);
  // Vouched for by the operator meanwhile: the DNS has no say.
  if (!before || before.verifiedBy === "OPERATOR") return before;
  const after = proved ? await proven(tx, before) : await failed(tx, before);
  await noteDomain(tx, after);

  if (after.status !== before.status) {
    const facts = { domain: after.domain, from: before.status, to: after.status, failures: after.failures };
    tx.audit({ action: "domain.check", target: { kind: "domain", id }, facts });
    tx.emit({ name: after.status === "LAPSED" ? "domain.lapsed" : "domain.changed", domainId: id });
  }
  return after;
}

async function proven(tx: Tx, domain: ClaimedDomain): Promise<ClaimedDomain> {
  const holder = await lookUpName(tx, "DOMAIN", domain.domain);
  if (holder && holder.orgId !== tx.orgId) throw heldByAnother();
  if (!holder) await claimName(tx, "DOMAIN", domain.domain, domain.id);
  await putOnAgenda(tx, "RECHECK_DOMAINS", plusMs(tx.now, recheckDays * dayMs));
  return { ...domain, status: "VERIFIED", verifiedBy: "DNS", failures: 0, lapsedAt: null };
}

async function failed(tx: Tx, domain: ClaimedDomain): Promise<ClaimedDomain> {
  if (domain.status === "PENDING") return domain;
  const failures = domain.failures + 1;
  if (domain.status !== "VERIFIED" || failures < failuresMax) return { ...domain, failures };
  // Nobody new joins by it from now on, and whoever has the domain by now may prove it.
  await releaseName(tx, "DOMAIN", domain.domain);
  return { ...domain, status: "LAPSED", failures, lapsedAt: tx.now };
}

function heldByAnother(): PlenumError {
  return new PlenumError("duplicate", "another organization holds this domain", { field: "domain" });
}

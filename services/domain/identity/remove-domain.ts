import { notFound } from "../../kernel/errors";
import type { DomainId } from "../../kernel/ids";
import { releaseName } from "../../platform/lobby";
import type { Tx } from "../../platform/unit-of-work";
import { useCase } from "../access";
import { requireFreshSession } from "./administrator";
import { deleteDomain, lockClaim } from "./claimed-domains.store";
import { syncEnforcement } from "./sync-enforcement";

/**
 * Takes a domain off the organization's list and gives its name back to the world. Members stay; nobody new joins by it,
 * and enforcement pauses when it was the last one.
 * @throws PlenumError `not_found`.
 */
export const removeDomain = useCase(
  "identity:write",
  async (tx: Tx, input: { id: DomainId }): Promise<void> => {
    await requireFreshSession(tx);
    const domain = await lockClaim(tx, input.id);
    if (!domain) throw notFound("domain");

    await deleteDomain(tx, input.id);
    if (domain.status === "VERIFIED") await releaseName(tx, "DOMAIN", domain.domain);
    await syncEnforcement(tx);

    const facts = { domain: domain.domain, status: domain.status };
    tx.audit({ action: "domain.remove", target: { kind: "domain", id: input.id }, facts });
    tx.emit({ name: "domain.changed", domainId: input.id });
  },
  "removeDomain",
);

import { notFound } from "../../kernel/errors";
import type { ConnectionId, DomainId } from "../../kernel/ids";
import type { Tx } from "../../platform/unit-of-work";
import { useCase } from "../access";
import { requireFreshSession } from "./administrator";
import { lockClaim, updateDomain, type ClaimedDomain } from "./claimed-domains.store";
import { findConnection } from "./connection.store";

/**
 * Says through which connection the people of a domain sign in (null: whichever is active), and whether the domain
 * stands for its subdomains too (SAML-75, SAML-78).
 * @throws PlenumError `not_found` for the domain or the connection.
 */
export const changeDomain = useCase(
  "identity:write",
  async (
    tx: Tx,
    input: { id: DomainId; connectionId?: ConnectionId | null; subdomains?: boolean },
  ): Promise<Omit<ClaimedDomain, "proof">> => {
    await requireFreshSession(tx);
    const before = await lockClaim(tx, input.id);
    if (!before) throw notFound("domain");
    const connectionId = input.connectionId === undefined ? before.connectionId : input.connectionId;
    if (connectionId && !(await findConnection(tx, connectionId))) throw notFound("connection");
    const after = { ...before, connectionId, subdomains: input.subdomains ?? before.subdomains };

    await updateDomain(tx, after);

    const facts = { domain: after.domain, connection: connectionId, subdomains: after.subdomains };
    tx.audit({ action: "domain.change", target: { kind: "domain", id: input.id }, facts });
    tx.emit({ name: "domain.changed", domainId: input.id });
    const { proof: _, ...shown } = after;
    return shown;
  },
  "changeDomain",
);

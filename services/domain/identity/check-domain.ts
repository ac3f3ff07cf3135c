import { notFound } from "../../kernel/errors";
import type { DomainId } from "../../kernel/ids";
import type { Caller } from "../../platform/caller";
import { resolveTxt, type TxtResolver } from "../../platform/dns";
import type { Entrance } from "../../platform/tx";
import type { Database, Tx } from "../../platform/unit-of-work";
import { useCase } from "../access";
import { findClaim, type ClaimedDomain } from "./claimed-domains.store";
import { proofOf, type DomainProof } from "./claim-domain";
import { concludeDomain } from "./domain-verdict";
import { holdsProof, proofRecordName } from "./domain.rules";
import { syncEnforcement } from "./sync-enforcement";

/** What a look at the DNS has brought. */
export interface DomainCheck {
  readonly domain: Omit<ClaimedDomain, "proof">;
  readonly proved: boolean;
  /** False: no server answered, so nothing was concluded. */
  readonly answered: boolean;
}

/** The DNS record to enter, for whoever asks again. */
export const showDomainProof = useCase(
  "identity:write",
  async (tx: Tx, input: { id: DomainId }): Promise<DomainProof> => {
    const claim = await findClaim(tx, input.id);
    if (!claim) throw notFound("domain");
    return proofOf(claim);
  },
  "showDomainProof",
);

/** Draws the conclusion from a look at the DNS. `checkDomain` is what looks. */
export const settleDomainCheck = useCase(
  "identity:write",
  async (tx: Tx, input: { id: DomainId; proved: boolean }): Promise<Omit<ClaimedDomain, "proof">> => {
    const concluded = await concludeDomain(tx, input.id, input.proved);
    if (!concluded) throw notFound("domain");
    await syncEnforcement(tx);
    const { proof: _, ...shown } = concluded;
    return shown;
  },
  "settleDomainCheck",
);

/**
 * Looks for the proof in the DNS and concludes: a short unit of work before and one after, none while the network is
 * waited for.
 * @throws PlenumError `not_found`; `duplicate` when another organization holds the domain.
 */
export async function checkDomain(
  db: Database,
  who: Caller | Entrance,
  input: { id: DomainId },
  resolver: TxtResolver = resolveTxt,
): Promise<DomainCheck> {
  const asked = await db.run(who, (tx) => showDomainProof(tx, input));
  const records = await resolver(proofRecordName(asked.domain));
  const proved = records !== undefined && holdsProof(records, asked.recordValue);
  if (records === undefined) {
    const { proof: _, ...domain } = await db.run(who, (tx) => mustFind(tx, input.id));
    return { domain, proved, answered: false };
  }
  const domain = await db.run(who, (tx) => settleDomainCheck(tx, { id: input.id, proved }));
  return { domain, proved, answered: true };
}

async function mustFind(tx: Tx, id: DomainId): Promise<ClaimedDomain> {
  const claim = await findClaim(tx, id);
  if (!claim) throw notFound("domain");
  return claim;
}

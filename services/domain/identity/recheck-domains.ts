import { dayMs, hourMs, plusMs } from "../../kernel/clock";
import { PlenumError } from "../../kernel/errors";
import type { DomainId } from "../../kernel/ids";
import type { Caller } from "../../platform/caller";
import { resolveTxt, type TxtResolver } from "../../platform/dns";
import type { Database, Tx } from "../../platform/unit-of-work";
import { useCase } from "../access";
import type { Settle } from "./agenda-work";
import { listDueDomains, oldestDomainCheck, type ClaimedDomain } from "./claimed-domains.store";
import { settleDomainCheck } from "./check-domain";
import { holdsProof, proofRecordName, proofRecordValue, recheckDays } from "./domain.rules";
import { tellAdministrators } from "./tell-administrators";

/** The proved domains whose week is over. */
export const dueDomains = useCase(
  "operate",
  async (tx: Tx, _input: object): Promise<ClaimedDomain[]> => listDueDomains(tx, recheckDays),
  "dueDomains",
);

/**
 * Looks at every proved domain once a week; after two looks in a row without the proof it has lapsed: nobody new joins
 * by it, those who are known keep signing in for 14 days, the administrators are told (SAML-76). A look that no name
 * server answered concludes nothing and is repeated within hours.
 */
export async function recheckDomains(
  db: Database,
  caller: Caller,
  settle: Settle,
  resolver: TxtResolver = resolveTxt,
): Promise<void> {
  for (const domain of await db.run(caller, (tx) => dueDomains(tx, {}))) {
    const records = await resolver(proofRecordName(domain.domain));
    if (records) await conclude(db, caller, domain, holdsProof(records, proofRecordValue(domain.proof)));
  }
  await db.run(caller, async (tx) => {
    const oldest = await oldestDomainCheck(tx);
    const soonest = plusMs(tx.now, 6 * hourMs);
    const next = oldest && plusMs(oldest, recheckDays * dayMs);
    await settle(tx, next && (next > soonest ? next : soonest));
  });
}

async function conclude(db: Database, caller: Caller, domain: ClaimedDomain, proved: boolean): Promise<void> {
  const { id } = domain;
  try {
    await db.run(caller, (tx) => settle(tx, id, domain.status, proved));
  } catch (error) {
    if (!(error instanceof PlenumError)) throw error;
    // Removed meanwhile: nothing to conclude. Held by another organization by now: not proved for this one.
    if (error.code === "duplicate") await db.run(caller, (tx) => settle(tx, id, domain.status, false));
    else if (error.code !== "not_found") throw error;
  }
  async function settle(tx: Tx, domainId: DomainId, before: string, found: boolean): Promise<void> {
    const after = await settleDomainCheck(tx, { id: domainId, proved: found });
    if (after.status === "LAPSED" && before !== "LAPSED")
      await tellAdministrators(tx, "domain_lapsed", { domain: after.domain });
  }
}

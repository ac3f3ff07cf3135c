import type { DomainId } from "../../kernel/ids";
import { sql, statement } from "../../platform/sql";
import { orm } from "../../platform/open-client";
import type { Tx } from "../../platform/unit-of-work";
import { VerifiedDomainEntity } from "./verified-domain.entity";

/** A domain as the administration sees it: never the text that proves it. */
export type VerifiedDomain = Omit<VerifiedDomainEntity, "proof">;

const add = statement(
  "domain-add",
  `insert into verified_domain (org_id, id, domain, proof, status, verified_by, verified_at, checked_at, created_at)
   values ($1, $2, $3, $4, 'VERIFIED', $5, $6, $6, $6)
   on conflict (org_id, domain) do update
     set status = 'VERIFIED', verified_by = excluded.verified_by, verified_at = excluded.verified_at, failures = 0,
         lapsed_at = null`,
);

/** Lists a domain as verified. */
export async function insertVerifiedDomain(
  tx: Tx,
  domain: { id: DomainId; name: string; proof: string; verifiedBy: "DNS" | "OPERATOR" },
): Promise<void> {
  await sql(tx).exec(add, [tx.orgId, domain.id, domain.name, domain.proof, domain.verifiedBy, tx.now]);
}

/** The organization's domains, by name. */
export async function listDomainRows(tx: Tx): Promise<VerifiedDomain[]> {
  return (await orm(tx)).find(VerifiedDomainEntity, {
    where: { orgId: tx.orgId },
    order: { domain: "ASC" },
    take: 100,
  });
}

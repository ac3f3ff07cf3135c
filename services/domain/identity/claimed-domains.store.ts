import type { ConnectionId, DomainId } from "../../kernel/ids";
import { sql, statement } from "../../platform/sql";
import type { Tx } from "../../platform/unit-of-work";

/** A domain with the text that proves it: for the checks, and for whoever may enter it in the DNS. */
export interface ClaimedDomain {
  readonly id: DomainId;
  readonly domain: string;
  readonly proof: string;
  readonly status: "PENDING" | "VERIFIED" | "LAPSED";
  readonly verifiedBy: "DNS" | "OPERATOR" | null;
  readonly checkedAt: Date | null;
  readonly lapsedAt: Date | null;
  readonly failures: number;
  readonly subdomains: boolean;
  readonly connectionId: ConnectionId | null;
}

const columns = `id, domain, proof, status, verified_by as "verifiedBy", checked_at as "checkedAt",
  lapsed_at as "lapsedAt", failures, subdomains, connection_id as "connectionId"`;

const add = statement(
  "domain-claim",
  `insert into verified_domain (org_id, id, domain, proof, status, subdomains, connection_id, created_at)
   select $1, $2, $3, $4, 'PENDING', $5, $6, $7
   where (select count(*) from verified_domain where org_id = $1) < $8`,
);
const find = statement("domain-find", `select ${columns} from verified_domain where org_id = $1 and id = $2`);
const lock = statement(
  "domain-lock",
  `select ${columns} from verified_domain where org_id = $1 and id = $2 for no key update`,
);
const due = statement(
  "domains-due",
  `select ${columns} from verified_domain
   where org_id = $1 and verified_by = 'DNS' and status in ('VERIFIED', 'LAPSED')
     and checked_at <= $2::timestamptz - make_interval(days => $3)
   order by checked_at limit 100`,
);
const oldestCheck = statement(
  "domain-oldest-check",
  `select min(checked_at) as "checkedAt" from verified_domain
   where org_id = $1 and verified_by = 'DNS' and status in ('VERIFIED', 'LAPSED')`,
);
const note = statement(
  "domain-note",
  `update verified_domain
   set status = $3, verified_by = $4, verified_at = case when $3 = 'VERIFIED' then coalesce(verified_at, $5) end,
       checked_at = $5, failures = $6, lapsed_at = $7
   where org_id = $1 and id = $2`,
);
const change = statement(
  "domain-change",
  `update verified_domain set subdomains = $3, connection_id = $4 where org_id = $1 and id = $2`,
);
const remove = statement("domain-remove", `delete from verified_domain where org_id = $1 and id = $2`);
// The nearest listed name decides; a parent counts only where it was switched on for subdomains (SAML-75).
const covering = statement(
  "domain-covering",
  `select ${columns} from verified_domain
   where org_id = $1 and domain = any ($2::text[]) and (domain = $3 or subdomains) and status <> 'PENDING'
   order by length(domain) desc limit 1`,
);

/** Lists a domain that is not proved yet; false when the organization has its hundred already. */
export async function insertClaim(
  tx: Tx,
  claim: { id: DomainId; domain: string; proof: string; subdomains: boolean; connectionId: ConnectionId | null },
  max: number,
): Promise<boolean> {
  const { id, domain, proof, subdomains, connectionId } = claim;
  return (await sql(tx).exec(add, [tx.orgId, id, domain, proof, subdomains, connectionId, tx.now, max])) === 1;
}

export async function findClaim(tx: Tx, id: DomainId): Promise<ClaimedDomain | undefined> {
  return sql(tx).maybe<ClaimedDomain>(find, [tx.orgId, id]);
}

export async function lockClaim(tx: Tx, id: DomainId): Promise<ClaimedDomain | undefined> {
  return sql(tx).maybe<ClaimedDomain>(lock, [tx.orgId, id]);
}

/** Proved domains whose last look is so many days old. */
export async function listDueDomains(tx: Tx, days: number): Promise<ClaimedDomain[]> {
  return sql(tx).many<ClaimedDomain>(due, [tx.orgId, tx.now, days]);
}

/** When the domain that waits longest was looked at. */
export async function oldestDomainCheck(tx: Tx): Promise<Date | null> {
  return (await sql(tx).one<{ checkedAt: Date | null }>(oldestCheck, [tx.orgId])).checkedAt;
}

/** Writes what a look at the DNS has shown. */
export async function noteDomain(
  tx: Tx,
  domain: Pick<ClaimedDomain, "id" | "status" | "verifiedBy" | "failures" | "lapsedAt">,
): Promise<void> {
  const { id, status, verifiedBy, failures, lapsedAt } = domain;
  await sql(tx).exec(note, [tx.orgId, id, status, verifiedBy, tx.now, failures, lapsedAt]);
}

export async function updateDomain(
  tx: Tx,
  domain: Pick<ClaimedDomain, "id" | "subdomains" | "connectionId">,
): Promise<void> {
  await sql(tx).exec(change, [tx.orgId, domain.id, domain.subdomains, domain.connectionId]);
}

export async function deleteDomain(tx: Tx, id: DomainId): Promise<void> {
  await sql(tx).exec(remove, [tx.orgId, id]);
}

/** The listed domain, proved or lapsed, that a host name belongs to. */
export async function findCoveringDomain(tx: Tx, host: string): Promise<ClaimedDomain | undefined> {
  const labels = host.split(".");
  const names = labels.slice(0, -1).map((_, i) => labels.slice(i).join("."));
  return sql(tx).maybe<ClaimedDomain>(covering, [tx.orgId, names, host]);
}

import { sql, statement } from "../../platform/sql";
import type { Tx } from "../../platform/unit-of-work";

export interface OfferedEntitlement {
  readonly code: string;
  readonly name: string;
  readonly quantity: number;
  readonly used: number;
}

const offered = statement(
  "provisioning-entitlements",
  `select p.code, p.name_en as name, sum(s.quantity)::integer as quantity, sum(s.used)::integer as used
   from subscription s join plan p on p.code = s.plan_code
   where s.org_id = $1 and s.kind = 'SERVICE' and s.status in ('ACTIVE', 'PAST_DUE')
   group by p.code, p.name_en, p.tier_rank order by p.tier_rank, p.code`,
);

export async function findOffered(tx: Tx): Promise<OfferedEntitlement[]> {
  return sql(tx).many<OfferedEntitlement>(offered, [tx.orgId]);
}

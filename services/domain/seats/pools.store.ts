import type { SubscriptionId } from "../../kernel/ids";
import { sql, statement } from "../../platform/sql";
import type { Tx } from "../../platform/unit-of-work";

const defaultPool = statement(
  "seat-default-pool",
  `select s.plan_code as "planCode", sum(s.used)::integer as used, sum(s.quantity)::integer as quantity
   from subscription s
   where s.org_id = $1 and s.kind = 'SERVICE' and s.status in ('ACTIVE', 'PAST_DUE')
     and s.plan_code = (
       select d.plan_code from subscription d where d.org_id = $1 and d.is_default and d.status <> 'ENDED')
   group by s.plan_code`,
);
const drift = statement(
  "seat-drift",
  `select s.id as "subscriptionId", s.used, count(l.id)::integer as open
   from subscription s
   left join licence_assignment l on l.org_id = s.org_id and l.subscription_id = s.id and l.ended_at is null
   where s.org_id = $1 group by s.id, s.used having s.used <> count(l.id)`,
);

export interface PoolFacts {
  readonly planCode: string;
  readonly used: number;
  readonly quantity: number;
}

/** How full the pools of the default plan are; nothing where the organization has no default subscription. */
export async function defaultPoolFacts(tx: Tx): Promise<PoolFacts | undefined> {
  return sql(tx).maybe<PoolFacts>(defaultPool, [tx.orgId]);
}

/** Pools whose counter differs from their open licences: never any (INV-01). */
export async function driftedPools(tx: Tx): Promise<{ subscriptionId: SubscriptionId; used: number; open: number }[]> {
  return sql(tx).many<{ subscriptionId: SubscriptionId; used: number; open: number }>(drift, [tx.orgId]);
}

import { newId } from "../../kernel/ids";
import { sql, statement } from "../../platform/sql";
import type { Tx } from "../../platform/unit-of-work";

export interface Entitlement {
  readonly feature: string;
  readonly kind: "BOOL" | "LIMIT";
  readonly value: string;
}

const find = statement(
  "entitlement-find",
  `select feature, kind, value from organization_entitlement where org_id = $1 and feature = $2`,
);
const list = statement(
  "entitlement-list",
  `select feature, kind, value from organization_entitlement where org_id = $1 order by feature`,
);
const addGrant = statement(
  "entitlement-grant-add",
  `insert into entitlement_grant (org_id, id, feature, value, reason, granted_by, created_at)
   select $1, $2, $3, $4, $5, $6, $7
   where not exists (select 1 from entitlement_grant where org_id = $1 and feature = $3 and until is null)`,
);
// The union of what live service pools bring and what was granted: a yes wins over nothing, the larger limit wins.
const sync = statement(
  "entitlement-sync",
  `with source as (
     select f.feature, f.kind, f.value, 'plan:' || f.plan_code as origin
     from subscription s join plan_feature f on f.plan_code = s.plan_code
     where s.org_id = $1 and s.kind = 'SERVICE' and s.status in ('ACTIVE', 'PAST_DUE') and s.quantity >= 1
     union all
     select f.feature, f.kind, f.value, 'plan:free'
     from plan_feature f where f.plan_code = 'free' and not exists (
       select 1 from subscription s
       where s.org_id = $1 and s.kind = 'SERVICE' and s.status in ('ACTIVE', 'PAST_DUE') and s.quantity >= 1)
     union all
     select g.feature, 'BOOL', g.value, 'grant:' || g.granted_by
     from entitlement_grant g where g.org_id = $1 and (g.until is null or g.until > $2)
   ), merged as (
     select feature, min(kind) as kind, max(value) as value, jsonb_agg(distinct origin) as sources
     from source group by feature
   ), gone as (
     delete from organization_entitlement e
     where e.org_id = $1 and not exists (select 1 from merged m where m.feature = e.feature)
   )
   insert into organization_entitlement (org_id, feature, kind, value, sources)
   select $1, feature, kind, value, sources from merged
   on conflict (org_id, feature) do update
     set kind = excluded.kind, value = excluded.value, sources = excluded.sources`,
);

export async function findEntitlement(tx: Tx, feature: string): Promise<Entitlement | undefined> {
  return sql(tx).maybe<Entitlement>(find, [tx.orgId, feature]);
}

export async function listEntitlements(tx: Tx): Promise<Entitlement[]> {
  return sql(tx).many<Entitlement>(list, [tx.orgId]);
}

/** Grants a feature without end; false when it was granted already. */
export async function insertGrant(tx: Tx, feature: string, reason: string, grantedBy: string): Promise<boolean> {
  const values = [tx.orgId, newId("token"), feature, 1, reason, grantedBy, tx.now];
  return (await sql(tx).exec(addGrant, values)) === 1;
}

/**
 * Writes what the organization may use, in the transaction that changed a pool or a grant (ruling 7). Called by
 * everything that changes either.
 */
export async function syncEntitlements(tx: Tx): Promise<void> {
  await sql(tx).exec(sync, [tx.orgId, tx.now]);
}

import { lobbySql, sql, statement } from "../../platform/sql";
import type { Database, Tx } from "../../platform/unit-of-work";
import type { Plan, PlanPrice } from "./plan";

const columns = `p.code, p.kind, p.section, p.edition, p.family, p.tier_rank as "tierRank", p.is_free as "isFree",
  p.name_fr as "nameFr", p.name_en as "nameEn",
  coalesce((select jsonb_object_agg(f.feature, f.value) from plan_feature f where f.plan_code = p.code), '{}') as features,
  coalesce((select jsonb_agg(jsonb_build_object(
      'billingMode', r.billing_mode, 'cycleKind', r.cycle_kind, 'currency', r.currency, 'unitAmount', r.unit_amount::text)
      order by r.currency, r.billing_mode)
    from plan_price r where r.plan_code = p.code and r.valid @> $1::timestamptz), '[]') as prices,
  coalesce((select jsonb_agg(o.option_code order by o.option_code) from plan_option o where o.service_code = p.code),
    '[]') as options`;

const list = statement(
  "plans-list",
  `select ${columns} from plan p where p.active order by p.kind desc, p.tier_rank, p.code`,
);
const find = statement("plan-find", `select ${columns} from plan p where p.active and p.code = $2`);
const price = statement(
  "plan-price-find",
  `select billing_mode as "billingMode", cycle_kind as "cycleKind", currency, unit_amount::text as "unitAmount"
   from plan_price where plan_code = $1 and billing_mode = $2 and currency = $3 and valid @> $4::timestamptz`,
);

/** The whole catalogue: a handful of plans, so there are no pages. */
export async function findPlans(tx: Tx): Promise<Plan[]> {
  return sql(tx).many<Plan>(list, [tx.now]);
}

/** The same outside any tenant: plans are reference rows. */
export async function findCatalogue(db: Database): Promise<Plan[]> {
  return lobbySql(db).many<Plan>(list, [db.clock.now()]);
}

export async function findPlan(tx: Tx, code: string): Promise<Plan | undefined> {
  return sql(tx).maybe<Plan>(find, [tx.now, code]);
}

/** The price in force at an instant, this one unless said otherwise, or nothing. */
export async function findPrice(
  tx: Tx,
  code: string,
  mode: string,
  currency: string,
  at: Date = tx.now,
): Promise<PlanPrice | undefined> {
  return sql(tx).maybe<PlanPrice>(price, [code, mode, currency, at]);
}

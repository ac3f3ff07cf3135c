import { invalid } from "../../kernel/errors";
import type { Database, Tx } from "../../platform/unit-of-work";
import type { BillingMode, Plan, PlanPrice } from "./plan";
import { findCatalogue, findPlan, findPlans, findPrice } from "./plans.store";

/** The catalogue, for everybody who is signed in. */
export async function listPlans(tx: Tx): Promise<Plan[]> {
  return findPlans(tx);
}

/**
 * A plan that is sold.
 * @throws PlenumError `invalid` listing the codes (SCIM-063).
 */
export async function getPlan(tx: Tx, field: string, code: string): Promise<Plan> {
  const plan = await findPlan(tx, code);
  if (plan) return plan;
  const codes = (await findPlans(tx)).map((p) => p.code);
  throw invalid(field, `one of the plans ${codes.join(", ")}`, code);
}

/**
 * What one unit of a plan costs per cycle now.
 * @throws PlenumError `invalid` where the plan is not sold so.
 */
export async function getPrice(tx: Tx, plan: Plan, mode: BillingMode, currency: string): Promise<PlanPrice> {
  const price = await findPrice(tx, plan.code, mode, currency);
  if (!price) throw invalid("billingMode", `a mode in which ${plan.code} is sold in ${currency}`, mode);
  return price;
}

/** The catalogue as the operator sees it: it belongs to no organization. */
export async function listCatalogue(db: Database): Promise<Plan[]> {
  return findCatalogue(db);
}

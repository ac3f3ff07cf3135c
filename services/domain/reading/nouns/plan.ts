import { flag, json, number, text, word } from "../columns";
import type { List, Noun } from "../noun";

/** What is sold. Reference data: the same for every organization. */
export const plan: Noun = {
  name: "Plan",
  key: (row) => `${row}.code`,
  members: {
    code: text("code"),
    name: text((p, bind) => `case when ${bind((run) => run.locale)} = 'fr' then ${p}.name_fr else ${p}.name_en end`),
    kind: word("kind"),
    section: text("section"),
    family: text("family"),
    edition: text("edition"),
    tierRank: number("tier_rank"),
    isFree: flag("is_free"),
    optionCodes: json(
      (p) =>
        `(select coalesce(json_agg(o.option_code order by o.option_code), '[]')
          from plan_option o where o.service_code = ${p}.code)`,
    ),
    features: {
      kind: "list",
      noun: "PlanFeature",
      from: (to, p) => `plan_feature ${to} where ${to}.plan_code = ${p}.code`,
      orderBy: (to) => `${to}.feature`,
    },
    prices: {
      kind: "list",
      noun: "PlanPrice",
      from: (to, p, bind) =>
        `plan_price ${to} where ${to}.plan_code = ${p}.code and ${to}.valid @> ${bind((run) => run.now)}::timestamptz`,
      orderBy: (to) => `${to}.currency, ${to}.billing_mode`,
    },
  },
};

export const planFeature: Noun = {
  name: "PlanFeature",
  key: (row) => `${row}.feature`,
  members: { feature: text("feature"), value: number("value") },
};

export const planPrice: Noun = {
  name: "PlanPrice",
  key: (row) => `${row}.id`,
  members: {
    billingMode: word("billing_mode"),
    currency: text("currency"),
    unitAmount: text((p) => `trim_scale(${p}.unit_amount)`),
  },
};

/** The catalogue: a handful of plans. */
export const plans: List = {
  kind: "list",
  noun: "Plan",
  from: (to) => `plan ${to} where ${to}.active`,
  orderBy: (to) => `${to}.kind desc, ${to}.tier_rank, ${to}.code`,
};

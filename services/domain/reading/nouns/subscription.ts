import { flag, id, instant, needs, number, text, viewerMay, word } from "../columns";
import { byCreation, oneOf } from "../filters";
import type { Many, Noun } from "../noun";

const ceiling = (s: string) =>
  `least(${s}.quantity, coalesce(${s}.next_quantity, ${s}.quantity), coalesce(${s}.target_quantity, ${s}.quantity))`;
const isLive = (s: string) => `${s}.status in ('ACTIVE', 'PAST_DUE')`;

/** A pool of licences of one plan. */
export const subscription: Noun = {
  name: "Subscription",
  key: (row) => `${row}.id`,
  members: {
    id: id("subscription"),
    kind: word("kind"),
    section: text("section"),
    source: word("source"),
    status: word("status"),
    quantity: number("quantity"),
    used: number("used"),
    available: number((s) => `case when ${isLive(s)} then greatest(0, ${ceiling(s)} - ${s}.used) else 0 end`),
    billingMode: word("billing_mode"),
    renewalMode: word("renewal_mode"),
    isDefault: flag("is_default"),
    unitAmount: text((s) => `trim_scale((${s}.price_snapshot ->> 'unitAmount')::numeric)`),
    currency: text((s) => `${s}.price_snapshot ->> 'currency'`),
    periodStart: instant((s) => `lower(${s}.period)`),
    periodEnd: instant((s) => `upper(${s}.period)`),
    termEnd: instant("term_end"),
    nextRenewalAt: instant("next_renewal_at"),
    createdAt: instant("created_at"),
    version: word("version"),
    viewerMay: viewerMay("subscription:write", "seat:assign"),
    plan: { kind: "one", noun: "Plan", join: (to, s) => `plan ${to} on ${to}.code = ${s}.plan_code` },
    scheduledChange: {
      kind: "one",
      noun: "ScheduledChange",
      join: (to, s) =>
        `lateral (select ${s}.id, ${s}.next_quantity, ${s}.next_plan_code, upper(${s}.period) as effective_at
                  where ${s}.next_quantity is not null or ${s}.next_plan_code is not null) ${to} on true`,
    },
    licences: {
      kind: "many",
      noun: "Licence",
      gate: needs("member:read"),
      from: (to, s) =>
        `licence_assignment ${to} where ${to}.org_id = $1 and ${to}.subscription_id = ${s}.id and ${to}.ended_at is null`,
      filters: {},
      orders: { STARTED_AT_ASC: { column: (l) => `${l}.started_at`, type: "instant" } },
    },
  },
};

/** What happens to a pool when its period ends. */
export const scheduledChange: Noun = {
  name: "ScheduledChange",
  key: (row) => `${row}.id`,
  members: {
    quantity: number("next_quantity"),
    effectiveAt: instant("effective_at"),
    plan: { kind: "one", noun: "Plan", join: (to, c) => `plan ${to} on ${to}.code = ${c}.next_plan_code` },
  },
};

/** The pools of the organization, ended ones only when they are asked for. */
export const subscriptions: Many = {
  kind: "many",
  noun: "Subscription",
  gate: needs("subscription:read"),
  from: (to) => `subscription ${to} where ${to}.org_id = $1`,
  filters: {
    status: oneOf("status", (to) => `${to}.status <> 'ENDED'`),
    section: oneOf("section"),
  },
  orders: byCreation,
};

import { flag, id, instant, needs, word } from "../columns";
import type { Noun } from "../noun";

/** One unit of a pool, held by a member. */
export const licence: Noun = {
  name: "Licence",
  key: (row) => `${row}.id`,
  members: {
    id: id("licence"),
    kind: word("kind"),
    origin: word("origin"),
    isFrozen: flag("frozen"),
    startedAt: instant("started_at"),
    plan: {
      kind: "one",
      noun: "Plan",
      join: (to, l) =>
        `lateral (select p.* from subscription s join plan p on p.code = s.plan_code
                  where s.org_id = $1 and s.id = ${l}.subscription_id) ${to} on true`,
    },
    subscription: {
      kind: "one",
      noun: "Subscription",
      join: (to, l) => `subscription ${to} on ${to}.org_id = $1 and ${to}.id = ${l}.subscription_id`,
      gate: needs("subscription:read"),
    },
    member: {
      kind: "one",
      noun: "Member",
      join: (to, l) => `member ${to} on ${to}.org_id = $1 and ${to}.id = ${l}.member_id`,
      gate: needs("member:read"),
    },
  },
};

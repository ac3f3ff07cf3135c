import { invalid, notFound, PlenumError } from "../../kernel/errors";
import { newId, publicId, type GroupId, type GroupRuleId } from "../../kernel/ids";
import { putOnAgenda } from "../../platform/lobby";
import type { Tx } from "../../platform/unit-of-work";
import { requirePermission, useCase } from "../access";
import { getPlan } from "../catalog";
import { applyRules } from "./apply-rules";
import { findGroup } from "./groups.store";
import type { GroupRule, RuleTarget } from "./rule";
import {
  deleteRule,
  findRule,
  insertRule,
  listRuleRows,
  lockMembers,
  membersUnder,
  recountRules,
  type TriedRule,
} from "./rules.store";

/** How many members a rule is applied to at once; for more the worker does it, a batch at a time. */
export const rulesAtOnce = 500;
const orderMax = 1_000;

export interface NewGroupRule {
  readonly groupId: GroupId;
  readonly target: RuleTarget;
  /** `ADMIN`, or the code of a plan: a service or an option. */
  readonly value: string;
  readonly order?: number;
}

/** The rules of all groups. */
export const listGroupRules = useCase(
  "group:read",
  async (tx: Tx, _input: object): Promise<GroupRule[]> => listRuleRows(tx),
  "listGroupRules",
);

/**
 * Says what everybody who belongs to a group is given, now and later (SCIM-186). Who belongs to it now gets it in this
 * transaction, or where they are many, from the worker within moments.
 * @throws PlenumError `not_found`; `invalid`; `duplicate` for a rule that the group has; `forbidden` for a role above the
 * caller's; `seats_exhausted` where the policy refuses and licences are too few.
 */
export const createGroupRule = useCase(
  "group:write",
  async (tx: Tx, input: NewGroupRule): Promise<GroupRule> => {
    const tried = await requireRule(tx, input);
    const group = await findGroup(tx, tried.groupId);
    if (!group) throw notFound("group");
    const id = newId("groupRule");

    const now = await applyToSome(tx, tried.groupId, () => insertRule(tx, { id, ...tried }));

    const { target, value, order } = tried;
    const facts = { group: publicId("group", group.id), target, value, order, members: now };
    tx.audit({ action: "group_rule.create", target: { kind: "groupRule", id }, facts });
    tx.emit({ name: "group.changed", groupId: group.id });
    return { id, groupId: group.id, group: group.displayName, target, value, order, createdAt: tx.now };
  },
  "createGroupRule",
);

/**
 * Takes a rule away, and with it what it gave, and nothing else.
 * @throws PlenumError `not_found`.
 */
export const removeGroupRule = useCase(
  "group:write",
  async (tx: Tx, input: { id: GroupRuleId }): Promise<GroupRule> => {
    const rule = await findRule(tx, input.id);
    if (!rule) throw notFound("group rule");
    requireMayAssign(tx, rule.target);

    const now = await applyToSome(tx, rule.groupId, () => deleteRule(tx, rule));

    const { target, value } = rule;
    const facts = { group: publicId("group", rule.groupId), target, value, members: now };
    tx.audit({ action: "group_rule.remove", target: { kind: "groupRule", id: rule.id }, facts });
    tx.emit({ name: "group.changed", groupId: rule.groupId });
    return rule;
  },
  "removeGroupRule",
);

// Members, then the rule, then the group's row, in the order of everybody (docs/architecture.md). Whoever is on their way
// into the group has its row before us, and the worker meets them; or comes after, sees that there is another number of
// rules, and calls the worker. It looks in any case: at those beyond the first, too.
async function applyToSome(tx: Tx, groupId: GroupId, write: () => Promise<void>): Promise<number> {
  const members = await membersUnder(tx, [groupId], { after: null, limit: rulesAtOnce + 1 });
  const now = members.length > rulesAtOnce ? [] : members;
  await lockMembers(tx, now);
  await write();
  await applyRules(tx, now);
  if (!(await recountRules(tx, groupId))) throw notFound("group");
  await putOnAgenda(tx, "APPLY_RULES", tx.now);
  return now.length;
}

/** @throws PlenumError `invalid` naming the field; `forbidden`. */
export async function requireRule(tx: Tx, input: NewGroupRule): Promise<TriedRule> {
  const { groupId, target, value, order = 0 } = input;
  requireMayAssign(tx, target);
  if (!Number.isInteger(order) || order < 0 || order > orderMax) {
    throw invalid("order", `a whole number from 0 to ${orderMax}`, order);
  }
  // Everybody is a member, and ownership is handed on by an owner, person to person (SCIM-189).
  if (target === "ROLE" && value !== "ADMIN") throw invalid("value", "ADMIN", value);
  if (target === "LICENCE" && (await getPlan(tx, "value", value)).isFree) {
    throw new PlenumError("invalid", "value: expected a plan that is bought", { field: "value", received: value });
  }
  return { groupId, target, value, order };
}

function requireMayAssign(tx: Tx, target: RuleTarget): void {
  requirePermission(tx, target === "ROLE" ? "member:role" : "seat:assign");
}

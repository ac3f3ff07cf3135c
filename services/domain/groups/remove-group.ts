import { notFound, PlenumError } from "../../kernel/errors";
import { publicId, type GroupId } from "../../kernel/ids";
import { putOnAgenda } from "../../platform/lobby";
import type { Tx } from "../../platform/unit-of-work";
import { useCase } from "../access";
import { applyRules, membersOfGroup, type RulesApplied } from "./apply-rules";
import { dissolveEdges, dropLateEdges } from "./edges.store";
import { buryGroup, findGroup, isRuledAnew, lockGroupWith, type FoundGroup } from "./groups.store";
import { requireOwnGroup } from "./managed-group";
import { deleteRulesOf, lockMembers } from "./rules.store";

/**
 * Removes a group, its edges and its rules; the members stay, without what the rules gave them (SCIM-172).
 * @throws PlenumError `not_found`, `stale_version`.
 */
export const removeGroup = useCase(
  "group:write",
  async (tx: Tx, input: { id: GroupId; ifVersion?: string }): Promise<RulesApplied> => {
    const { id, ifVersion } = input;
    const group = await findGroup(tx, id);
    requireThere(group, ifVersion);
    await requireOwnGroup(tx, group);

    // Members, edges, licences, and the rows of groups last (docs/architecture.md).
    const concerned = group.isRuled ? await membersOfGroup(tx, id) : [];
    await lockMembers(tx, concerned);
    if (group.isRuled) await deleteRulesOf(tx, id);
    const parents = await dissolveEdges(tx, id);
    const rules = await applyRules(tx, concerned);
    const now = await lockGroupWith(tx, id, parents);
    requireThere(now, ifVersion);
    const late = await dropLateEdges(tx, id);
    // A first rule that came meanwhile has given what nobody here has looked at.
    const isLate = isRuledAnew(group, now);
    if (isLate) await deleteRulesOf(tx, id);
    await buryGroup(tx, id, parents);
    if (late > 0 || isLate) await putOnAgenda(tx, "APPLY_RULES", tx.now);

    const facts = { group: publicId("group", id), displayName: group.displayName, members: group.memberCount };
    tx.audit({ action: "group.remove", target: { kind: "group", id }, facts });
    tx.emit({ name: "group.removed", groupId: id });
    return rules;
  },
  "removeGroup",
);

function requireThere(group: FoundGroup | undefined, ifVersion: string | undefined): asserts group is FoundGroup {
  if (!group) throw notFound("group");
  if (ifVersion !== undefined && ifVersion !== group.version) {
    throw new PlenumError("stale_version", "the group has changed since", { version: group.version });
  }
}

import { notFound, PlenumError } from "../../kernel/errors";
import { publicId, type GroupId } from "../../kernel/ids";
import type { Tx } from "../../platform/unit-of-work";
import { useCase } from "../access";
import { applyRules, membersOfGroup, type RulesApplied } from "./apply-rules";
import { requireOwnGroup } from "./managed-group";
import { deleteRulesOf } from "./rules.store";
import { buryGroup, lockGroup } from "./groups.store";

/**
 * Removes a group, its edges and its rules; the members stay, without what the rules gave them (SCIM-172).
 * @throws PlenumError `not_found`, `stale_version`.
 */
export const removeGroup = useCase(
  "group:write",
  async (tx: Tx, input: { id: GroupId; ifVersion?: string }): Promise<RulesApplied> => {
    const { id, ifVersion } = input;
    const group = await lockGroup(tx, id);
    if (!group) throw notFound("group");
    await requireOwnGroup(tx, group);
    if (ifVersion !== undefined && ifVersion !== group.version) {
      throw new PlenumError("stale_version", "the group has changed since", { version: group.version });
    }

    const concerned = group.isRuled ? await membersOfGroup(tx, id) : [];
    if (group.isRuled) await deleteRulesOf(tx, id);
    await buryGroup(tx, id);
    const rules = await applyRules(tx, concerned);

    const facts = { group: publicId("group", id), displayName: group.displayName, members: group.memberCount };
    tx.audit({ action: "group.remove", target: { kind: "group", id }, facts });
    tx.emit({ name: "group.removed", groupId: id });
    return rules;
  },
  "removeGroup",
);

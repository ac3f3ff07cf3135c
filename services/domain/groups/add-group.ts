import { newId, publicId, type ConnectionId, type GroupId } from "../../kernel/ids";
import type { Tx } from "../../platform/unit-of-work";
import { useCase } from "../access";
import { requireLiveOrganization } from "../organizations";
import { applySteps } from "./apply-steps";
import type { Group, GroupChild, UnknownChildren } from "./group";
import { parseGroupName } from "./group.rules";
import { insertGroup, setMemberCount } from "./groups.store";

export interface NewGroup {
  /** Given where ids are preserved. */
  readonly id?: GroupId;
  readonly displayName: string;
  readonly children?: readonly GroupChild[];
  readonly onUnknown?: UnknownChildren;
  readonly managedBy?: ConnectionId;
}

export interface AddedGroup {
  readonly group: Group;
  /** Children left out because the organization does not have them. */
  readonly unknown: readonly GroupChild[];
}

/**
 * Adds a group with its members.
 * @throws PlenumError `duplicate` for a name in use, whatever its case; `invalid` for a name or an unknown member.
 */
export const addGroup = useCase(
  "group:write",
  async (tx: Tx, input: NewGroup): Promise<AddedGroup> => {
    await requireLiveOrganization(tx);
    const id = input.id ?? newId("group");
    const displayName = parseGroupName(input.displayName);
    const children = input.children ?? [];

    const empty = await insertGroup(tx, { id, displayName, managedBy: input.managedBy ?? null });
    const steps = children.length === 0 ? [] : [{ do: "add", children } as const];
    const { added, unknown } = await applySteps(tx, id, steps, input.onUnknown ?? "refuse");
    const group = added === 0 ? empty : await setMemberCount(tx, id, added);

    const facts = { group: publicId("group", id), displayName, members: added };
    tx.audit({ action: "group.add", target: { kind: "group", id }, facts });
    tx.emit({ name: "group.created", groupId: id });
    if (added > 0) tx.emit({ name: "group.membership_changed", groupId: id });
    return { group, unknown };
  },
  "addGroup",
);

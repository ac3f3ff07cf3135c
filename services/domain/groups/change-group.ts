import { notFound, PlenumError } from "../../kernel/errors";
import { publicId, type ConnectionId, type GroupId } from "../../kernel/ids";
import type { Tx } from "../../platform/unit-of-work";
import { useCase } from "../access";
import { applySteps } from "./apply-steps";
import type { EdgeChange } from "./edges.store";
import type { Group, GroupChild, GroupStep, UnknownChildren } from "./group";
import { parseGroupName } from "./group.rules";
import { bumpGroup, findGroup, lockGroup } from "./groups.store";

export interface GroupChange {
  readonly id: GroupId;
  readonly displayName?: string;
  readonly steps?: readonly GroupStep[];
  readonly onUnknown?: UnknownChildren;
  /** Who manages the group from now on, unless somebody does already. */
  readonly managedBy?: ConnectionId;
  readonly ifVersion?: string;
}

export interface ChangedGroup {
  readonly group: Group;
  readonly changed: boolean;
  readonly unknown: readonly GroupChild[];
}

/**
 * Renames a group and changes who belongs to it, all or nothing; one step of the version for all of it, none when
 * nothing was effective (SCIM-152). Additions and removals lock the group's row only to count and to step the version,
 * so that they can run side by side (SCIM-163); what sets the whole list takes the lock first.
 * @throws PlenumError `not_found`, `stale_version`, `duplicate`, `invalid`.
 */
export const changeGroup = useCase(
  "group:write",
  async (tx: Tx, input: GroupChange): Promise<ChangedGroup> => {
    const before = await (isWhole(input) ? lockGroup : findGroup)(tx, input.id);
    if (!before) throw notFound("group");
    if (input.ifVersion !== undefined && input.ifVersion !== before.version) {
      throw new PlenumError("stale_version", "the group has changed since", { version: before.version });
    }
    const displayName = newName(before, input.displayName);
    const managedBy = before.managedBy === null ? (input.managedBy ?? null) : null;

    const edges = await applySteps(tx, input.id, input.steps ?? [], input.onUnknown ?? "refuse");
    const { added, removed, unknown } = edges;
    if (displayName === null && managedBy === null && added + removed === 0) {
      return { group: before, changed: false, unknown };
    }
    const group = await bumpGroup(tx, input.id, { displayName, managedBy, countDelta: added - removed });
    if (!group) throw notFound("group");

    tell(tx, before, displayName, edges);
    return { group, changed: true, unknown };
  },
  "changeGroup",
);

function isWhole({ steps = [], displayName, ifVersion }: GroupChange): boolean {
  const lists = steps.some((step) => step.do !== "add" && step.do !== "remove");
  return lists || displayName !== undefined || ifVersion !== undefined;
}

function newName(before: Group, given: string | undefined): string | null {
  const name = given === undefined ? before.displayName : parseGroupName(given);
  return name === before.displayName ? null : name;
}

function tell(tx: Tx, before: Group, displayName: string | null, { added, removed }: EdgeChange): void {
  const { id } = before;
  const rename = displayName === null ? {} : { from: before.displayName, to: displayName };
  const facts = { group: publicId("group", id), added, removed, ...rename };
  tx.audit({ action: "group.change", target: { kind: "group", id }, facts });
  if (displayName !== null) tx.emit({ name: "group.changed", groupId: id });
  if (added + removed > 0) tx.emit({ name: "group.membership_changed", groupId: id });
}

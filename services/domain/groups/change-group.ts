import { notFound, PlenumError } from "../../kernel/errors";
import { publicId, type ConnectionId, type GroupId } from "../../kernel/ids";
import type { Tx } from "../../platform/unit-of-work";
import { useCase } from "../access";
import { applyRules, membersOfGroup, type RulesApplied } from "./apply-rules";
import { applySteps } from "./apply-steps";
import { applyConcern, beginConcern } from "./concern";
import type { EdgeChange } from "./edges.store";
import type { Group, GroupChild, GroupStep, UnknownChildren } from "./group";
import { parseGroupName } from "./group.rules";
import { newManager, requireOwnGroup } from "./managed-group";
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
  /** Who lost the licence that a group gave, and what could not be given. */
  readonly rules: RulesApplied;
}

const noRules: RulesApplied = { lost: [], warnings: [] };

/**
 * Renames a group and changes who belongs to it, all or nothing; one step of the version for all of it, none when
 * nothing was effective (SCIM-152). Additions and removals lock the group's row only to count and to step the version,
 * so that they can run side by side (SCIM-163); what sets the whole list takes the lock first.
 * @throws PlenumError `not_found`, `stale_version`, `duplicate`, `invalid`; `seats_exhausted` where a rule of the group needs a
 * licence that there is not (SCIM-184).
 */
export const changeGroup = useCase(
  "group:write",
  async (tx: Tx, input: GroupChange): Promise<ChangedGroup> => {
    const before = await (isWhole(input) ? lockGroup : findGroup)(tx, input.id);
    if (!before) throw notFound("group");
    await requireOwnGroup(tx, before);
    if (input.ifVersion !== undefined && input.ifVersion !== before.version) {
      throw new PlenumError("stale_version", "the group has changed since", { version: before.version });
    }
    const displayName = newName(before, input.displayName);
    const managedBy = await newManager(tx, before, input.managedBy);

    const steps = input.steps ?? [];
    const concern = before.isRuled ? await beginConcern(tx, input.id, steps) : undefined;
    const edges = await applySteps(tx, input.id, steps, input.onUnknown ?? "refuse");
    const { added, removed, lifted, unknown } = edges;
    const effective = added + removed + lifted;
    // Before the group's row is locked: members come first, always (ruling a10).
    const rules = concern && effective > 0 ? await applyConcern(tx, concern) : noRules;
    if (displayName === null && managedBy === null && effective === 0) {
      return { group: before, changed: false, unknown, rules };
    }
    const group = await bumpGroup(tx, input.id, { displayName, managedBy, countDelta: added - removed });
    if (!group) throw notFound("group");

    // A rule that came while this waited for the group's row did not see who was on their way in.
    const late = group.rules > 0 && !before.isRuled && added > 0;
    const caught = late ? await applyRules(tx, await membersOfGroup(tx, input.id)) : noRules;

    tell(tx, before, displayName, edges);
    return { group, changed: true, unknown, rules: late ? caught : rules };
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

function tell(tx: Tx, before: Group, displayName: string | null, { added, removed, lifted }: EdgeChange): void {
  const { id } = before;
  const rename = displayName === null ? {} : { from: before.displayName, to: displayName };
  const facts = { group: publicId("group", id), added, removed, ...(lifted > 0 ? { lifted } : {}), ...rename };
  tx.audit({ action: "group.change", target: { kind: "group", id }, facts });
  if (displayName !== null) tx.emit({ name: "group.changed", groupId: id });
  if (added + removed > 0) tx.emit({ name: "group.membership_changed", groupId: id });
}

import { notFound, PlenumError } from "../../kernel/errors";
import { publicId, type ConnectionId, type GroupId, type MemberId } from "../../kernel/ids";
import type { Tx } from "../../platform/unit-of-work";
import { useCase } from "../access";
import { applyRules, membersOfChildren, membersOfGroup, type RulesApplied } from "./apply-rules";
import { applySteps } from "./apply-steps";
import type { EdgeChange } from "./edges.store";
import type { Group, GroupChild, GroupStep, UnknownChildren } from "./group";
import { parseGroupName } from "./group.rules";
import { requireOwnGroup } from "./managed-group";
import { bumpGroup, findGroup, lockGroup } from "./groups.store";
import { lockMembers } from "./rules.store";

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
    const managedBy = before.managedBy === null ? (input.managedBy ?? null) : null;

    const steps = input.steps ?? [];
    const concerned = before.isRuled ? await beginConcern(tx, input.id, steps) : undefined;
    const edges = await applySteps(tx, input.id, steps, input.onUnknown ?? "refuse");
    const { added, removed, unknown } = edges;
    // Before the group's row is locked: members come first, always (ruling a10).
    const rules = concerned && added + removed > 0 ? await applyRules(tx, await concerned()) : noRules;
    if (displayName === null && managedBy === null && added + removed === 0) {
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

/**
 * Whom a change concerns, asked again once it is done: the children that are named, or for what sets a whole list those
 * who are there before or after, not both. The members are locked before the edges, which only share them: of two who
 * share one and then both want to change it, neither could (measured: twelve at once waited 17 s for each other).
 */
async function beginConcern(tx: Tx, id: GroupId, steps: readonly GroupStep[]): Promise<() => Promise<MemberId[]>> {
  const named = steps.flatMap((step) => ("children" in step ? step.children : []));
  const members = await membersOfChildren(tx, named);
  await lockMembers(tx, members);
  if (steps.every((step) => step.do === "add" || step.do === "remove")) return () => Promise.resolve(members);
  const before = new Set(await membersOfGroup(tx, id));
  return async () => {
    const after = new Set(await membersOfGroup(tx, id));
    const left = [...before].filter((member) => !after.has(member));
    const came = [...after].filter((member) => !before.has(member));
    return [...left, ...came].sort();
  };
}

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

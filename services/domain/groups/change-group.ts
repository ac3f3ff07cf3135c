import { notFound, PlenumError } from "../../kernel/errors";
import { publicId, type ConnectionId, type GroupId } from "../../kernel/ids";
import { putOnAgenda } from "../../platform/lobby";
import { inTime } from "../../platform/savepoint";
import type { Tx } from "../../platform/unit-of-work";
import { useCase } from "../access";
import type { RulesApplied } from "./apply-rules";
import { applySteps } from "./apply-steps";
import { applyConcern, beginConcern } from "./concern";
import type { EdgeChange } from "./edges.store";
import type { Group, GroupChild, GroupStep, UnknownChildren } from "./group";
import { parseGroupName } from "./group.rules";
import { newManager, requireOwnGroup } from "./managed-group";
import { bumpGroup, findGroup, isRuledAnew, lockGroup, type FoundGroup } from "./groups.store";

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

/** How often a whole list is begun anew, where the group changes under it, before it locks the others out. */
const triesMax = 10;

/**
 * Renames a group and changes who belongs to it, all or nothing; one step of the version for all of it, none when
 * nothing was effective (SCIM-152). Everybody locks members first, then edges, and the group's row last, to count and to
 * step the version, so that additions and removals can run side by side (SCIM-163). What sets the whole list finds
 * there whether it has seen the latest, and otherwise lets go of everything and begins anew.
 * @throws PlenumError `not_found`, `stale_version`, `duplicate`, `invalid`; `seats_exhausted` where a rule of the group needs a
 * licence that there is not (SCIM-184).
 */
export const changeGroup = useCase(
  "group:write",
  async (tx: Tx, input: GroupChange): Promise<ChangedGroup> => {
    if (!isWhole(input)) return change(tx, input, await findGroup(tx, input.id));
    if (input.steps !== undefined && input.steps.length > 0) {
      for (let tries = 0; tries < triesMax; tries++) {
        const done = await inTime(tx, () => changeUnlessMoved(tx, input));
        if (done) return done;
      }
    }
    return change(tx, input, await lockGroup(tx, input.id));
  },
  "changeGroup",
);

async function changeUnlessMoved(tx: Tx, input: GroupChange): Promise<ChangedGroup | undefined> {
  const before = await findGroup(tx, input.id);
  const last: { seen?: string | undefined } = {};
  const done = await change(tx, input, before, async () => {
    last.seen = (await lockGroup(tx, input.id))?.version;
    return last.seen === before?.version;
  });
  return last.seen === before?.version ? done : undefined;
}

/** `mayEnd` is asked when only the group's row is left to write. */
async function change(
  tx: Tx,
  input: GroupChange,
  before: FoundGroup | undefined,
  mayEnd: () => Promise<boolean> = () => Promise.resolve(true),
): Promise<ChangedGroup> {
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
  const rules = concern && effective > 0 ? await applyConcern(tx, concern) : noRules;
  const unchanged = { group: before, changed: false, unknown, rules };
  if (!(await mayEnd()) || (displayName === null && managedBy === null && effective === 0)) return unchanged;
  const group = await bumpGroup(tx, input.id, { displayName, managedBy, countDelta: added - removed });
  if (!group) throw notFound("group");

  // A rule that came meanwhile did not see who was on their way in, or out, and the members are no longer to be locked now.
  if (isRuledAnew(before, group)) await putOnAgenda(tx, "APPLY_RULES", tx.now);

  tell(tx, before, displayName, edges);
  return { group, changed: true, unknown, rules };
}

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

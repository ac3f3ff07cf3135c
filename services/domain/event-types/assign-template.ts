import { invalid } from "../../kernel/errors";
import type { MemberId, TemplateId } from "../../kernel/ids";
import type { Tx } from "../../platform/unit-of-work";
import { useCase } from "../access";
import {
  countReached,
  findClashes,
  giveEventTypes,
  renameOwnEventTypes,
  type ReachCounts,
  type SlugClash,
} from "./assignments.store";
import { getTemplate } from "./list-templates";
import { insertAssignments } from "./standing-assignments.store";
import { reachOf, type AssignmentTargets } from "./targets";
import { slugClashPolicies, type SlugClashPolicy } from "./template";
import { lockEditable } from "./update-template";

export interface Assignment {
  readonly templateId: TemplateId;
  readonly targets: AssignmentTargets;
  readonly onSlugClash?: string;
}

export interface AssignmentResult {
  /** Who got it by this assignment. */
  readonly assigned: readonly MemberId[];
  /** Who had it already. */
  readonly unchanged: number;
  /** Own event types that got another path. */
  readonly renamed: number;
  /** Whose own event type kept its path, so that they did not get the template; the first hundred. */
  readonly skipped: readonly SlugClash[];
}

const clashesShown = 100;

/**
 * Gives a template to members, groups, everybody there is and everybody who comes. Saying it again changes nothing; a
 * member's own event type is never deleted, whatever its path (EVT-05, EVT-07, EVT-14).
 * @throws PlenumError `not_found`, `invalid`, `conflict` for an archived template.
 */
export const assignTemplate = useCase(
  "event-type:write",
  async (tx: Tx, input: Assignment): Promise<AssignmentResult> => {
    const onSlugClash = parseClashPolicy(input.onSlugClash ?? "SUFFIX_MANAGED");
    const template = await lockEditable(tx, { id: input.templateId });
    const reach = await reachOf(tx, input.targets);
    const before = await countReached(tx, reach, template);

    await noteTargets(tx, template.id, input.targets);
    const renamed = onSlugClash === "RENAME_EXISTING_AND_NOTIFY" ? await renameOwnEventTypes(tx, reach, template) : [];
    const assigned = await giveEventTypes(tx, reach, template, { onSlugClash, revive: true });
    const skipped = onSlugClash === "SKIP" ? await findClashes(tx, reach, template, clashesShown) : [];

    tx.audit({
      action: "template.assign",
      target: { kind: "eventTypeTemplate", id: template.id },
      facts: { ...namesOf(input.targets), members: assigned.length, renamed: renamed.length },
    });
    for (const eventTypeId of renamed) tx.emit({ name: "event_type.renamed", eventTypeId });
    tx.emit({ name: "template.assigned", templateId: template.id });
    return { assigned, unchanged: before.assigned, renamed: renamed.length, skipped };
  },
  "assignTemplate",
);

/** How many members an assignment would reach, and whose paths stand in its way; writes nothing. */
export const previewAssignment = useCase(
  "event-type:read",
  async (
    tx: Tx,
    input: { templateId: TemplateId; targets: AssignmentTargets },
  ): Promise<ReachCounts & { firstClashes: SlugClash[] }> => {
    const template = await getTemplate(tx, { id: input.templateId });
    const reach = await reachOf(tx, input.targets);
    const counts = await countReached(tx, reach, template);
    return { ...counts, firstClashes: await findClashes(tx, reach, template, clashesShown) };
  },
  "previewAssignment",
);

async function noteTargets(tx: Tx, id: TemplateId, targets: AssignmentTargets): Promise<void> {
  const { memberIds = [], groupIds = [] } = targets;
  if (memberIds.length > 0) await insertAssignments(tx, id, "MEMBER", [...new Set(memberIds)]);
  if (groupIds.length > 0) await insertAssignments(tx, id, "GROUP", [...new Set(groupIds)]);
  // The organization stands for everybody in it.
  if (targets.allCurrent) await insertAssignments(tx, id, "ALL_CURRENT", [tx.orgId]);
  if (targets.allFuture) await insertAssignments(tx, id, "ALL_FUTURE", [tx.orgId]);
}

/** The targets as the audit log keeps them. */
export function namesOf(targets: AssignmentTargets): Readonly<Record<string, unknown>> {
  return {
    memberTargets: targets.memberIds?.length ?? 0,
    groupTargets: targets.groupIds?.length ?? 0,
    allCurrent: targets.allCurrent ?? false,
    allFuture: targets.allFuture ?? false,
  };
}

function parseClashPolicy(policy: string): SlugClashPolicy {
  const known = slugClashPolicies.find((p) => p === policy);
  if (!known) throw invalid("onSlugClash", `one of ${slugClashPolicies.join(", ")}`, policy);
  return known;
}

import { notFound } from "../../kernel/errors";
import type { MemberId, TemplateId } from "../../kernel/ids";
import type { Tx } from "../../platform/unit-of-work";
import { useCase } from "../access";
import { namesOf } from "./assign-template";
import { archiveEventTypes } from "./assignments.store";
import { deleteAssignments } from "./standing-assignments.store";
import { reachOf, type AssignmentTargets } from "./targets";
import { lockTemplateRow } from "./templates.store";

/**
 * Takes a template back. Copies are no longer offered but stay, with what is booked on them; members' own event types
 * are not touched; taking back ALL_FUTURE only ends the promise to newcomers (EVT-15). Answers from whom.
 * @throws PlenumError `not_found`, `invalid`.
 */
export const unassignTemplate = useCase(
  "event-type:write",
  async (tx: Tx, input: { templateId: TemplateId; targets: AssignmentTargets }): Promise<MemberId[]> => {
    const { templateId, targets } = input;
    const template = await lockTemplateRow(tx, templateId);
    if (!template) throw notFound("eventTypeTemplate");
    const reach = await reachOf(tx, targets);

    await deleteAssignments(tx, templateId, "MEMBER", reach.memberIds);
    await deleteAssignments(tx, templateId, "GROUP", reach.groupIds);
    if (targets.allCurrent) await deleteAssignments(tx, templateId, "ALL_CURRENT", [tx.orgId]);
    if (targets.allFuture) await deleteAssignments(tx, templateId, "ALL_FUTURE", [tx.orgId]);
    const memberIds = await archiveEventTypes(tx, reach, template);

    tx.audit({
      action: "template.unassign",
      target: { kind: "eventTypeTemplate", id: templateId },
      facts: { ...namesOf(targets), members: memberIds.length },
    });
    tx.emit({ name: "template.unassigned", templateId });
    return memberIds;
  },
  "unassignTemplate",
);

import { notFound } from "../../kernel/errors";
import type { TemplateId } from "../../kernel/ids";
import type { Tx } from "../../platform/unit-of-work";
import { useCase } from "../access";
import { archiveAllEventTypes } from "./assignments.store";
import { memberOf } from "./editor";
import { deleteAllAssignments } from "./standing-assignments.store";
import type { EventTypeTemplate } from "./template";
import { archiveTemplateRow, lockTemplateRow } from "./templates.store";

/**
 * Takes a template out of use: members' copies are no longer offered, nothing that is booked is cancelled, its slug is
 * free again (EVT-15). Archiving twice is once.
 * @throws PlenumError `not_found`.
 */
export const archiveTemplate = useCase(
  "event-type:write",
  async (tx: Tx, input: { id: TemplateId }): Promise<EventTypeTemplate> => {
    const template = await lockTemplateRow(tx, input.id);
    if (!template) throw notFound("eventTypeTemplate");
    if (template.status === "ARCHIVED") return template;

    const editedBy = memberOf(tx.caller);
    await archiveTemplateRow(tx, input.id, editedBy);
    await deleteAllAssignments(tx, input.id);
    const { length: members } = await archiveAllEventTypes(tx, input.id);

    tx.audit({
      action: "template.archive",
      target: { kind: "eventTypeTemplate", id: input.id },
      facts: { members },
    });
    tx.emit({ name: "template.changed", templateId: input.id });
    return { ...template, status: "ARCHIVED", editedBy, updatedAt: tx.now };
  },
  "archiveTemplate",
);

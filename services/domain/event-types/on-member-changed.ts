import type { GroupId, MemberId, TemplateId } from "../../kernel/ids";
import type { Tx } from "../../platform/unit-of-work";
import { useCase } from "../access";
import { giveEventTypes, type Reach } from "./assignments.store";
import { syncStatusOfMember } from "./event-types.store";
import {
  deleteAssignmentsOfMember,
  findOverlooked,
  findTemplatesAround,
  findTemplatesForNewcomer,
} from "./standing-assignments.store";
import { findTemplateRow } from "./templates.store";

// Newcomers are never a reason to rename what a member has (EVT-14), nor to bring back what was taken from them.
const quietly = { onSlugClash: "SUFFIX_MANAGED", revive: false } as const;

/**
 * A member arrived, by whatever door, or was suspended, removed or activated: they get the templates that are for
 * everybody who comes, and their event types follow their state (EVT-05, EVT-07, EVT-19). Reads the present state, so
 * it may run late, twice, or in another order.
 */
export const onMemberChanged = useCase(
  "operate",
  async (tx: Tx, { event }: { event: { readonly name: string; readonly memberId: MemberId } }): Promise<void> => {
    const { memberId } = event;
    for (const templateId of await findTemplatesForNewcomer(tx, memberId)) {
      await giveTo(tx, templateId, { memberIds: [memberId], groupIds: [], everybody: false });
    }
    await syncStatusOfMember(tx, memberId);
    if (event.name === "member.removed") await deleteAssignmentsOfMember(tx, memberId);
  },
  "onMemberChanged",
);

/** Members who came into a group get the templates that are assigned to it or to a group around it (EVT-07). */
export const onGroupChanged = useCase(
  "operate",
  async (tx: Tx, { event }: { event: { readonly groupId: GroupId } }): Promise<void> => {
    for (const { templateId, groupId } of await findTemplatesAround(tx, event.groupId)) {
      await giveTo(tx, templateId, { memberIds: [], groupIds: [groupId], everybody: false });
    }
  },
  "onGroupChanged",
);

/** Gives a template to those who arrived while it was being assigned and whom neither side saw. */
export const onTemplateAssigned = useCase(
  "operate",
  async (tx: Tx, { event }: { event: { readonly templateId: TemplateId } }): Promise<void> => {
    const memberIds = await findOverlooked(tx, event.templateId);
    if (memberIds.length > 0) {
      await giveTo(tx, event.templateId, { memberIds, groupIds: [], everybody: false });
    }
  },
  "onTemplateAssigned",
);

async function giveTo(tx: Tx, templateId: TemplateId, reach: Reach): Promise<void> {
  const template = await findTemplateRow(tx, templateId);
  if (template?.status === "ACTIVE") await giveEventTypes(tx, reach, template, quietly);
}

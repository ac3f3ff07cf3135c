import { PlenumError } from "../../kernel/errors";
import { publicId, type GroupId } from "../../kernel/ids";
import type { Tx } from "../../platform/unit-of-work";
import { addEdges, clearEdges, removeEdges, removeEdgesWhere, replaceEdges, type EdgeChange } from "./edges.store";
import type { GroupChild, GroupStep, UnknownChildren } from "./group";

/**
 * Applies steps in order, each one statement.
 * @throws PlenumError `invalid` naming the first child that the organization does not have, where that is refused.
 */
export async function applySteps(
  tx: Tx,
  id: GroupId,
  steps: readonly GroupStep[],
  onUnknown: UnknownChildren,
): Promise<EdgeChange> {
  const total = { added: 0, removed: 0, lifted: 0, unknown: [] as GroupChild[] };
  for (const step of steps) {
    const { added, removed, lifted, unknown } = await applyStep(tx, id, step);
    if (onUnknown === "refuse" && unknown[0]) throw unknownChild(unknown[0]);
    total.added += added;
    total.removed += removed;
    total.lifted += lifted;
    total.unknown.push(...unknown);
  }
  return total;
}

async function applyStep(tx: Tx, id: GroupId, step: GroupStep): Promise<EdgeChange> {
  switch (step.do) {
    case "add":
      return addEdges(tx, id, step.children, step.addedBy);
    case "remove":
      return removeEdges(tx, id, step.children);
    case "replace":
      return replaceEdges(tx, id, step.children);
    case "clear":
      return clearEdges(tx, id);
    case "removeMatching":
      return removeEdgesWhere(tx, id, step.condition);
  }
}

/** The public id of a member or group in a group. */
export function publicChildId(child: GroupChild): string {
  return child.kind === "MEMBER" ? publicId("member", child.id) : publicId("group", child.id);
}

function unknownChild(child: GroupChild): PlenumError {
  const received = publicChildId(child);
  return new PlenumError("invalid", `members: this organization has no ${received}`, { field: "members", received });
}

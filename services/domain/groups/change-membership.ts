import type { ConnectionId, GroupId } from "../../kernel/ids";
import type { Tx } from "../../platform/unit-of-work";
import { useCase } from "../access";
import { changeGroup } from "./change-group";
import type { Group, GroupChild } from "./group";

/** Puts members into a group; who is there already stays there. `addedBy` is for what is put back as it was. */
export const addToGroup = useCase(
  "group:write",
  async (
    tx: Tx,
    { id, ...more }: { id: GroupId; children: readonly GroupChild[]; addedBy?: ConnectionId | null },
  ): Promise<Group> => (await changeGroup(tx, { id, steps: [{ do: "add", ...more }] })).group,
  "addToGroup",
);

/** Takes members out of a group; who is not there is no error. */
export const removeFromGroup = useCase(
  "group:write",
  async (tx: Tx, input: { id: GroupId; children: readonly GroupChild[] }): Promise<Group> =>
    (await changeGroup(tx, { id: input.id, steps: [{ do: "remove", children: input.children }] })).group,
  "removeFromGroup",
);

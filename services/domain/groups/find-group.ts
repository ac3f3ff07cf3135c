import { notFound } from "../../kernel/errors";
import type { GroupId } from "../../kernel/ids";
import type { Tx } from "../../platform/unit-of-work";
import { requirePermission } from "../access";
import type { Group } from "./group";
import { findGroup } from "./groups.store";

/** @throws PlenumError `not_found` for unknown, removed and foreign groups alike. */
export async function getGroup(tx: Tx, id: GroupId): Promise<Group> {
  requirePermission(tx, "group:read");
  const group = await findGroup(tx, id);
  if (!group) throw notFound("group");
  return group;
}

import { invalid, notFound } from "../../kernel/errors";
import type { GroupId, MemberId } from "../../kernel/ids";
import type { Tx } from "../../platform/unit-of-work";
import type { Reach } from "./assignments.store";
import { findLiveGroups, findLiveMembers } from "./standing-assignments.store";

/** To whom a template is assigned, or from whom it is taken. */
export interface AssignmentTargets {
  readonly memberIds?: readonly MemberId[];
  readonly groupIds?: readonly GroupId[];
  /** Everybody there is now. */
  readonly allCurrent?: boolean;
  /** Everybody who arrives later, by any door. */
  readonly allFuture?: boolean;
}

const idsMax = 10_000;

/**
 * Whom the targets reach at this moment.
 * @throws PlenumError `invalid` without a target; `not_found` for a member or group that is not there.
 */
export async function reachOf(tx: Tx, targets: AssignmentTargets): Promise<Reach> {
  const memberIds = [...new Set(targets.memberIds)];
  const groupIds = [...new Set(targets.groupIds)];
  const everybody = targets.allCurrent ?? false;
  if (memberIds.length + groupIds.length === 0 && !everybody && !targets.allFuture) {
    throw invalid("targets", "members, groups, all current or all future members");
  }
  if (memberIds.length > idsMax || groupIds.length > idsMax) throw invalid("targets", `at most ${idsMax} ids`);
  if (memberIds.length > 0 && (await findLiveMembers(tx, memberIds)).length < memberIds.length) {
    throw notFound("member");
  }
  if (groupIds.length > 0 && (await findLiveGroups(tx, groupIds)).length < groupIds.length) throw notFound("group");
  return { memberIds, groupIds, everybody };
}

import type { ConnectionId, GroupId, MemberId } from "../../kernel/ids";
import type { Role } from "../../platform/caller";
import type { Tx } from "../../platform/unit-of-work";
import { changeMember } from "../members";
import { stopWaitingForPlan } from "../seats";
import { addOption, dropOption, moveBack, moveToPlan, type PlanMove } from "../subscriptions";
import type { GroupChild } from "./group";
import type { RuledMember, RuleSteps } from "./rule";
import { decideRules, isNothing } from "./rules.rules";
import { beginEffect, dropFromSnapshot, endEffect, loadRuled, membersUnder } from "./rules.store";

/** Somebody who lost the licence that a group gave: to the guard, they have left (SCIM-190). */
export interface LicenceLost {
  readonly memberId: MemberId;
  readonly status: RuledMember["status"];
  readonly role: Role;
  /** The connection that had put them into the group; null where a person did. */
  readonly addedBy?: ConnectionId | null;
}

export interface RulesApplied {
  readonly lost: readonly LicenceLost[];
  readonly warnings: readonly string[];
}

/** Nothing is done at once for more than these; the statement takes them as one array. */
const membersMax = 100_000;

/** The members whom a change of these children concerns, groups by all who belong to them. */
export async function membersOfChildren(tx: Tx, children: readonly GroupChild[]): Promise<MemberId[]> {
  const direct = children.flatMap((child) => (child.kind === "MEMBER" ? [child.id] : []));
  const groups = children.flatMap((child) => (child.kind === "GROUP" ? [child.id] : []));
  const nested = groups.length > 0 ? await membersUnder(tx, groups, { after: null, limit: membersMax }) : [];
  return [...new Set([...direct, ...nested])].sort();
}

export async function membersOfGroup(tx: Tx, id: GroupId): Promise<MemberId[]> {
  return membersUnder(tx, [id], { after: null, limit: membersMax });
}

/**
 * Gives members what the rules of their groups say, and takes back what rules gave that reach them no more, in the
 * transaction of whatever changed (SCIM-186). One member after the other in the order of ids, so that two changes that
 * meet do not wait for each other in a circle.
 * @throws PlenumError `seats_exhausted` where the organization's policy refuses: then nothing of the change is done.
 */
export async function applyRules(tx: Tx, ids: readonly MemberId[]): Promise<RulesApplied> {
  const lost: LicenceLost[] = [];
  const warnings: string[] = [];
  if (ids.length === 0) return { lost, warnings };
  for (const member of await loadRuled(tx, ids, { lock: true })) {
    const steps = decideRules(member);
    warnings.push(...steps.warnings);
    if (isNothing(steps)) continue;
    warnings.push(...(await perform(tx, member, steps)));
    const { id: memberId, status, role } = member;
    if (steps.service?.do === "back") lost.push({ memberId, status, role });
  }
  return { lost, warnings: [...new Set(warnings)] };
}

async function perform(tx: Tx, { id }: RuledMember, steps: RuleSteps): Promise<string[]> {
  const { role, service, give, take, ended, begun } = steps;
  const warnings: string[] = [];
  for (const effect of ended) await endEffect(tx, id, effect);
  if (role !== null) await changeMember(tx, { id, changes: [{ kind: "grantRole", role }] });
  const kept = new Set<string>();
  const move = service && (await performService(tx, id, service));
  if (move === "KEPT") kept.add(service?.planCode ?? "");
  if (move === "KEPT" || move === "WAITING") {
    warnings.push(`no free licence of ${service?.planCode ?? ""} for everybody: some wait or keep what they have`);
  }
  for (const planCode of take) await dropOption(tx, { memberId: id, planCode });
  for (const planCode of give) {
    if ((await addOption(tx, { memberId: id, planCode })) === "MOVED") continue;
    kept.add(planCode);
    warnings.push(`the option ${planCode} could not be given to everybody`);
  }
  // What could not be given is asked for again at the next change.
  for (const effect of begun) if (!kept.has(effect.value)) await beginEffect(tx, id, effect);
  return warnings;
}

async function performService(tx: Tx, memberId: MemberId, step: NonNullable<RuleSteps["service"]>): Promise<PlanMove> {
  const { planCode, before } = step;
  switch (step.do) {
    case "move":
      return moveToPlan(tx, { memberId, planCode });
    case "back":
      await moveBack(tx, { memberId, planCode, before });
      return "MOVED";
    case "forget":
      // They never came to have it, have another by hand, or sleep.
      await stopWaitingForPlan(tx, memberId, planCode);
      await dropFromSnapshot(tx, memberId, planCode);
      return "MOVED";
  }
}

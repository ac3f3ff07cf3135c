import type { ConnectionId, GroupId, MemberId } from "../../kernel/ids";
import type { Tx } from "../../platform/unit-of-work";
import { applyRules, membersOfChildren, membersOfGroup, type RulesApplied } from "./apply-rules";
import { addersOf } from "./edges.store";
import type { GroupStep } from "./group";
import { lockMembers } from "./rules.store";

type Adders = ReadonlyMap<MemberId, ConnectionId | null>;

/** Whom a change of a group concerns. */
export interface Concern {
  /** Asked once the change is done. */
  readonly members: () => Promise<readonly MemberId[]>;
  /** Who had put them there, of those who may leave: an undo puts them back as they were. */
  readonly adders: Adders;
}

const nobody: Adders = new Map();

/**
 * Those whom a change concerns: the children that are named, or for what sets a whole list those who are there before or
 * after, not both. The members are locked before the edges, which only share them: of two who share one and then both
 * want to change it, neither could (measured: twelve at once waited 17 s for each other).
 */
export async function beginConcern(tx: Tx, id: GroupId, steps: readonly GroupStep[]): Promise<Concern> {
  const named = steps.flatMap((step) => ("children" in step ? step.children : []));
  const members = await membersOfChildren(tx, named);
  if (steps.every((step) => step.do === "add" || step.do === "remove")) {
    await lockMembers(tx, members);
    const onlyAdds = steps.every((step) => step.do === "add");
    return { members: () => Promise.resolve(members), adders: onlyAdds ? nobody : await lookUp(tx, id, members) };
  }
  const before = await membersOfGroup(tx, id);
  await lockMembers(tx, [...new Set([...members, ...before])]);
  return { members: () => moved(tx, id, new Set(before)), adders: await lookUp(tx, id, before) };
}

async function moved(tx: Tx, id: GroupId, before: ReadonlySet<MemberId>): Promise<readonly MemberId[]> {
  const after = new Set(await membersOfGroup(tx, id));
  const left = [...before].filter((member) => !after.has(member));
  const came = [...after].filter((member) => !before.has(member));
  return [...left, ...came].sort();
}

// Only what an identity provider takes away is ever undone (SCIM-190).
async function lookUp(tx: Tx, id: GroupId, members: readonly MemberId[]): Promise<Adders> {
  return tx.caller.kind === "scim" ? addersOf(tx, id, members) : nobody;
}

/** Applies the rules to those whom a change has concerned, and tells who had put those there who lost something. */
export async function applyConcern(tx: Tx, { members, adders }: Concern): Promise<RulesApplied> {
  const { lost, warnings } = await applyRules(tx, await members());
  // Who belonged to the group by nobody we know of comes back by whoever asked, not by a person.
  const asking = tx.caller.kind === "scim" ? tx.caller.connectionId : null;
  return {
    lost: lost.map((one) => ({
      ...one,
      addedBy: adders.has(one.memberId) ? (adders.get(one.memberId) ?? null) : asking,
    })),
    warnings,
  };
}

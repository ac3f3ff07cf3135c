import { PlenumError } from "../../kernel/errors";
import type { MemberId } from "../../kernel/ids";
import type { Caller } from "../../platform/caller";
import type { Database, Tx } from "../../platform/unit-of-work";
import { useCase } from "../access";
import { applyRules } from "./apply-rules";
import { membersUnder, membersWithEffects, ruledGroups } from "./rules.store";

const batch = 50;

/** A member came back by whatever door: they get what their groups give. Reads the present state, so it may run late. */
export const onMemberActivated = useCase(
  "operate",
  async (tx: Tx, { event }: { event: { readonly memberId: MemberId } }): Promise<void> => {
    await applyRules(tx, [event.memberId]);
  },
  "onMemberActivated",
);

/** The next members whom rules reach or have reached, after one; nothing when there are no more. */
export const findRuledMembers = useCase(
  "operate",
  async (tx: Tx, input: { after: MemberId | null }): Promise<MemberId[]> => {
    const page = { after: input.after, limit: batch };
    const reached = await membersUnder(tx, await ruledGroups(tx), page);
    const given = await membersWithEffects(tx, page);
    return [...new Set([...reached, ...given])].sort().slice(0, batch);
  },
  "findRuledMembers",
);

/** Applies the rules to some members. */
export const applyRulesTo = useCase(
  "operate",
  async (tx: Tx, input: { ids: readonly MemberId[] }): Promise<void> => {
    await applyRules(tx, input.ids);
  },
  "applyRulesTo",
);

/**
 * Goes through everybody whom rules reach or have reached, a batch at a time. A member for whom there is no licence under
 * a policy that refuses keeps what they have; the others are not kept waiting for it.
 */
export async function applyAllRules(db: Database, caller: Caller): Promise<void> {
  for (let after: MemberId | null = null; ;) {
    const from: MemberId | null = after;
    const ids: MemberId[] = await db.run(caller, (tx) => findRuledMembers(tx, { after: from }));
    const last = ids.at(-1);
    if (last === undefined) return;
    if (!(await isApplied(db, caller, ids))) for (const id of ids) await isApplied(db, caller, [id]);
    after = last;
  }
}

async function isApplied(db: Database, caller: Caller, ids: readonly MemberId[]): Promise<boolean> {
  try {
    await db.run(caller, (tx) => applyRulesTo(tx, { ids }));
    return true;
  } catch (error) {
    if (error instanceof PlenumError && error.code === "seats_exhausted") return false;
    throw error;
  }
}

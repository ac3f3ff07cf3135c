import { PlenumError } from "../../kernel/errors";
import type { Caller } from "../../platform/caller";
import type { Database, Tx } from "../../platform/unit-of-work";
import { isRetryable } from "../../platform/postgres-errors";
import { useCase } from "../access";
import { addToGroup } from "../groups";
import { changeMember, restoreMember, type MemberChange, type SeatOutcome } from "../members";
import {
  groupsWithout,
  lockState,
  nextUndo,
  relinkMember,
  settleUndo,
  takeUndo,
  type UndoKey,
  type UndoLine,
  type UndoOutcome,
} from "./runs.store";

/**
 * Brings the next member of an undone run back: state, role, groups, the provider's names for them, and a seat or a
 * place in the line. Answers false when nobody is left.
 */
export const undoNextMember = useCase(
  "operate",
  async (tx: Tx, { onTaken }: { onTaken?: (line: UndoKey) => void }): Promise<boolean> => {
    const line = await nextUndo(tx);
    if (!line) return false;
    onTaken?.(line);
    const now = await lockState(tx, line.memberId);
    const before = await takeUndo(tx, line);
    if (before) await settleUndo(tx, line, now ? await bringBack(tx, { ...line, before }, now) : "GONE");
    return true;
  },
  "undoNextMember",
);

/** Leaves a member who cannot be brought back to the people, saying why; nothing where it is settled already. */
export const giveUpUndo = useCase(
  "operate",
  async (tx: Tx, { outcome, ...line }: UndoKey & { outcome: UndoOutcome }): Promise<void> => {
    await settleUndo(tx, line, outcome);
  },
  "giveUpUndo",
);

/** Works through everybody who is to be brought back, one member per unit of work (ruling a10). */
export async function undoRuns(db: Database, caller: Caller): Promise<void> {
  for (;;) {
    // Whoever failed, not whoever is next: another worker may have taken them meanwhile.
    const taken: UndoKey[] = [];
    try {
      if (!(await db.run(caller, (tx) => undoNextMember(tx, { onTaken: (line) => taken.push(line) })))) return;
    } catch (error) {
      const line = taken.at(-1);
      if (!(error instanceof PlenumError) || error.code === "unavailable" || !line) throw error;
      // Whoever only had to wait too long for others is no one to give up: the worker comes again.
      if (error.code === "conflict" && isRetryable(error.cause, 1)) throw error;
      const outcome = error.code === "duplicate" || error.code === "already_member" ? "NAME_TAKEN" : "CHANGED_SINCE";
      const { runId, memberId } = line;
      await db.run(caller, (tx) => giveUpUndo(tx, { runId, memberId, outcome }));
    }
  }
}

async function bringBack(
  tx: Tx,
  { memberId, before }: UndoLine,
  now: Pick<UndoLine["before"], "status" | "role">,
): Promise<UndoOutcome> {
  let seat: SeatOutcome | "NONE" | undefined;
  const isRemoved = now.status === "REMOVED";
  if (isRemoved) {
    const suspended = before.status === "SUSPENDED";
    // Whoever was suspended first and removed later has the licences of before in their own row.
    const pools = before.pools.length > 0 ? { pools: before.pools } : {};
    const restored = await restoreMember(tx, { id: memberId, ...pools, suspended, whenFull: "wait" });
    seat = restored.seat;
    await relinkMember(tx, memberId, before.links);
  }
  const changes = changesTo(now, before, isRemoved);
  const changed = changes.length > 0 ? await changeMember(tx, { id: memberId, changes }) : undefined;
  const groups = await groupsWithout(tx, before.groups, memberId);
  // By whom they were there, so that coming back gives nothing that they did not have (SCIM-048).
  for (const id of groups) {
    await addToGroup(tx, { id, children: [{ kind: "MEMBER", id: memberId }], addedBy: before.addedBy?.[id] ?? null });
  }
  if (!isRemoved && changed?.changed !== true && groups.length === 0) return "CHANGED_SINCE";
  return (changed?.seat ?? seat) === "WAITING" ? "WAITING" : "RESTORED";
}

function changesTo(
  now: Pick<UndoLine["before"], "status" | "role">,
  before: UndoLine["before"],
  isRestored: boolean,
): MemberChange[] {
  const activates = !isRestored && now.status === "SUSPENDED" && before.status !== "SUSPENDED";
  // Whoever leaves steps down from owner to administrator; nothing else of a role is lost by leaving.
  const wasOwner = before.role === "OWNER" && now.role === "ADMIN" && (isRestored || activates);
  return [
    ...(activates ? [{ kind: "activate", whenFull: "wait" } as const] : []),
    ...(wasOwner ? [{ kind: "grantRole", role: "OWNER" } as const] : []),
  ];
}

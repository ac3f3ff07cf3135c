import { notFound } from "../../kernel/errors";
import type { MemberId, SubscriptionId } from "../../kernel/ids";
import { reattachPerson } from "../../platform/lobby";
import type { Tx } from "../../platform/unit-of-work";
import { useCase } from "../access";
import { activate, type WhenFull } from "./activate-member";
import type { Member } from "./member";
import { loginEmailOf } from "./member.rules";
import { findByLoginEmail, lockRemovedRow, updateMember } from "./members.store";
import type { SeatOutcome } from "./seat-member";

export interface RestoredMember {
  readonly member: Member;
  readonly seat: SeatOutcome | "NONE";
}

/**
 * Brings a removed member back under the same id, within the undo window (SCIM-171): profile, role below owner, and a
 * seat under the policy; whoever was suspended comes back suspended. Groups are not remembered here. Sign-ins stay dead.
 * @throws PlenumError `not_found` after the window; `duplicate` where somebody has the user name meanwhile;
 * `already_member` where the person is somebody else here now; `seats_exhausted`.
 */
export const restoreMember = useCase(
  "member:write",
  async (
    tx: Tx,
    input: {
      id: MemberId;
      /** Licences to try first, where the member had them before. */
      pools?: readonly SubscriptionId[];
      suspended?: boolean;
      whenFull?: WhenFull;
    },
  ): Promise<RestoredMember> => {
    const removed = await lockRemovedRow(tx, input.id);
    if (!removed) throw notFound("removed member");
    const stays = input.suspended ?? removed.seatSnapshot !== null;
    const given = loginEmailOf(removed.userName, removed.values);
    const isFree = given && !(await findByLoginEmail(tx, given.norm));
    const asleep: Member = {
      ...removed,
      status: "SUSPENDED",
      loginEmail: isFree ? given.asGiven : null,
      seatSnapshot: input.pools ?? removed.seatSnapshot ?? [],
      // Sign-ins from before the removal do not come back to life.
      suspendedAt: tx.now,
      removedAt: null,
    };
    // The same human: an address that was changed meanwhile must not hand the membership, or its role, to somebody else.
    if (removed.personId) await reattachPerson(tx, removed.personId, input.id);
    // Written first: a user name that is taken refuses before a seat is.
    await updateMember(tx, asleep, { emailNorm: isFree ? given.norm : null });
    const { member, seat } = stays ? { member: asleep } : await activate(tx, asleep, input.whenFull);
    const version = stays ? asleep.version : await updateMember(tx, member, { emailNorm: isFree ? given.norm : null });

    tx.audit({ action: "member.restore", target: { kind: "member", id: input.id }, facts: { status: member.status } });
    tx.emit({ name: "member.changed", memberId: input.id });
    return { member: { ...member, version }, seat: seat ?? "NONE" };
  },
  "restoreMember",
);

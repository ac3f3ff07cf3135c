import { dayMs, plusMs } from "../../kernel/clock";
import { notFound, PlenumError } from "../../kernel/errors";
import type { MemberId } from "../../kernel/ids";
import { detachPerson, putOnAgenda } from "../../platform/lobby";
import type { Tx } from "../../platform/unit-of-work";
import { useCase } from "../access";
import { moveOwnerCount, releaseFreePlaceRow } from "../organizations";
import { releaseLicence, stopWaiting } from "../seats";
import { endInvitationRow, findPendingInvitation } from "./invitations.store";
import type { Member } from "./member";
import { requireRole } from "./add-member";
import { deleteGroupEdges, lockMemberRow, updateMember } from "./members.store";

/** For how long a removed member can be brought back (SCIM-171). */
export const undoWindowDays = 30;

/**
 * Removes a member: seat free, sign-in dead, out of every group, the user name free for somebody else at once
 * (SCIM-092, 170). The row stays as a tombstone for the undo window.
 * @throws PlenumError `not_found`, `last_owner`, `stale_version`.
 */
export const removeMember = useCase(
  "member:write",
  async (tx: Tx, input: { id: MemberId; ifVersion?: string }): Promise<Member> => {
    const member = await lockMemberRow(tx, input.id);
    if (!member) throw notFound("member");
    if (input.ifVersion !== undefined && input.ifVersion !== member.version) {
      throw new PlenumError("stale_version", "the member has changed since", { version: member.version });
    }
    if (member.role === "OWNER") {
      if (tx.caller.kind === "person" || tx.caller.kind === "token") requireRole(tx, "OWNER");
      await moveOwnerCount(tx, -1);
    }
    return remove(tx, member, "MEMBER_REMOVED");
  },
  "removeMember",
);

/** The same on a locked row, for declined and revoked invitations too. */
export async function remove(tx: Tx, member: Member, reason: "MEMBER_REMOVED"): Promise<Member> {
  const pending = await findPendingInvitation(tx, member.id);
  if (pending) await endInvitationRow(tx, pending.id, "REVOKED");
  await stopWaiting(tx, member.id);
  if (member.freePlace) await releaseFreePlaceRow(tx);
  await releaseLicence(tx, { memberId: member.id, reason });
  await deleteGroupEdges(tx, member.id);
  if (member.personId) await detachPerson(tx, member.personId);
  const removed: Member = {
    ...member,
    status: "REMOVED",
    role: member.role === "OWNER" ? "ADMIN" : member.role,
    freePlace: false,
    removedAt: tx.now,
  };
  const purgeAfter = plusMs(tx.now, undoWindowDays * dayMs);
  const version = await updateMember(tx, removed, { emailNorm: null, purgeAfter });
  await putOnAgenda(tx, "PURGE_MEMBERS", purgeAfter);

  tx.audit({ action: "member.remove", target: { kind: "member", id: member.id }, facts: { status: member.status } });
  tx.emit({ name: "member.removed", memberId: member.id });
  return { ...removed, version };
}

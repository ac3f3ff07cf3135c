import { dayMs } from "../../kernel/clock";
import { notFound, PlenumError } from "../../kernel/errors";
import { publicId, type InvitationId, type MemberId } from "../../kernel/ids";
import { mintSecret } from "../../platform/secrets";
import type { Tx } from "../../platform/unit-of-work";
import { useCase } from "../access";
import { invitationValidDays, writeLetter } from "./invitations";
import { endInvitationRow, findInvitation, findPendingInvitation, resendInvitationRow } from "./invitations.store";
import type { Invitation } from "./invitations.store";
import { lockMemberRow } from "./members.store";
import type { Member } from "./member";
import { remove } from "./remove-member";

const lettersPerDayMax = 5;

export interface ResentInvitation {
  readonly invitation: Invitation;
  readonly member: Member;
  /** Waiting a day is advice, not a rule (ORG-14). */
  readonly warnings: readonly "resend_before_recommended_delay"[];
}

/**
 * Writes the letter again, with a new link; the old one stops working.
 * @throws PlenumError `invitation_not_pending`, `resend_limit_reached` (five a day).
 */
export const resendInvitation = useCase(
  "invitation:write",
  async (tx: Tx, input: { id: InvitationId }): Promise<ResentInvitation> => {
    const { invitation, member } = await pending(tx, input.id);
    const secret = mintSecret("invitation", tx.orgId);
    const resent = await resendInvitationRow(tx, {
      id: invitation.id,
      hash: secret.hash,
      validDays: invitationValidDays,
      perDayMax: lettersPerDayMax,
    });
    if (!resent) {
      const facts = { perDay: lettersPerDayMax };
      throw new PlenumError(
        "resend_limit_reached",
        `an invitation is sent at most ${lettersPerDayMax} times a day`,
        facts,
      );
    }

    await writeLetter(tx, member.loginEmail ?? member.userName, secret.text);

    tx.audit({
      action: "invitation.resend",
      target: { kind: "member", id: member.id },
      facts: { count: resent.sendCount },
    });
    tx.emit({ name: "invitation.sent", memberId: member.id, invitationId: invitation.id });
    const early = tx.now.getTime() - invitation.sentAt.getTime() < dayMs;
    return { invitation: resent, member, warnings: early ? ["resend_before_recommended_delay"] : [] };
  },
  "resendInvitation",
);

/** Takes an invitation back: the link stops working and the seat is free. */
export const revokeInvitation = useCase(
  "invitation:write",
  async (tx: Tx, input: { id: InvitationId }): Promise<Member> => {
    const { invitation, member } = await pending(tx, input.id);
    await endInvitationRow(tx, invitation.id, "REVOKED");
    tx.emit({ name: "invitation.ended", memberId: member.id, invitationId: invitation.id });
    return remove(tx, member, "MEMBER_REMOVED");
  },
  "revokeInvitation",
);

/** The pending invitation of a member, if any. */
export async function pendingInvitationOf(tx: Tx, memberId: MemberId): Promise<Invitation | undefined> {
  return findPendingInvitation(tx, memberId);
}

async function pending(tx: Tx, id: InvitationId): Promise<{ invitation: Invitation; member: Member }> {
  const seen = await findInvitation(tx, id);
  if (!seen) throw notFound("invitation");
  // The member first: the order of locks is the same for accepting, revoking and removing.
  const member = await lockMemberRow(tx, seen.memberId);
  const invitation = await findInvitation(tx, id);
  if (invitation?.status !== "PENDING" || member?.status !== "INVITED") {
    throw new PlenumError("invitation_not_pending", "this invitation is answered or withdrawn", {
      invitation: publicId("invitation", id),
      status: seen.status,
    });
  }
  return { invitation, member };
}

import { PlenumError } from "../../kernel/errors";
import { readEmail } from "../../kernel/email";
import { attachPerson } from "../../platform/lobby";
import { readSecret } from "../../platform/secrets";
import type { Tx } from "../../platform/unit-of-work";
import { useCase } from "../access";
import { requireLiveOrganization } from "../organizations";
import { endInvitationRow, findInvitationBySecret, type Invitation } from "./invitations.store";
import type { Member } from "./member";
import { lockMemberRow, updateMember } from "./members.store";
import { remove } from "./remove-member";

/**
 * Accepts by the link of the letter, once: whoever opens it reads the mailbox, so the address is proved. The seat was
 * taken when the invitation was made and does not move (DEC-07).
 * @throws PlenumError `invalid_token`, one answer for unknown, used, revoked and expired links (C4).
 */
export const acceptInvitation = useCase(
  "invitation:answer",
  async (tx: Tx, input: { secret: string }): Promise<Member> => {
    const { locale } = await requireLiveOrganization(tx);
    const { invitation, member } = await pendingBySecret(tx, input.secret);
    if (!(await endInvitationRow(tx, invitation.id, "ACCEPTED"))) throw invalidToken();
    return join(tx, member, locale);
  },
  "acceptInvitation",
);

/** Declines by the link: the seat is free again and the invitee leaves the lists. */
export const declineInvitation = useCase(
  "invitation:answer",
  async (tx: Tx, input: { secret: string }): Promise<void> => {
    const { invitation, member } = await pendingBySecret(tx, input.secret);
    if (!(await endInvitationRow(tx, invitation.id, "DECLINED"))) throw invalidToken();
    tx.emit({ name: "invitation.ended", memberId: member.id, invitationId: invitation.id });
    await remove(tx, member, "MEMBER_REMOVED");
  },
  "declineInvitation",
);

/** Looks at a link without using it: mail scanners look too. */
export const showInvitation = useCase(
  "invitation:answer",
  async (tx: Tx, input: { secret: string }): Promise<Member> => (await pendingBySecret(tx, input.secret)).member,
  "showInvitation",
);

/** Makes an INVITED member ACTIVE: by the link, or because their identity provider or domain vouches for them. */
export async function join(tx: Tx, member: Member, locale: "fr" | "en"): Promise<Member> {
  const email = member.loginEmail === null ? undefined : readEmail(member.loginEmail);
  const personId = email ? await attachPerson(tx, email, member.id, locale) : null;
  const joined: Member = { ...member, status: "ACTIVE", personId, joinedAt: member.joinedAt ?? tx.now };
  const version = await updateMember(tx, joined, { emailNorm: email?.norm ?? null });

  tx.audit({ action: "member.join", target: { kind: "member", id: member.id } });
  tx.emit({ name: "member.activated", memberId: member.id });
  return { ...joined, version };
}

async function pendingBySecret(tx: Tx, text: string): Promise<{ invitation: Invitation; member: Member }> {
  const secret = readSecret(text);
  if (secret?.kind !== "invitation" || secret.orgId !== tx.orgId) throw invalidToken();
  const invitation = await findInvitationBySecret(tx, secret.hash);
  if (!invitation || invitation.status !== "PENDING" || invitation.expired) throw invalidToken();
  const member = await lockMemberRow(tx, invitation.memberId);
  if (member?.status !== "INVITED") throw invalidToken();
  return { invitation, member };
}

function invalidToken(): PlenumError {
  return new PlenumError("invalid_token", "this link is unknown, used or expired", {});
}

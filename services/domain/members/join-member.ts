import { notFound } from "../../kernel/errors";
import type { MemberId } from "../../kernel/ids";
import type { Tx } from "../../platform/unit-of-work";
import { useCase } from "../access";
import { requireLiveOrganization } from "../organizations";
import { join } from "./answer-invitation";
import { endInvitationRow, findPendingInvitation } from "./invitations.store";
import type { Member } from "./member";
import { lockMemberRow } from "./members.store";

/**
 * Lets an INVITED member in without the letter, because their identity provider vouches for them (ruling 3). The seat
 * was taken with the invitation and stays. A member who has joined meanwhile is left as they are.
 * @throws PlenumError `not_found`.
 */
export const joinMember = useCase(
  "member:write",
  async (tx: Tx, input: { id: MemberId }): Promise<Member> => {
    const { locale } = await requireLiveOrganization(tx);
    const member = await lockMemberRow(tx, input.id);
    if (!member) throw notFound("member");
    if (member.status !== "INVITED") return member;
    const invitation = await findPendingInvitation(tx, member.id);
    if (invitation && (await endInvitationRow(tx, invitation.id, "ACCEPTED"))) {
      tx.emit({ name: "invitation.ended", memberId: member.id, invitationId: invitation.id });
    }
    return join(tx, member, locale);
  },
  "joinMember",
);

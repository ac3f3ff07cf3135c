import type { Email } from "../../kernel/email";
import { newId, type InvitationId, type MemberId } from "../../kernel/ids";
import { keepMail } from "../../platform/lobby";
import { mintSecret } from "../../platform/secrets";
import type { Tx } from "../../platform/unit-of-work";
import { loadOrganization } from "../organizations";
import { invitationMail } from "./invitation.mail";
import { insertInvitation } from "./invitations.store";

/** How long the link of a letter works; the invitation itself stays pending (DEC-08). */
export const invitationValidDays = 30;

/** Writes the letter to a member who is not in yet: a one-time link, kept for sending in the same transaction. */
export async function sendInvitation(tx: Tx, to: { memberId: MemberId; email: Email }): Promise<InvitationId> {
  const id = newId("invitation");
  const secret = mintSecret("invitation", tx.orgId);
  const invitedBy = tx.caller.kind === "person" || tx.caller.kind === "token" ? tx.caller.memberId : null;
  await insertInvitation(tx, {
    id,
    memberId: to.memberId,
    hash: secret.hash,
    validDays: invitationValidDays,
    invitedBy,
  });
  await writeLetter(tx, to.email.asGiven, secret.text);
  tx.emit({ name: "invitation.sent", memberId: to.memberId, invitationId: id });
  return id;
}

/** Keeps the letter with its link for sending. */
export async function writeLetter(tx: Tx, address: string, secret: string): Promise<void> {
  const { name, locale } = await loadOrganization(tx);
  const link = `${tx.instance.publicUrl}/invitation/${secret}`;
  await keepMail(tx, { to: address, ...invitationMail(locale, { organization: name, link }) }, null);
}

import { readEmail } from "../../kernel/email";
import { attachPerson } from "../../platform/lobby";
import type { Tx } from "../../platform/unit-of-work";
import { requireLiveOrganization } from "../organizations";
import { tryTakeLicence } from "../seats";
import { isOwnDomain } from "./add-member";
import { sendInvitation } from "./invitations";
import { findPendingInvitation } from "./invitations.store";
import type { Member } from "./member";
import { seatMember, type SeatOutcome, type WhenFull } from "./seat-member";

export type { WhenFull } from "./seat-member";

/**
 * Reactivates a suspended member with the licences they had where those are free, else by the default and the policy
 * (ruling c8). Sessions and API tokens do not come back. Whoever has never joined and has no address in a verified
 * domain is invited, not joined (SCIM-049).
 * @throws PlenumError `seats_exhausted`, as on creation (SCIM-184).
 */
export async function activate(
  tx: Tx,
  member: Member,
  whenFull: WhenFull = "policy",
): Promise<{ member: Member; seat?: SeatOutcome }> {
  if (member.status !== "SUSPENDED") return { member };
  const { locale } = await requireLiveOrganization(tx);
  const seat = await seatAgain(tx, member, whenFull);
  const email = member.loginEmail === null ? undefined : readEmail(member.loginEmail);
  const joins = member.joinedAt !== null || !email || (await isOwnDomain(tx, email.domain));
  const personId =
    joins && email ? (member.personId ?? (await attachPerson(tx, email, member.id, locale))) : member.personId;
  if (!joins && !(await findPendingInvitation(tx, member.id))) {
    await sendInvitation(tx, { memberId: member.id, email });
  }

  tx.emit({ name: "member.activated", memberId: member.id });
  const joinedAt = joins ? (member.joinedAt ?? tx.now) : null;
  const status = joins ? "ACTIVE" : "INVITED";
  return { member: { ...member, status, personId, joinedAt, freePlace: seat === "FREE", seatSnapshot: null }, seat };
}

async function seatAgain(tx: Tx, member: Member, whenFull: WhenFull): Promise<SeatOutcome> {
  let seated = false;
  for (const id of member.seatSnapshot ?? []) {
    const taken = await tryTakeLicence(tx, {
      memberId: member.id,
      from: { by: "subscription", id },
      origin: "DEFAULT",
    });
    seated ||= taken?.kind === "SERVICE";
  }
  return seated ? "ASSIGNED" : seatMember(tx, member.id, "DEFAULT", whenFull);
}

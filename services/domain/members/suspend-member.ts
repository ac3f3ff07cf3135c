import type { Tx } from "../../platform/unit-of-work";
import { moveOwnerCount, releaseFreePlaceRow } from "../organizations";
import { openLicencesOf, releaseLicence, stopWaiting } from "../seats";
import { requireRole } from "./add-member";
import type { Member } from "./member";

export interface Suspended {
  readonly member: Member;
  /**
   * Gives the seat back. Still to be called, as late as may be: until the commit everybody who takes or leaves a seat of
   * that pool waits for it.
   */
  readonly release?: () => Promise<unknown>;
}

/**
 * Suspends: the seat is free at once and every sign-in of the member is dead with the commit, because a sign-in counts
 * only while its member is ACTIVE and only if it began after the last suspension. Data, groups and profile stay
 * (SCIM-187). An owner steps down to ADMIN; the organization's last owner cannot. Of people, only
 * an owner may suspend one.
 * @throws PlenumError `last_owner`, `forbidden`.
 */
export async function suspend(tx: Tx, member: Member): Promise<Suspended> {
  if (member.status === "SUSPENDED") return { member };
  if (member.role === "OWNER") {
    if (tx.caller.kind === "person" || tx.caller.kind === "token") requireRole(tx, "OWNER");
    await moveOwnerCount(tx, -1);
  }

  // Nobody seats them any more once they are out of the line, so these are what is given back.
  const [, pools] = await Promise.all([stopWaiting(tx, member.id), openLicencesOf(tx, member.id)]);

  tx.emit({ name: "member.suspended", memberId: member.id });
  return {
    member: {
      ...member,
      status: "SUSPENDED",
      role: member.role === "OWNER" ? "ADMIN" : member.role,
      freePlace: false,
      seatSnapshot: pools.map((pool) => pool.subscriptionId),
      suspendedAt: tx.now,
    },
    release: () =>
      Promise.all([
        releaseLicence(tx, { memberId: member.id, reason: "SUSPENDED" }),
        member.freePlace ? releaseFreePlaceRow(tx) : undefined,
      ]),
  };
}

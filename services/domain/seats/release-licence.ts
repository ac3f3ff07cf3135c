import { publicId, type MemberId, type SubscriptionId } from "../../kernel/ids";
import type { Tx } from "../../platform/unit-of-work";
import type { LicenceEndReason } from "./seat";
import { deleteWait, insertWait, nextWaitingMember, releaseUnits, type ReleasedLicence } from "./seats.store";
import { tryTakeLicence } from "./take-licence";

/**
 * Gives the member's licences back (one pool's or all), in one statement; the freed seats go to who waits longest, in
 * the same transaction. Ending nothing is no error: releasing is a state, not a step.
 */
export async function releaseLicence(
  tx: Tx,
  input: { memberId: MemberId; subscriptionId?: SubscriptionId; reason: LicenceEndReason },
): Promise<ReleasedLicence[]> {
  const { memberId, reason } = input;
  const released = await releaseUnits(tx, memberId, reason, input.subscriptionId ?? null);
  for (const { subscriptionId } of released) {
    tx.audit({
      action: "seat.release",
      target: { kind: "member", id: memberId },
      facts: { subscription: publicId("subscription", subscriptionId), reason },
    });
    tx.emit({ name: "seat.released", memberId, subscriptionId });
  }
  if (released.some((r) => r.kind === "SERVICE")) await serveWaitlist(tx);
  return released;
}

/** Puts a member in the line for a seat. */
export async function waitForSeat(
  tx: Tx,
  memberId: MemberId,
  origin: "SCIM" | "SAML" | "IMPORT" | "DEFAULT",
): Promise<void> {
  await insertWait(tx, memberId, origin);
  tx.emit({ name: "seat.waited", memberId });
}

/** Takes a member out of the line. */
export async function stopWaiting(tx: Tx, memberId: MemberId): Promise<void> {
  await deleteWait(tx, memberId);
}

/** Hands free seats to those who wait, first come first served (SCIM-185). Answers how many were served. */
export async function serveWaitlist(tx: Tx): Promise<number> {
  for (let served = 0; ; served++) {
    const next = await nextWaitingMember(tx);
    if (!next) return served;
    const taken = await tryTakeLicence(tx, { memberId: next.memberId, from: { by: "default" }, origin: next.source });
    if (!taken) return served;
    await deleteWait(tx, next.memberId);
  }
}

import { plusMs, secondMs } from "../../kernel/clock";
import { publicId, type MemberId, type SubscriptionId } from "../../kernel/ids";
import { putOnAgenda } from "../../platform/lobby";
import type { Tx } from "../../platform/unit-of-work";
import type { LicenceEndReason } from "./seat";
import { releaseFreePlaceRow } from "../organizations";
import { openLicencesOf, releaseUnits, type ReleasedLicence } from "./release.store";
import { findFreePool } from "./take.store";
import {
  deleteWait,
  hasJoinedSince,
  insertWait,
  nextWaitingForPlan,
  nextWaitingMember,
  unmarkFreePlace,
} from "./wait.store";
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
  if (released.some((r) => r.kind === "SERVICE" && r.isAwaited)) await serveWaitlist(tx);
  return released;
}

/** Longer than a unit of work lasts (DB-10). */
const settledMs = 15 * secondMs;

/**
 * Puts a member in the line for a seat, of the default plan or of a plan that was chosen for them. Whoever gives a seat
 * back in this moment does not see the newcomer, and the newcomer not the seat: it is looked once more when both have
 * ended, or a seat would stay empty beside somebody who waits for it.
 */
export async function waitForSeat(
  tx: Tx,
  memberId: MemberId,
  origin: "SCIM" | "SAML" | "IMPORT" | "DEFAULT",
  planCode: string | null = null,
): Promise<void> {
  await insertWait(tx, memberId, origin, planCode);
  await putOnAgenda(tx, "SERVE_WAITLIST", plusMs(tx.now, settledMs));
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
    const { memberId, planCode, source } = next;
    const from = { by: "default" } as const;
    const taken = planCode === null && (await tryTakeLicence(tx, { memberId, from, origin: source }));
    if (taken) await deleteWait(tx, memberId);
    else if (!(await servePlan(tx))) return served;
  }
}

/** When the line is to be looked at once more: while somebody has joined it so lately that they may have missed a seat. */
export async function nextLookAtWaitlist(tx: Tx): Promise<Date | null> {
  return (await hasJoinedSince(tx, plusMs(tx.now, -settledMs))) ? plusMs(tx.now, settledMs) : null;
}

/** Moves whoever waits longest for a plan that has room to it; what they held meanwhile is free for the others. */
async function servePlan(tx: Tx): Promise<boolean> {
  const next = await nextWaitingForPlan(tx);
  const pool = next && (await findFreePool(tx, next.planCode));
  if (!pool) return false;
  const { memberId, source, freePlace } = next;
  const held = (await openLicencesOf(tx, memberId)).find((licence) => licence.kind === "SERVICE");
  if (held) await releaseUnits(tx, memberId, "REPLACED", held.subscriptionId);
  await tryTakeLicence(tx, { memberId, from: { by: "subscription", id: pool }, origin: source });
  await deleteWait(tx, memberId);
  if (freePlace && (await unmarkFreePlace(tx, memberId))) await releaseFreePlaceRow(tx);
  return true;
}

import { notFound, PlenumError } from "../../kernel/errors";
import { publicId, type MemberId, type SubscriptionId } from "../../kernel/ids";
import type { Tx } from "../../platform/unit-of-work";
import { releaseFreePlaceRow } from "../organizations";
import { openLicencesOf, releaseLicence, type OpenLicence } from "../seats";
import { lockHolder, markFreePlace, type Holder } from "./holders.store";

/**
 * The locked member who is to get or lose a licence.
 * @throws PlenumError `not_found`; `member_not_active` for a suspended one: licences come back with reactivation.
 */
export async function requireHolder(tx: Tx, memberId: MemberId): Promise<Holder> {
  const holder = await lockHolder(tx, memberId);
  if (!holder || holder.status === "REMOVED") throw notFound("member");
  if (holder.status === "SUSPENDED") {
    const facts = { member: publicId("member", memberId), status: holder.status };
    throw new PlenumError("member_not_active", "this member is suspended", facts);
  }
  return holder;
}

/** The member's seat, if any: at most one (SUB-18). */
export async function findService(tx: Tx, memberId: MemberId): Promise<OpenLicence | undefined> {
  return (await openLicencesOf(tx, memberId)).find((licence) => licence.kind === "SERVICE");
}

/** A paid seat takes the place of a free one. */
export async function leaveFreePlan(tx: Tx, holder: Holder): Promise<void> {
  if (!holder.freePlace) return;
  await releaseFreePlaceRow(tx);
  await markFreePlace(tx, holder.memberId, false);
}

/** Ends one licence of a member. */
export async function endLicence(
  tx: Tx,
  memberId: MemberId,
  subscriptionId: SubscriptionId,
  reason: "MANUAL" | "REPLACED",
): Promise<void> {
  await releaseLicence(tx, { memberId, subscriptionId, reason });
}

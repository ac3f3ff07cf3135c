import { PlenumError } from "../../kernel/errors";
import type { MemberId } from "../../kernel/ids";
import type { Tx } from "../../platform/unit-of-work";
import { loadOrganization, takeFreePlaceRow } from "../organizations";
import { defaultPoolFacts, seatsExhausted, tryTakeLicence, waitForSeat, type LicenceOrigin } from "../seats";
import { expandPool } from "../subscriptions";

/** What a member got: a paid seat, a place in the line, a place on the free plan. */
export type SeatOutcome = "ASSIGNED" | "WAITING" | "FREE";
/** What decides where no seat is free; `wait` is for bringing people back, which must not fail for a seat (ruling c14). */
export type WhenFull = "policy" | "wait";

/**
 * Gives a member a seat of the default subscription; where none is free, the organization's policy decides
 * (decision 7). THE function behind every door: invitation, SCIM, SAML, import, operator.
 * An organization without a default subscription is on the free plan: its members take free places.
 * @throws PlenumError `seats_exhausted` or `free_member_limit_reached`; nothing was written.
 */
export async function seatMember(
  tx: Tx,
  memberId: MemberId,
  origin: LicenceOrigin,
  whenFull: WhenFull = "policy",
): Promise<SeatOutcome> {
  if (await tryTakeLicence(tx, { memberId, from: { by: "default" }, origin })) return "ASSIGNED";
  const organization = await loadOrganization(tx);
  const pool = await defaultPoolFacts(tx);
  if (whenFull === "wait") return waitOrFree(tx, memberId, pool !== undefined);
  if (!pool || organization.seatPolicy === "free") return takeFreePlace(tx, pool !== undefined);
  switch (organization.seatPolicy) {
    case "waitlist":
      await waitForSeat(
        tx,
        memberId,
        origin === "SCIM" || origin === "SAML" || origin === "IMPORT" ? origin : "DEFAULT",
      );
      return "WAITING";
    case "expand":
      await expandPool(tx, { ceiling: organization.expandCeiling });
      if (await tryTakeLicence(tx, { memberId, from: { by: "default" }, origin })) return "ASSIGNED";
      throw await seatsExhausted(tx);
    case "refuse":
      throw await seatsExhausted(tx);
  }
}

async function waitOrFree(tx: Tx, memberId: MemberId, hasPool: boolean): Promise<SeatOutcome> {
  if (!hasPool && (await takeFreePlaceRow(tx))) return "FREE";
  await waitForSeat(tx, memberId, "DEFAULT");
  return "WAITING";
}

async function takeFreePlace(tx: Tx, hasPool: boolean): Promise<SeatOutcome> {
  if (await takeFreePlaceRow(tx)) return "FREE";
  if (hasPool) throw await seatsExhausted(tx);
  const { freeMemberLimit } = await loadOrganization(tx);
  throw new PlenumError("free_member_limit_reached", "every place of the free plan is taken", {
    limit: freeMemberLimit,
  });
}

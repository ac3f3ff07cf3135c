import { PlenumError } from "../../kernel/errors";
import type { MemberId } from "../../kernel/ids";
import type { Tx } from "../../platform/unit-of-work";
import { loadOrganization, takeFreePlaceRow } from "../organizations";
import { defaultPoolFacts, seatsExhausted, tryTakeLicence, waitForSeat, type LicenceOrigin } from "../seats";
import { expandPool } from "../subscriptions";

/** What a member got: a paid seat, a place in the line, a place on the free plan. */
export type SeatOutcome = "ASSIGNED" | "WAITING" | "FREE";

/** The same, and of which plan a paid seat is. */
export type Seated =
  | { readonly outcome: "ASSIGNED"; readonly planCode: string }
  | { readonly outcome: "WAITING" | "FREE"; readonly planCode?: undefined };

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
  return (await takeSeat(tx, memberId, origin, whenFull)).outcome;
}

/** Does what `seatMember` does, and also says of which plan a paid seat is. */
export async function takeSeat(
  tx: Tx,
  memberId: MemberId,
  origin: LicenceOrigin,
  whenFull: WhenFull = "policy",
): Promise<Seated> {
  const ofDefault = { memberId, from: { by: "default" }, origin } as const;
  const taken = await tryTakeLicence(tx, ofDefault);
  if (taken) return { outcome: "ASSIGNED", planCode: taken.planCode };
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
      return { outcome: "WAITING" };
    case "expand": {
      await expandPool(tx, { ceiling: organization.expandCeiling });
      const added = await tryTakeLicence(tx, ofDefault);
      if (added) return { outcome: "ASSIGNED", planCode: added.planCode };
      throw await seatsExhausted(tx);
    }
    case "refuse":
      throw await seatsExhausted(tx);
  }
}

async function waitOrFree(tx: Tx, memberId: MemberId, hasPool: boolean): Promise<Seated> {
  if (!hasPool && (await takeFreePlaceRow(tx))) return { outcome: "FREE" };
  await waitForSeat(tx, memberId, "DEFAULT");
  return { outcome: "WAITING" };
}

async function takeFreePlace(tx: Tx, hasPool: boolean): Promise<Seated> {
  if (await takeFreePlaceRow(tx)) return { outcome: "FREE" };
  if (hasPool) throw await seatsExhausted(tx);
  const { freeMemberLimit } = await loadOrganization(tx);
  throw new PlenumError("free_member_limit_reached", "every place of the free plan is taken", {
    limit: freeMemberLimit,
  });
}

import { notFound } from "../../kernel/errors";
import type { MemberId, SubscriptionId } from "../../kernel/ids";
import type { Tx } from "../../platform/unit-of-work";
import { useCase } from "../access";
import { openLicencesOf, type OpenLicence } from "../seats";
import { endLicence, requireHolder } from "./holder-licences";
import { giveFreePlaces } from "./pool-end.store";
import { releaseUnsupportedOptions } from "./release-options";
import { findSubscription } from "./subscriptions.store";

/**
 * Takes a licence from a member. Without their seat they fall to the free plan where it has a place, else they keep the
 * membership without a seat (decision 13). Releasing what is not held changes nothing. Answers what the member holds.
 * @throws PlenumError `not_found`, `member_not_active`.
 */
export const releaseMemberLicence = useCase(
  "seat:assign",
  async (tx: Tx, input: { memberId: MemberId; subscriptionId: SubscriptionId }): Promise<OpenLicence[]> => {
    const { memberId } = await requireHolder(tx, input.memberId);
    const held = await openLicencesOf(tx, memberId);
    const licence = held.find((l) => l.subscriptionId === input.subscriptionId);
    if (!licence) {
      if (!(await findSubscription(tx, input.subscriptionId))) throw notFound("subscription");
      return held;
    }

    await endLicence(tx, memberId, licence.subscriptionId, "MANUAL");
    if (licence.kind === "SERVICE") {
      await releaseUnsupportedOptions(tx, [memberId]);
      await giveFreePlaces(tx, [memberId]);
    }
    return openLicencesOf(tx, memberId);
  },
  "releaseMemberLicence",
);

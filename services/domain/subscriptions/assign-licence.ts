import { notFound, PlenumError } from "../../kernel/errors";
import { publicId, type MemberId, type SubscriptionId } from "../../kernel/ids";
import type { Tx } from "../../platform/unit-of-work";
import { useCase } from "../access";
import { openLicencesOf, type OpenLicence } from "../seats";
import { giveOption, moveToService } from "./give-licence";
import { requireHolder } from "./holder-licences";
import { liveStatuses, type Subscription } from "./subscription";
import { findSubscription } from "./subscriptions.store";

/**
 * Gives a member a licence of a named pool. A seat replaces the one they have; saying it twice changes nothing (SUB-17).
 * Answers what the member holds.
 * @throws PlenumError `not_found`, `conflict` for a pool that has ended, `seats_exhausted`, `option_not_available`,
 * `member_not_active`.
 */
export const assignLicence = useCase(
  "seat:assign",
  async (tx: Tx, input: { memberId: MemberId; subscriptionId: SubscriptionId }): Promise<OpenLicence[]> => {
    const holder = await requireHolder(tx, input.memberId);
    const s = await requireLivePool(tx, input.subscriptionId);
    const held = await openLicencesOf(tx, holder.memberId);
    if (held.some((licence) => licence.subscriptionId === s.id)) return held;

    const from = {
      planCode: s.planCode,
      pool: { by: "subscription", id: s.id } as const,
      exhausted: () => exhausted(tx, s.id),
    };
    if (s.kind === "SERVICE") await moveToService(tx, holder, from);
    else await giveOption(tx, holder.memberId, from);
    return openLicencesOf(tx, holder.memberId);
  },
  "assignLicence",
);

async function requireLivePool(tx: Tx, id: SubscriptionId): Promise<Subscription> {
  const s = await findSubscription(tx, id);
  if (!s) throw notFound("subscription");
  if (liveStatuses.includes(s.status)) return s;
  throw new PlenumError("conflict", `this subscription is ${s.status.toLowerCase()}`, {
    subscription: publicId("subscription", id),
    status: s.status,
  });
}

async function exhausted(tx: Tx, id: SubscriptionId): Promise<PlenumError> {
  const pool = await findSubscription(tx, id);
  const { planCode = "", used = 0, quantity = 0 } = pool ?? {};
  return new PlenumError("seats_exhausted", `No free licence: ${used} of ${quantity} '${planCode}' are in use.`, {
    plan: planCode,
    used,
    quantity,
    subscription: publicId("subscription", id),
  });
}

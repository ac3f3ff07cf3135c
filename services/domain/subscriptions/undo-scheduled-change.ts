import { notFound, PlenumError } from "../../kernel/errors";
import { publicId, type SubscriptionId } from "../../kernel/ids";
import type { Tx } from "../../platform/unit-of-work";
import { useCase } from "../access";
import { lockOwnSubscription } from "./guard";
import { poolChanged } from "./pool-changed";
import { bringUpToDate } from "./renew-pool";
import type { Subscription } from "./subscription";
import { updateSubscription } from "./subscriptions.store";

/**
 * Takes back whatever is scheduled for the next period: the pool goes on as it is.
 * @throws PlenumError `nothing_scheduled`; what `lockOwnSubscription` throws.
 */
export const undoScheduledChange = useCase(
  "subscription:write",
  async (tx: Tx, input: { id: SubscriptionId; ifVersion?: string }): Promise<Subscription> => {
    const s = await bringUpToDate(tx, await lockOwnSubscription(tx, input));
    if (!s) throw notFound("subscription");
    if (s.nextQuantity === null && s.nextPlanCode === null) {
      throw new PlenumError("nothing_scheduled", "no change of this subscription is scheduled", {
        subscription: publicId("subscription", s.id),
      });
    }

    const changed = await updateSubscription(tx, s.id, { ...s, nextQuantity: null, nextPlanCode: null });

    await poolChanged(tx, {
      id: s.id,
      action: "subscription.undo-scheduled-change",
      facts: { nextQuantity: s.nextQuantity, nextPlan: s.nextPlanCode },
    });
    return changed;
  },
  "undoScheduledChange",
);

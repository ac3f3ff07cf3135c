import type { SubscriptionId } from "../../kernel/ids";
import { notFound } from "../../kernel/errors";
import type { Tx } from "../../platform/unit-of-work";
import { useCase } from "../access";
import { decideQuantity } from "./change.rules";
import { lockOwnSubscription, parseQuantity, requireOwnBilling } from "./guard";
import { poolChanged } from "./pool-changed";
import { bringUpToDate } from "./renew-pool";
import { seatsInUse } from "./seats-in-use";
import type { Subscription } from "./subscription";
import { updateSubscription } from "./subscriptions.store";

/**
 * Sets how many licences a pool has: more at once, fewer with the next period. Saying it again replaces what is
 * scheduled (DEC-10, DEC-11).
 * @throws PlenumError `seats_in_use` with the holders; `invalid`; what `lockOwnSubscription` throws.
 */
export const changeSubscriptionQuantity = useCase(
  "subscription:write",
  async (tx: Tx, input: { id: SubscriptionId; quantity: number; ifVersion?: string }): Promise<Subscription> => {
    const quantity = parseQuantity("quantity", input.quantity);
    await requireOwnBilling(tx);
    const s = await bringUpToDate(tx, await lockOwnSubscription(tx, input));
    if (!s) throw notFound("subscription");
    if (quantity < s.used) throw await seatsInUse(tx, s, quantity);
    const { when, after, effectiveAt } = decideQuantity(s, quantity, tx.now);
    if (after.quantity === s.quantity && after.nextQuantity === s.nextQuantity) return s;

    const changed = await updateSubscription(tx, s.id, after);

    await poolChanged(tx, {
      id: s.id,
      action: "subscription.change-quantity",
      facts: { from: s.quantity, to: quantity, when, effectiveAt: effectiveAt.toISOString() },
    });
    return changed;
  },
  "changeSubscriptionQuantity",
);

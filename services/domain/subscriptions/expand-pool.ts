import { publicId, type SubscriptionId } from "../../kernel/ids";
import type { Tx } from "../../platform/unit-of-work";
import { poolChanged } from "./pool-changed";
import { availableOf, type Subscription } from "./subscription";
import { findDefaultSubscription, lockSubscriptions, updateSubscription } from "./subscriptions.store";

/**
 * Makes room for one more member in the default pool, for the policy `expand` (decision 7): buys one seat up to the
 * ceiling, in the transaction that takes it. Called by whoever seats a member, so it asks for no permission: the
 * organization's owner gave it with the policy. Without a ceiling nothing is bought. Answers whether there is room.
 */
export async function expandPool(tx: Tx, input: { ceiling: number | null }): Promise<boolean> {
  const found = await findDefaultSubscription(tx);
  const [s] = found ? await lockSubscriptions(tx, [found.id]) : [];
  if (!s || !["DIRECT", "GRANT"].includes(s.source)) return false;
  if (availableOf(s) > 0) return true;
  const after = oneMore(s);
  if (input.ceiling === null || (after.nextQuantity ?? after.quantity) > input.ceiling) return false;

  await updateSubscription(tx, s.id, after);

  await expanded(tx, s.id, s, after);
  return true;
}

// While a decrease is scheduled the seat is paid already until then: it only shrinks the decrease (BIL-06).
function oneMore(s: Subscription): Subscription {
  if (s.nextQuantity === null) return { ...s, quantity: s.quantity + 1 };
  const nextQuantity = s.nextQuantity + 1;
  return { ...s, nextQuantity: nextQuantity === s.quantity ? null : nextQuantity };
}

async function expanded(tx: Tx, id: SubscriptionId, before: Subscription, after: Subscription): Promise<void> {
  await poolChanged(tx, {
    id,
    action: "subscription.expand",
    isSpokenFor: true,
    facts: {
      subscription: publicId("subscription", id),
      ...{ from: before.quantity, to: after.quantity },
      ...(after.nextQuantity === before.nextQuantity ? {} : { nextQuantity: after.nextQuantity }),
    },
  });
}

import type { Tx } from "../../platform/unit-of-work";
import { endPoolRows, giveFreePlaces, moveStarWithinPlan } from "./pool-end.store";
import { poolChanged } from "./pool-changed";
import { releaseUnsupportedOptions } from "./release-options";
import type { Subscription } from "./subscription";

/**
 * Ends a locked pool. Its members fall to the free plan as far as it has places, the rest keep their membership without
 * a seat; nothing of theirs is deleted (decision 13). The star moves within the plan (ruling c6).
 */
export async function endPool(tx: Tx, s: Subscription): Promise<void> {
  const memberIds = await endPoolRows(tx, s.id);
  if (s.isDefault) await moveStarWithinPlan(tx, s.planCode);
  let freePlaces = 0;
  if (s.kind === "SERVICE") {
    await releaseUnsupportedOptions(tx, memberIds);
    freePlaces = await giveFreePlaces(tx, memberIds);
  }

  for (const memberId of memberIds) tx.emit({ name: "seat.released", memberId, subscriptionId: s.id });
  await poolChanged(tx, {
    id: s.id,
    action: "subscription.end",
    facts: { plan: s.planCode, quantity: s.quantity, holders: memberIds.length, freePlaces },
  });
}

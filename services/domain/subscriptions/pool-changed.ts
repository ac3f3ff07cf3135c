import type { Facts } from "../../kernel/errors";
import type { SubscriptionId } from "../../kernel/ids";
import type { Tx } from "../../platform/unit-of-work";
import { syncEntitlements } from "../organizations";
import { serveWaitlist } from "../seats";

/**
 * What every change of a pool brings with it, in its transaction: the features that the organization may use (ruling 7),
 * seats for those who wait, one line of history (INV-09), one announcement.
 */
export async function poolChanged(
  tx: Tx,
  input: {
    id: SubscriptionId;
    action: string;
    facts: Facts;
    event?: "subscription.created" | "subscription.changed";
    /** The room was made for somebody who is about to take it. */
    isSpokenFor?: boolean;
  },
): Promise<void> {
  const { id, action, facts } = input;
  await syncEntitlements(tx);
  if (!input.isSpokenFor) await serveWaitlist(tx);
  tx.audit({ action, target: { kind: "subscription", id }, facts });
  tx.emit({ name: input.event ?? "subscription.changed", subscriptionId: id });
}

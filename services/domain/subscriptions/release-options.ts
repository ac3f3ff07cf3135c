import { publicId, type MemberId } from "../../kernel/ids";
import type { Tx } from "../../platform/unit-of-work";
import { endUnsupportedOptions } from "./pool-end.store";

/** Ends the options that no service of these members lists any more (ruling b1), and tells it. */
export async function releaseUnsupportedOptions(tx: Tx, memberIds: readonly MemberId[]): Promise<void> {
  if (memberIds.length === 0) return;
  for (const { memberId, subscriptionId } of await endUnsupportedOptions(tx, memberIds)) {
    tx.audit({
      action: "seat.release",
      target: { kind: "member", id: memberId },
      facts: { subscription: publicId("subscription", subscriptionId), reason: "REPLACED" },
    });
    tx.emit({ name: "seat.released", memberId, subscriptionId });
  }
}

import { invalid, notFound, PlenumError } from "../../kernel/errors";
import { publicId, type SubscriptionId } from "../../kernel/ids";
import type { Tx } from "../../platform/unit-of-work";
import { useCase } from "../access";
import { poolChanged } from "./pool-changed";
import { liveStatuses, type Subscription } from "./subscription";
import { findDefaultSubscription, lockSubscriptions, moveDefault } from "./subscriptions.store";

/**
 * Moves the star: from now on newcomers get a licence of this pool (SUB-16). Features do not move with it (ruling 7).
 * @throws PlenumError `not_found`; `invalid` for a pool of options; `conflict` where it has ended.
 */
export const setDefaultSubscription = useCase(
  "subscription:write",
  async (tx: Tx, input: { id: SubscriptionId }): Promise<Subscription> => {
    const before = await findDefaultSubscription(tx);
    const ids = before && before.id !== input.id ? [before.id, input.id] : [input.id];
    const s = (await lockSubscriptions(tx, ids)).find((row) => row.id === input.id);
    if (!s) throw notFound("subscription");
    if (s.kind !== "SERVICE") throw invalid("subscription", "a subscription of a service", s.kind);
    if (!liveStatuses.includes(s.status)) {
      throw new PlenumError("conflict", `this subscription is ${s.status.toLowerCase()}`, { status: s.status });
    }
    if (s.isDefault) return s;

    const changed = await moveDefault(tx, s.id);

    await poolChanged(tx, {
      id: s.id,
      action: "subscription.set-default",
      facts: { before: before ? publicId("subscription", before.id) : null },
    });
    return changed;
  },
  "setDefaultSubscription",
);

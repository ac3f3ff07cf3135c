import type { Tx } from "../../platform/unit-of-work";
import { useCase } from "../access";
import { lockHolders } from "./holders.store";
import { renewPool } from "./renew-pool";
import { decideRenewal } from "./renewal.rules";
import { findNextDue, findOldestDue, findSubscription, lockSubscriptions } from "./subscriptions.store";

/**
 * Takes the pool that is due longest over one period, and answers when the next one is due: one period is one unit of
 * work, the worker repeats until none is left (BIL-07).
 */
export const applyDueChanges = useCase(
  "operate",
  async (tx: Tx, _input: object): Promise<{ nextDueAt: Date | null }> => {
    const id = await findOldestDue(tx);
    if (id) {
      // Members before pools (ruling a10): a pool that ends touches each of its holders.
      const seen = await findSubscription(tx, id);
      if (seen && decideRenewal(seen).kind === "END") await lockHolders(tx, id);
      const [s] = await lockSubscriptions(tx, [id]);
      if (s?.nextRenewalAt && s.nextRenewalAt <= tx.now) await renewPool(tx, s);
    }
    return { nextDueAt: await findNextDue(tx) };
  },
  "applyDueChanges",
);

/** When the next pool's period ends; null where none renews. */
export async function nextDueChange(tx: Tx): Promise<Date | null> {
  return findNextDue(tx);
}

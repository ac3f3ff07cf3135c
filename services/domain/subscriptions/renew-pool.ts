import type { Tx } from "../../platform/unit-of-work";
import { endPool } from "./end-pool";
import { findHolders } from "./holders.store";
import { poolChanged } from "./pool-changed";
import { releaseUnsupportedOptions } from "./release-options";
import { renewed } from "./roll-forward";
import type { Subscription } from "./subscription";
import { updateRenewed } from "./subscriptions.store";

/**
 * Takes a locked pool over the end of one period: what is scheduled is applied, then it renews or ends (BIL-08). Answers
 * the pool in its new period, or nothing where it has ended.
 */
export async function renewPool(tx: Tx, s: Subscription): Promise<Subscription | undefined> {
  const next = await renewed(tx, s);
  if (!next) {
    await endPool(tx, s);
    return undefined;
  }

  await updateRenewed(tx, next);
  if (next.kind === "SERVICE" && next.planCode !== s.planCode) {
    await releaseUnsupportedOptions(tx, await findHolders(tx, s.id, { after: null, limit: null }));
  }

  await poolChanged(tx, {
    id: s.id,
    action: "subscription.renew",
    facts: {
      ...{ plan: next.planCode, quantity: next.quantity, unitAmount: next.price.unitAmount },
      ...{ periodStart: next.period.start.toISOString(), periodEnd: next.period.end.toISOString() },
      ...(next.planCode === s.planCode ? {} : { planBefore: s.planCode }),
      ...(next.quantity === s.quantity ? {} : { quantityBefore: s.quantity }),
    },
  });
  return next;
}

/** Takes a locked pool over every period that is over; changes are made in the running one. */
export async function bringUpToDate(tx: Tx, subscription: Subscription): Promise<Subscription | undefined> {
  let s: Subscription | undefined = subscription;
  while (s?.nextRenewalAt && s.nextRenewalAt <= tx.now) s = await renewPool(tx, s);
  return s;
}

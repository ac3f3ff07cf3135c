import type { SubscriptionId } from "../../kernel/ids";
import type { Tx } from "../../platform/unit-of-work";
import { getPlan } from "../catalog";
import { availableOf } from "./subscription";
import { listSubscriptionRows } from "./subscriptions.store";

/**
 * The pools that a suspended member comes back to, once an identity provider names a plan meanwhile: its pool with the
 * most room takes the place of the service they had, an option joins. Nothing is taken: coming back asks for the seat
 * (SCIM-184), and where this organization has no such pool, what was remembered stays.
 * @throws PlenumError `invalid` listing the plans.
 */
export async function poolsToReturnTo(
  tx: Tx,
  planCode: string,
  remembered: readonly SubscriptionId[] | null,
): Promise<readonly SubscriptionId[] | null> {
  const plan = await getPlan(tx, "planCode", planCode);
  const pools = new Map((await listSubscriptionRows(tx, false)).map((pool) => [pool.id, pool]));
  const before = remembered ?? [];
  if (before.some((id) => pools.get(id)?.planCode === plan.code)) return remembered;

  const [best] = [...pools.values()]
    .filter((pool) => pool.planCode === plan.code)
    .sort((a, b) => availableOf(b) - availableOf(a));
  if (!best) return remembered;
  return plan.kind === "OPTION"
    ? [...before, best.id]
    : [best.id, ...before.filter((id) => pools.get(id)?.kind === "OPTION")];
}

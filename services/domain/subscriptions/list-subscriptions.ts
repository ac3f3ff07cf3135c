import { notFound } from "../../kernel/errors";
import type { MemberId, SubscriptionId } from "../../kernel/ids";
import type { Tx } from "../../platform/unit-of-work";
import { useCase } from "../access";
import { findHolders } from "./holders.store";
import type { Subscription } from "./subscription";
import { findSubscription, listSubscriptionRows } from "./subscriptions.store";

/** The pools of the organization, services first: a handful, so there are no pages. */
export const listSubscriptions = useCase(
  "subscription:read",
  async (tx: Tx, input: { withEnded?: boolean }): Promise<Subscription[]> =>
    listSubscriptionRows(tx, input.withEnded ?? false),
  "listSubscriptions",
);

/** @throws PlenumError `not_found`. */
export const getSubscription = useCase(
  "subscription:read",
  async (tx: Tx, input: { id: SubscriptionId }): Promise<Subscription> => {
    const found = await findSubscription(tx, input.id);
    if (!found) throw notFound("subscription");
    return found;
  },
  "getSubscription",
);

const pageMax = 100;

/** Who holds a unit of a pool, by pages (SUB-12). */
export const listHolders = useCase(
  "subscription:read",
  async (tx: Tx, input: { id: SubscriptionId; first: number; after?: MemberId }): Promise<MemberId[]> =>
    findHolders(tx, input.id, { after: input.after ?? null, limit: Math.min(Math.max(input.first, 1), pageMax) }),
  "listHolders",
);

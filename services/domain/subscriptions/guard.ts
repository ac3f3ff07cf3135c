import { invalid, notFound, PlenumError } from "../../kernel/errors";
import { publicId, type SubscriptionId } from "../../kernel/ids";
import type { Tx } from "../../platform/unit-of-work";
import { loadOrganization, type Organization } from "../organizations";
import { liveStatuses, type Subscription } from "./subscription";
import { lockSubscriptions } from "./subscriptions.store";

const quantityMax = 1_000_000;

/** @throws PlenumError `invalid`. */
export function parseQuantity(field: string, quantity: number): number {
  if (!Number.isInteger(quantity) || quantity < 1 || quantity > quantityMax) {
    throw invalid(field, `a whole number from 1 to ${quantityMax}`, quantity);
  }
  return quantity;
}

/**
 * The organization, where it pays for itself: a child's parent pays (ruling 9).
 * @throws PlenumError `forbidden`.
 */
export async function requireOwnBilling(tx: Tx): Promise<Organization> {
  const organization = await loadOrganization(tx);
  if (organization.parentOrgId !== null) {
    throw new PlenumError("forbidden", "the parent organization pays for this one", { reason: "paid_by_parent" });
  }
  return organization;
}

/**
 * A locked pool that may be changed from here.
 * @throws PlenumError `not_found`; `conflict` where it has ended; `right_not_granted` where somebody else sells it;
 * `stale_version`.
 */
export async function lockOwnSubscription(
  tx: Tx,
  input: { id: SubscriptionId; ifVersion?: string },
): Promise<Subscription> {
  const [subscription] = await lockSubscriptions(tx, [input.id]);
  return requireOwn(subscription, input.ifVersion);
}

/** The same questions of a row that is not locked, for previews. */
export function requireOwn(subscription: Subscription | undefined, ifVersion?: string): Subscription {
  if (!subscription) throw notFound("subscription");
  const { id, status, source, version } = subscription;
  if (ifVersion !== undefined && ifVersion !== version) {
    throw new PlenumError("stale_version", "the subscription has changed since", { version });
  }
  if (!liveStatuses.includes(status)) {
    const facts = { subscription: publicId("subscription", id), status };
    throw new PlenumError("conflict", `this subscription is ${status.toLowerCase()}`, facts);
  }
  // A contract's lines change from the contract's side only, a partner's as far as the partner grants (SUB-14, 15).
  if (source === "CONTRACT" || source === "PARTNER" || source === "PARENT") {
    throw new PlenumError("right_not_granted", "this subscription is managed from outside the organization", {
      source,
    });
  }
  return subscription;
}

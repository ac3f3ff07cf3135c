import type { SubscriptionId } from "../../kernel/ids";
import type { CycleKind, Period } from "../../kernel/period";
import type { BillingMode, PlanKind, PlanSection } from "../catalog";

export const subscriptionStatuses = ["PENDING_PAYMENT", "ACTIVE", "PAST_DUE", "SUSPENDED", "FROZEN", "ENDED"] as const;
export type SubscriptionStatus = (typeof subscriptionStatuses)[number];
export const subscriptionSources = ["DIRECT", "PARTNER", "CONTRACT", "PARENT", "GRANT"] as const;
export type SubscriptionSource = (typeof subscriptionSources)[number];
/** What happens at the end of a term (DEC-15). */
export const renewalModes = ["NONE", "ONCE", "ALWAYS", "TO_MONTHLY"] as const;
export type RenewalMode = (typeof renewalModes)[number];

/** What one unit costs per cycle, as it was when it was bought: a later price list changes nothing of it (B2). */
export interface PriceSnapshot {
  readonly planCode: string;
  readonly billingMode: BillingMode;
  readonly cycleKind: CycleKind;
  readonly currency: string;
  /** Exact decimal in major units. */
  readonly unitAmount: string;
}

/** A pool of licences of one plan. */
export interface Subscription {
  readonly id: SubscriptionId;
  readonly planCode: string;
  readonly kind: PlanKind;
  readonly section: PlanSection;
  readonly source: SubscriptionSource;
  /** Bought and billed in the running period, taken or not (SUB-02). */
  readonly quantity: number;
  /** Quantity from the next period on; null: as now. */
  readonly nextQuantity: number | null;
  /** Of a contract line that was lowered below what is used (ruling c7). */
  readonly targetQuantity: number | null;
  readonly used: number;
  /** Plan from the next period on, `free` for none; null: as now. */
  readonly nextPlanCode: string | null;
  readonly status: SubscriptionStatus;
  readonly billingMode: BillingMode;
  readonly cycleKind: CycleKind;
  /** The zone whose midnights bound the periods; frozen, renewed with the period. */
  readonly billingZone: string;
  readonly anchor: Date;
  readonly period: Period;
  readonly termEnd: Date | null;
  readonly renewalMode: RenewalMode;
  /** Null: it does not renew. */
  readonly nextRenewalAt: Date | null;
  readonly isDefault: boolean;
  readonly price: PriceSnapshot;
  readonly createdAt: Date;
  readonly version: string;
}

/** The plan that needs no pool: choosing it ends the subscription with its period (SUB-05). */
export const freePlan = "free";

export const liveStatuses: readonly SubscriptionStatus[] = ["ACTIVE", "PAST_DUE"];

/** How many units may be taken at most: never more than is bought now and next. */
export function ceilingOf(s: Pick<Subscription, "quantity" | "nextQuantity" | "targetQuantity">): number {
  return Math.min(s.quantity, s.nextQuantity ?? s.quantity, s.targetQuantity ?? s.quantity);
}

/** Units that can be given to somebody at this moment (SUB-19). */
export function availableOf(
  s: Pick<Subscription, "quantity" | "nextQuantity" | "targetQuantity" | "used" | "status">,
): number {
  return liveStatuses.includes(s.status) ? Math.max(0, ceilingOf(s) - s.used) : 0;
}

import type { CycleKind } from "../../kernel/period";

export const billingModes = ["MONTHLY", "ANNUAL", "PREPAID_12", "PREPAID_36", "PREPAID_60"] as const;
export type BillingMode = (typeof billingModes)[number];
export const planKinds = ["SERVICE", "OPTION"] as const;
export type PlanKind = (typeof planKinds)[number];
export const planSections = ["SERVICE", "OPTION", "APPLICATION", "CUSTOM"] as const;
export type PlanSection = (typeof planSections)[number];

export interface PlanPrice {
  readonly billingMode: BillingMode;
  readonly cycleKind: CycleKind;
  readonly currency: string;
  /** Exact decimal in major units, per unit and cycle: "12.0000000000". */
  readonly unitAmount: string;
}

/** What is sold. */
export interface Plan {
  readonly code: string;
  readonly kind: PlanKind;
  readonly section: PlanSection;
  readonly edition: "HUB" | "HYBRID" | null;
  readonly family: "LIVE" | "AUTOMATED";
  readonly tierRank: number;
  readonly isFree: boolean;
  readonly nameFr: string;
  readonly nameEn: string;
  /** feature → 1 for a yes, a number for a limit. */
  readonly features: Readonly<Record<string, number>>;
  readonly prices: readonly PlanPrice[];
  /** Options that may be assigned beside this service (SUB-09). */
  readonly options: readonly string[];
}

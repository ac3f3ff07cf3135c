import type { CycleKind } from "../../kernel/period";

export type BillingMode = "MONTHLY" | "ANNUAL" | "PREPAID_12" | "PREPAID_36" | "PREPAID_60";
export type PlanKind = "SERVICE" | "OPTION";
export type PlanSection = "SERVICE" | "OPTION" | "APPLICATION" | "CUSTOM";

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

import type { OrgId } from "../../kernel/ids";

export const organizationStatuses = ["ACTIVE", "SUSPENDED", "CLOSING", "CLOSED"] as const;
export type OrganizationStatus = (typeof organizationStatuses)[number];
export const seatPolicies = ["refuse", "waitlist", "expand", "free"] as const;
export type SeatPolicy = (typeof seatPolicies)[number];
export const locales = ["fr", "en"] as const;
export type Locale = (typeof locales)[number];

/** A tenant. */
export interface Organization {
  readonly orgId: OrgId;
  readonly name: string;
  readonly slug: string;
  readonly kind: "CUSTOMER" | "CHILD" | "PARTNER" | "SHADOW";
  readonly parentOrgId: OrgId | null;
  readonly status: OrganizationStatus;
  readonly locale: Locale;
  /** IANA name. */
  readonly timeZone: string;
  /** ISO 4217. */
  readonly currency: string;
  readonly owners: number;
  /** Null: any number of members may be on the free plan. */
  readonly freeMemberLimit: number | null;
  readonly freeMemberUsed: number;
  readonly seatPolicy: SeatPolicy;
  readonly expandCeiling: number | null;
  readonly createdAt: Date;
  readonly version: string;
}

import type { LicenceId, SubscriptionId } from "../../kernel/ids";

export const licenceOrigins = ["DEFAULT", "MANUAL", "AUTO", "IMPORT", "SCIM", "SAML"] as const;
export type LicenceOrigin = (typeof licenceOrigins)[number];
export type LicenceEndReason =
  "MANUAL" | "REPLACED" | "MEMBER_REMOVED" | "SUSPENDED" | "POOL_ENDED" | "REVOKED_BY_CONTRACT";

export interface TakenLicence {
  readonly licenceId: LicenceId;
  readonly subscriptionId: SubscriptionId;
  readonly planCode: string;
  readonly kind: "SERVICE" | "OPTION";
}

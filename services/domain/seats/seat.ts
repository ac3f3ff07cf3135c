import type { LicenceId, SubscriptionId } from "../../kernel/ids";

export type LicenceOrigin = "DEFAULT" | "MANUAL" | "AUTO" | "IMPORT" | "SCIM" | "SAML";
export type LicenceEndReason =
  "MANUAL" | "REPLACED" | "MEMBER_REMOVED" | "SUSPENDED" | "POOL_ENDED" | "REVOKED_BY_CONTRACT";

export interface TakenLicence {
  readonly licenceId: LicenceId;
  readonly subscriptionId: SubscriptionId;
  readonly planCode: string;
  readonly kind: "SERVICE" | "OPTION";
}

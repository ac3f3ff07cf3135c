export * from "./change-organization";
export { listEntitlements, syncEntitlements, type Entitlement } from "./entitlements.store";
export * from "./find-organization";
export * from "./organization";
export { insertOrganization, moveOwnerCount, releaseFreePlaceRow, takeFreePlaceRow } from "./organizations.store";
export * from "./require-entitlement";

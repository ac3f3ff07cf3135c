export * from "./release-licence";
export * from "./seat";
export { defaultPoolFacts, driftedPools } from "./pools.store";
export { openLicencesOf, type OpenLicence, type ReleasedLicence } from "./release.store";
export { findFreePool } from "./take.store";
export { stopWaitingForPlan } from "./wait.store";
export * from "./take-licence";

export * from "./release-licence";
export * from "./seat";
export {
  defaultPoolFacts,
  driftedPools,
  findFreePool,
  openLicencesOf,
  stopWaitingForPlan,
  type OpenLicence,
  type ReleasedLicence,
} from "./seats.store";
export * from "./take-licence";

import { trialClients } from "../../../domain/provisioning";
import { closedSet } from "../enums";

export const ProvisioningOrder = closedSet("ProvisioningOrder", "How the provisioning log is ordered.", [
  "AT_DESC",
  "AT_ASC",
]);
export const SeatEffect = closedSet("SeatEffect", "What a request did to the seats.", [
  "TAKEN",
  "RELEASED",
  "WAITING",
  "FREE_PLACE",
]);
export const HealthVerdict = closedSet("HealthVerdict", "How a connection fares.", [
  "OFF",
  "SILENT",
  "HEALTHY",
  "FAILING",
]);
export const TrialClient = closedSet("TrialClient", "Whose requests are tried.", trialClients);

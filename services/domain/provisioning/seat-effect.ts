/** What a request did to the seats, for the provisioning log (SCIM-195). */
export type SeatEffect = "taken" | "released" | "waiting" | "free_place";

/** The effect of what a member got. */
export function effectOf(outcome: "ASSIGNED" | "WAITING" | "FREE" | "NONE" | undefined): SeatEffect | null {
  switch (outcome) {
    case "ASSIGNED":
      return "taken";
    case "WAITING":
      return "waiting";
    case "FREE":
      return "free_place";
    default:
      return null;
  }
}

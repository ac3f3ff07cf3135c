import { minuteMs } from "../../kernel/clock";

export type GuardMode = "off" | "alert" | "block";

/** A run of people leaving through one connection; BLOCKED ones refuse the next, until somebody decides (SCIM-190). */
export type RunState = "WATCHING" | "ALERTED" | "BLOCKED" | "APPROVED" | "UNDONE";

/** In what time leaving is counted, and for how long a run that was noticed takes in what follows. */
export const guardWindowMs = 60 * minuteMs;
/** Identity providers repeat what was refused for a day (Entra after 6, 12 and 24 hours): so long an approval holds. */
export const approvalMs = 26 * 60 * minuteMs;
/**
 * Below the threshold by more than may be on their way at once nobody needs to wait for anybody: only close to it the
 * run's row is locked and counted anew.
 */
export const guardSlack = 64;

/** How many may leave in the window; one more is a mass. */
export function thresholdOf(settings: { minimum: number; percent: number }, managed: number): number {
  return Math.max(settings.minimum, Math.floor((settings.percent * managed) / 100));
}

import { dayMs, plusMs } from "../../kernel/clock";
import type { Expiring, ExpiringKind } from "./notices.store";

/** How many days before the end somebody is told; 0 is the end itself (SAML-17, SCIM-044). */
export const thresholdDays: Readonly<Record<ExpiringKind, readonly number[]>> = {
  IDP_CERTIFICATE: [60, 30, 14, 7, 1, 0],
  SP_KEY: [60, 30, 14, 7, 1, 0],
  METADATA: [60, 30, 14, 7, 1, 0],
  SCIM_TOKEN: [30, 7, 1],
};

/** The longest look ahead of all. */
export const horizonDays = 60;

/** The thresholds that an instant has reached, the tightest last. */
export function reached({ kind, expiresAt }: Pick<Expiring, "kind" | "expiresAt">, now: Date): number[] {
  return thresholdDays[kind].filter((days) => plusMs(expiresAt, -days * dayMs) <= now);
}

/** When the next threshold is reached, or nothing when none is left. */
export function nextThreshold({ kind, expiresAt }: Pick<Expiring, "kind" | "expiresAt">, now: Date): Date | null {
  const ahead = thresholdDays[kind].map((days) => plusMs(expiresAt, -days * dayMs)).filter((at) => at > now);
  return ahead.reduce<Date | null>((first, at) => (first && first <= at ? first : at), null);
}

/** How a notice stands in `notice_sent`: the threshold, for this very end. */
export function noticeKey(days: number, expiresAt: Date): string {
  return `${days}@${Math.floor(expiresAt.getTime() / 1_000)}`;
}

/** Whole days that are left, as people count them: part of a day is a day. */
export function daysLeft(expiresAt: Date, now: Date): number {
  return Math.max(0, Math.ceil((expiresAt.getTime() - now.getTime()) / dayMs));
}

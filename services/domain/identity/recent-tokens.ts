import { isDeepStrictEqual } from "node:util";
import { stopwatchMs } from "../../kernel/clock";
import type { ScimTokenRow } from "./credentials.store";

const keptMs = 60_000;
const keptMax = 1_000;

/**
 * SCIM tokens that were good a moment ago, with what their connections allowed. Nothing is permitted by it: the token is
 * looked up in every unit of work, and what is remembered only lets the work begin in the same round trip.
 */
export class RecentTokens {
  private readonly rows = new Map<string, { readonly row: ScimTokenRow; readonly until: number }>();

  find(key: string): ScimTokenRow | undefined {
    const kept = this.rows.get(key);
    if (kept && kept.until > stopwatchMs()) return kept.row;
    this.rows.delete(key);
    return undefined;
  }

  keep(key: string, row: ScimTokenRow): void {
    // Put at the end: those at the beginning were not used for the longest time.
    this.rows.delete(key);
    this.rows.set(key, { row, until: stopwatchMs() + keptMs });
    if (this.rows.size > keptMax) for (const oldest of this.rows.keys()) return void this.rows.delete(oldest);
  }

  forget(key: string): void {
    this.rows.delete(key);
  }
}

/** Whether two readings of a token allow the same; when it was last used is no part of that. */
export function isSameToken(a: ScimTokenRow, b: ScimTokenRow): boolean {
  return isDeepStrictEqual({ ...a, touchDue: false }, { ...b, touchDue: false });
}

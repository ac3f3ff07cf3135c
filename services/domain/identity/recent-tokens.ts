import { stopwatchMs } from "../../kernel/clock";
import type { ScimTokenRow, TokenTexts } from "./credentials.store";

const keptMs = 60_000;
const keptMax = 1_000;

/** A reading of a token, and what it says. */
export interface RecentToken {
  readonly texts: TokenTexts;
  readonly row: ScimTokenRow;
}

/**
 * SCIM tokens that were good a moment ago, with what their connections allowed. Nothing is permitted by it: the token is
 * looked up in every unit of work, and what is remembered only lets the work begin in the same round trip.
 */
export class RecentTokens {
  private readonly rows = new Map<string, RecentToken & { readonly until: number }>();

  find(key: string): RecentToken | undefined {
    const kept = this.rows.get(key);
    if (kept && kept.until > stopwatchMs()) return kept;
    this.rows.delete(key);
    return undefined;
  }

  keep(key: string, token: RecentToken): void {
    // Put at the end: those at the beginning were not used for the longest time.
    this.rows.delete(key);
    this.rows.set(key, { ...token, until: stopwatchMs() + keptMs });
    if (this.rows.size > keptMax) for (const oldest of this.rows.keys()) return void this.rows.delete(oldest);
  }

  forget(key: string): void {
    this.rows.delete(key);
  }
}

/** Whether two readings of a token allow the same. */
export function isSameToken(a: TokenTexts, b: TokenTexts): boolean {
  return a.length === b.length && a.every((text, at) => text === b[at]);
}

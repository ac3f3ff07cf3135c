import { stopwatchMs } from "../kernel/clock";
import { limits } from "./limits";
import { ScimRefusal } from "./refusal";

interface Bucket {
  tokens: number;
  at: number;
}

/**
 * How many requests a connection may send: 50 a second, 200 at once (SCIM-201, ruling 13). Each process counts for
 * itself. Only requests with a valid token count, so that nobody can use up somebody else's share.
 */
export class RateLimiter {
  private readonly buckets = new Map<string, Bucket>();

  /** Takes one request from the connection's share; answers the headers that tell what is left. @throws ScimRefusal 429 */
  take(connectionId: string, perSecond: number): Readonly<Record<string, string>> {
    const burst = (limits.rateBurst / limits.ratePerSecond) * perSecond;
    const now = stopwatchMs();
    const bucket = this.buckets.get(connectionId) ?? { tokens: burst, at: now };
    bucket.tokens = Math.min(burst, bucket.tokens + ((now - bucket.at) / 1_000) * perSecond);
    bucket.at = now;
    this.remember(connectionId, bucket);
    if (bucket.tokens < 1) throw this.refusal(bucket, perSecond, burst);
    bucket.tokens -= 1;
    return headersOf(bucket, perSecond, burst);
  }

  /** Takes several at once, where they are there; false takes none. */
  takeSeveral(connectionId: string, perSecond: number, count: number): boolean {
    const known = this.buckets.get(connectionId);
    const burst = (limits.rateBurst / limits.ratePerSecond) * perSecond;
    if (Math.min(known?.tokens ?? burst, burst) < count) return false;
    for (let n = 0; n < count; n++) this.take(connectionId, perSecond);
    return true;
  }

  /** Gives back what was taken for requests that were not done after all. */
  giveBack(connectionId: string, count: number): void {
    const bucket = this.buckets.get(connectionId);
    if (bucket) bucket.tokens += count;
  }

  private remember(connectionId: string, bucket: Bucket): void {
    this.buckets.delete(connectionId);
    this.buckets.set(connectionId, bucket);
    // The connection that was silent longest has a full bucket by now: forgetting it changes nothing.
    const [oldest] = this.buckets.keys();
    if (this.buckets.size > 10_000 && oldest !== undefined) this.buckets.delete(oldest);
  }

  private refusal(bucket: Bucket, perSecond: number, burst: number): ScimRefusal {
    // Okta ignores the date form of Retry-After, so it is always whole seconds.
    const seconds = Math.max(1, Math.ceil((1 - bucket.tokens) / perSecond));
    const headers = { ...headersOf(bucket, perSecond, burst), "Retry-After": String(seconds) };
    return new ScimRefusal(
      429,
      undefined,
      `more than ${perSecond} requests a second; come again in ${seconds} s`,
      headers,
    );
  }
}

function headersOf({ tokens }: Bucket, perSecond: number, burst: number): Readonly<Record<string, string>> {
  const full = Math.ceil((burst - tokens) / perSecond);
  return {
    "RateLimit-Policy": `"connection";q=${burst};w=${burst / perSecond}`,
    RateLimit: `"connection";r=${Math.floor(tokens)};t=${full}`,
  };
}

/** The share of a connection: an operator may have set another than everybody's. */
export function rateOf(options: Readonly<Record<string, unknown>>, usual: number): number {
  const given = options["scimRequestsPerSecond"];
  return typeof given === "number" && given >= 1 && given <= 100_000 ? given : usual;
}

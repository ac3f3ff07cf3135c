import type { Cursors } from "../domain/reading";
import type { MetadataFetcher } from "../domain/identity";
import type { Origin } from "../platform/caller";
import type { TxtResolver } from "../platform/dns";
import type { Log } from "../platform/log";
import type { Database, Entrance } from "../platform/unit-of-work";
import type { ThrottleStatus } from "./limits/budget";

/** The network beyond our own doors; absent: the real one. Tests put theirs here. */
export interface Outside {
  readonly fetchMetadata?: MetadataFetcher;
  readonly resolveTxt?: TxtResolver;
}

/** What outlives a request. */
export interface Gateway {
  readonly db: Database;
  readonly cursors: Cursors;
  readonly log: Log;
  readonly publicUrl: string;
  readonly outside: Outside;
}

/** What a resolver is handed. */
export interface GatewayContext {
  readonly gateway: Gateway;
  /** Nothing where no credential was presented, or none that has the form of one. */
  readonly entrance: Entrance | undefined;
  /** Whether something was presented at all. */
  readonly presented: boolean;
  /** Whose points a request costs: a token's. A person's session is not metered (ruling 13). */
  readonly payer: string | undefined;
  readonly origin: Origin;
  readonly locale: "fr" | "en";
  /** `Idempotency-Key`: for mutations that take a key and were given none in their input (GQL-14). */
  readonly idempotencyKey: string | undefined;
  /** The answer in the making; shared, because Apollo copies the context. */
  readonly reply: Reply;
}

/** What the answer carries besides its body, and whether anybody still waits for it. */
export interface Reply {
  readonly headers: Map<string, string>;
  /** The time of the operation is up, and the client knows (GQL-32). */
  isLate: boolean;
  operation: string | undefined;
  /** What the operation uses that will be removed. */
  deprecated: readonly string[];
  /** What the operation was charged, and how its client stands. */
  cost: { readonly requested: number; readonly throttleStatus?: ThrottleStatus } | undefined;
}

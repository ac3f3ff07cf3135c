import { dayMs, plusMs } from "../../kernel/clock";
import { invalid, notFound } from "../../kernel/errors";
import type { ConnectionId } from "../../kernel/ids";
import type { Tx } from "../../platform/unit-of-work";
import { useCase } from "../access";
import {
  clientsSince,
  errorsSince,
  signsOf,
  totalsSince,
  type ConnectionSigns,
  type DistinctError,
  type HealthTotals,
  type SeenClient,
} from "./health.store";

export type HealthVerdict = "OFF" | "SILENT" | "HEALTHY" | "FAILING";

export interface ConnectionHealth extends ConnectionSigns, HealthTotals {
  readonly verdict: HealthVerdict;
  readonly since: Date;
  /** Share of the logged requests that were refused; null where there were none. */
  readonly errorRate: number | null;
  readonly errors: readonly DistinctError[];
  readonly clients: readonly (SeenClient & { readonly product: string | null })[];
}

const daysMax = 180;

/**
 * How a connection fares (SCIM-199): when it was heard of last, how much is refused and why, and who is speaking. Times
 * of the requests stand beside it, against the targets of SCIM-202.
 * @throws PlenumError `not_found`, `invalid`.
 */
export const showHealth = useCase(
  "provisioning:read",
  async (tx: Tx, input: { connectionId: ConnectionId; days?: number }): Promise<ConnectionHealth> => {
    const { connectionId, days = 7 } = input;
    if (!Number.isInteger(days) || days < 1 || days > daysMax) throw invalid("days", `1 to ${daysMax}`, days);
    const signs = await signsOf(tx, connectionId);
    if (!signs) throw notFound("connection");
    const since = plusMs(tx.now, -days * dayMs);
    const totals = await totalsSince(tx, connectionId, since);
    const errors = await errorsSince(tx, connectionId, since);
    const clients = await clientsSince(tx, connectionId, since);
    const errorRate = totals.requests === 0 ? null : totals.failures / totals.requests;
    return {
      ...signs,
      ...totals,
      ...{ since, errorRate, errors, verdict: verdictOf(signs, since, errorRate) },
      clients: clients.map((client) => ({ ...client, product: productOf(client.userAgent) })),
    };
  },
  "showHealth",
);

// Entra gives a connection up above 40 % of failures; who reads this should know long before.
const failingRate = 0.1;

function verdictOf({ scimState, lastRequestAt }: ConnectionSigns, since: Date, rate: number | null): HealthVerdict {
  if (scimState === "OFF" || scimState === "PAUSED") return "OFF";
  if (rate !== null && rate >= failingRate) return "FAILING";
  return lastRequestAt === null || lastRequestAt < since ? "SILENT" : "HEALTHY";
}

// Words of the User-Agent by which the products can be told. Entra sends none of its own.
const products: readonly (readonly [RegExp, string])[] = [
  [/okta/i, "Okta"],
  [/onelogin/i, "OneLogin"],
  [/jumpcloud/i, "JumpCloud"],
  [/ping/i, "Ping"],
  [/authentik|goauthentik/i, "authentik"],
  [/keycloak/i, "Keycloak"],
  [/azure|entra|microsoft/i, "Microsoft Entra ID"],
  [/google/i, "Google"],
];

/** Which identity provider calls itself so, where it can be told. */
export function productOf(userAgent: string): string | null {
  return products.find(([words]) => words.test(userAgent))?.[1] ?? null;
}

import { plusMs } from "../../kernel/clock";
import type { ConnectionId } from "../../kernel/ids";
import type { Tx } from "../../platform/unit-of-work";
import { findCoveringDomain } from "./claimed-domains.store";
import { lapsedGraceMs } from "./domain.rules";

/**
 * `verified`: people of this domain may join and be linked. `lapsed`: only those who are known still sign in, for 14
 * days (SAML-76). `none`: an address there says nothing (SAML-61).
 */
export type DomainTrust = "verified" | "lapsed" | "none";

/** What an address in a domain is worth when this connection's identity provider asserts it. */
export async function trustOfDomain(tx: Tx, host: string, connectionId: ConnectionId): Promise<DomainTrust> {
  const domain = await findCoveringDomain(tx, host);
  if (!domain || (domain.connectionId && domain.connectionId !== connectionId)) return "none";
  if (domain.status === "VERIFIED") return "verified";
  return domain.lapsedAt && plusMs(domain.lapsedAt, lapsedGraceMs) > tx.now ? "lapsed" : "none";
}

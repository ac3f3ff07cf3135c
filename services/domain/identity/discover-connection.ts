import type { Email } from "../../kernel/email";
import type { ConnectionId } from "../../kernel/ids";
import { foldKey } from "../../kernel/text";
import type { Origin } from "../../platform/caller";
import { findInDirectory } from "../../platform/lobby";
import type { Database } from "../../platform/unit-of-work";
import { publicOf } from "../access";
import { activeConnections, connectionsOfDomain, type SignInConnection } from "./discover.store";

/** How many names above the host are asked; more labels than that are no mail domain of an organization. */
const parentsMax = 4;

/**
 * Where somebody with this address signs in, the first choice first: the answer depends on the domain alone, never on
 * whether the mailbox has an account (SAML-77). Several, where the domain names none (SAML-78).
 */
export async function discoverConnections(db: Database, email: Email, origin: Origin): Promise<SignInConnection[]> {
  const labels = email.domain.split(".");
  const names = labels.slice(0, -1).map((_, i) => labels.slice(i).join("."));
  for (const name of names.slice(0, parentsMax)) {
    const holder = await findInDirectory(db, "DOMAIN", name);
    if (holder) return db.run(publicOf(holder.orgId, origin), (tx) => connectionsOfDomain(tx, name, email.domain));
  }
  return [];
}

/** The first of them, or nothing. */
export async function discoverConnection(
  db: Database,
  email: Email,
  origin: Origin,
): Promise<ConnectionId | undefined> {
  return (await discoverConnections(db, email, origin))[0]?.id;
}

/** The ways into the organization of a slug, for those whose domain leads nowhere (SAML-77); none for an unknown one. */
export async function discoverOrganization(db: Database, slug: string, origin: Origin): Promise<SignInConnection[]> {
  const holder = await findInDirectory(db, "ORG_SLUG", foldKey(slug));
  return holder ? db.run(publicOf(holder.orgId, origin), activeConnections) : [];
}

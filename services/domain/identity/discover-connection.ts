import type { Email } from "../../kernel/email";
import type { ConnectionId } from "../../kernel/ids";
import type { Origin } from "../../platform/caller";
import { findInDirectory } from "../../platform/lobby";
import type { Database } from "../../platform/unit-of-work";
import { publicOf } from "../access";
import { connectionOfDomain } from "./discover.store";

/**
 * Where somebody with this address signs in: the answer depends on the domain alone, never on whether the mailbox has
 * an account (SAML-77).
 */
export async function discoverConnection(
  db: Database,
  email: Email,
  origin: Origin,
): Promise<ConnectionId | undefined> {
  const holder = await findInDirectory(db, "DOMAIN", email.domain);
  if (!holder) return undefined;
  return db.run(publicOf(holder.orgId, origin), (tx) => connectionOfDomain(tx, email.domain));
}

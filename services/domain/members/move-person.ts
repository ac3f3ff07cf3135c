import { readEmail, type Email } from "../../kernel/email";
import type { PersonId } from "../../kernel/ids";
import { movePerson } from "../../platform/lobby";
import type { Tx } from "../../platform/unit-of-work";
import { loadOrganization } from "../organizations";
import { isOwnDomain } from "./add-member";
import type { Member } from "./member";

/**
 * Who signs in as a member whose address changes: from then on the mailbox of the new address, where its domain is
 * proved; the one before opens nothing here any more, since it may be somebody else's tomorrow (SAML-69). An address
 * that nobody has proved opens nothing: with such a one the person stays. In other organizations nothing changes
 * (ruling 4).
 */
export async function personAfter(
  tx: Tx,
  before: Member,
  after: Member,
  email: Email | undefined,
): Promise<PersonId | null> {
  if (after.personId === null || !email || !isMoved(before, email)) return after.personId;
  if (!(await isOwnDomain(tx, email.domain))) return after.personId;
  const { locale } = await loadOrganization(tx);
  return movePerson(tx, { from: after.personId, to: email, memberId: after.id, locale });
}

function isMoved({ loginEmail }: Member, email: Email): boolean {
  return loginEmail === null || readEmail(loginEmail)?.norm !== email.norm;
}

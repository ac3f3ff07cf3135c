import type { Role } from "../../platform/caller";
import { keepMail } from "../../platform/lobby";
import type { Tx } from "../../platform/unit-of-work";
import { loadOrganization } from "../organizations";
import { identityMail, type IdentityNews, type IdentityNewsKind } from "./identity.mail";
import { listRecipients } from "./recipients.store";

const everybodyResponsible: readonly Role[] = ["OWNER", "ADMIN"];

/** Writes to those who administer sign-in, in the transaction that brought the news about; answers how many. */
export async function tellAdministrators<K extends IdentityNewsKind>(
  tx: Tx,
  kind: K,
  facts: IdentityNews[K],
  roles: readonly Role[] = everybodyResponsible,
): Promise<number> {
  const { name, locale } = await loadOrganization(tx);
  const mail = identityMail(locale, kind, facts, { organization: name, link: tx.instance.publicUrl });
  const recipients = await listRecipients(tx, roles);
  for (const { email } of recipients) await keepMail(tx, { to: email, ...mail }, null);
  return recipients.length;
}

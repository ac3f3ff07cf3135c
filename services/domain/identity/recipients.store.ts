import type { MemberId } from "../../kernel/ids";
import type { Role } from "../../platform/caller";
import { sql, statement } from "../../platform/sql";
import type { Tx } from "../../platform/unit-of-work";

export interface Recipient {
  readonly memberId: MemberId;
  readonly email: string;
}

const list = statement(
  "identity-recipients",
  `select id as "memberId", login_email as email from member
   where org_id = $1 and status = 'ACTIVE' and role = any ($2::text[]) and login_email is not null
   order by created_at, id limit 50`,
);

/** Who is written to about sign-in: those of these roles who have an address. */
export async function listRecipients(tx: Tx, roles: readonly Role[]): Promise<Recipient[]> {
  return sql(tx).many<Recipient>(list, [tx.orgId, roles]);
}

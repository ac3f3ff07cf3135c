import type { MemberId } from "../../kernel/ids";
import type { Role } from "../../platform/caller";
import { sql, statement } from "../../platform/sql";
import type { Tx } from "../../platform/unit-of-work";

const find = statement(
  "sign-in-member",
  `select id, role from member where org_id = $1 and id = $2 and status = 'ACTIVE'`,
);

/** A member who may sign in, or nothing. */
export async function findSignInMember(tx: Tx, id: MemberId): Promise<{ id: MemberId; role: Role } | undefined> {
  return sql(tx).maybe<{ id: MemberId; role: Role }>(find, [tx.orgId, id]);
}

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

const email = statement("sign-in-email", `select login_email as email from member where org_id = $1 and id = $2`);

/** The address by which a member signs in, or nothing. */
export async function findLoginEmail(tx: Tx, id: MemberId): Promise<string | undefined> {
  return (await sql(tx).maybe<{ email: string | null }>(email, [tx.orgId, id]))?.email ?? undefined;
}

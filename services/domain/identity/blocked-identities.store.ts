import type { MemberId } from "../../kernel/ids";
import { sql, statement } from "../../platform/sql";
import type { Tx } from "../../platform/unit-of-work";

const block = statement(
  "sso-identity-block",
  `update sso_identity set blocked = true where org_id = $1 and member_id = $2 and not blocked`,
);
const lockRemoved = statement(
  "removed-member-lock",
  `select status from member where org_id = $1 and id = $2 for no key update`,
);
const release = statement("sso-identity-release", `delete from sso_identity where org_id = $1 and member_id = $2`);
// The row of a removed member stands for a decision of the identity provider as long as it names one.
const forget = statement(
  "removed-member-forget-manager",
  `update member set managed_by = null, version = version + 1, updated_at = $3
   where org_id = $1 and id = $2 and managed_by is not null`,
);

/** Marks every identity by which a member signed in: none of them opens anything, whatever becomes of the member. */
export async function blockIdentityRows(tx: Tx, memberId: MemberId): Promise<void> {
  await sql(tx).exec(block, [tx.orgId, memberId]);
}

/** The state of a member, removed ones included, held until the unit of work ends. */
export async function lockAnyMember(tx: Tx, memberId: MemberId): Promise<{ status: string } | undefined> {
  return sql(tx).maybe<{ status: string }>(lockRemoved, [tx.orgId, memberId]);
}

/** Takes both marks away; answers how many identities and managers there were. */
export async function releaseIdentityRows(tx: Tx, memberId: MemberId): Promise<number> {
  const identities = await sql(tx).exec(release, [tx.orgId, memberId]);
  return identities + (await sql(tx).exec(forget, [tx.orgId, memberId, tx.now]));
}

import type { GroupId, MemberId } from "../../kernel/ids";
import { foldKey } from "../../kernel/text";
import { sql, statement } from "../../platform/sql";
import type { Tx } from "../../platform/unit-of-work";

const member = statement(
  "provisioning-user-name-holder",
  `select id from member where org_id = $1 and user_name_key = $2 and status <> 'REMOVED'`,
);
const group = statement(
  "provisioning-group-name-holder",
  `select id from member_group where org_id = $1 and name_key = $2 and deleted_at is null`,
);

export async function memberOfName(tx: Tx, userName: string): Promise<MemberId | undefined> {
  return (await sql(tx).maybe<{ id: MemberId }>(member, [tx.orgId, foldKey(userName.trim())]))?.id;
}

export async function groupOfName(tx: Tx, displayName: string): Promise<GroupId | undefined> {
  return (await sql(tx).maybe<{ id: GroupId }>(group, [tx.orgId, foldKey(displayName.trim())]))?.id;
}

import type { MemberId } from "../../kernel/ids";
import type { Role } from "../../platform/caller";
import { sql, statement } from "../../platform/sql";
import type { Tx } from "../../platform/unit-of-work";
import type { MemberStatus } from "./member";

const byUserName = statement(
  "members-by-user-name",
  `select user_name_key as key, id from member
   where org_id = $1 and user_name_key = any ($2::text[]) and status <> 'REMOVED'`,
);
const page = statement(
  "members-export-page",
  `select m.id, m.user_name as "userName", coalesce(m.login_email, '') as email, m.given_name as "givenName",
     m.family_name as "familyName", m.display_name as "displayName", m.title, m.department,
     m.employee_number as "employeeNumber", m.role, m.status, s.plan_code as plan, m.created_at as "createdAt"
   from member m
   left join licence_assignment l
     on l.org_id = m.org_id and l.member_id = m.id and l.ended_at is null and l.kind = 'SERVICE'
   left join subscription s on s.org_id = l.org_id and s.id = l.subscription_id
   where m.org_id = $1 and m.status <> 'REMOVED' and m.id > $2
   order by m.id limit $3`,
);

/** The members behind user name keys. */
export async function findIdsByUserName(tx: Tx, keys: readonly string[]): Promise<Map<string, MemberId>> {
  const rows = await sql(tx).many<{ key: string; id: MemberId }>(byUserName, [tx.orgId, keys]);
  return new Map(rows.map((row) => [row.key, row.id]));
}

export interface ExportedMember {
  readonly id: MemberId;
  readonly userName: string;
  readonly email: string;
  readonly givenName: string | null;
  readonly familyName: string | null;
  readonly displayName: string | null;
  readonly title: string | null;
  readonly department: string | null;
  readonly employeeNumber: string | null;
  readonly role: Role;
  readonly status: MemberStatus;
  readonly plan: string | null;
  readonly createdAt: Date;
}

/** Members after an id, in the order of their ids. */
export async function exportPage(tx: Tx, after: MemberId | null, limit: number): Promise<ExportedMember[]> {
  const first = "00000000-0000-0000-0000-000000000000";
  return sql(tx).many<ExportedMember>(page, [tx.orgId, after ?? first, limit]);
}

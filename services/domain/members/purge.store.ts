import type { MemberId } from "../../kernel/ids";
import { sql, statement } from "../../platform/sql";
import type { Tx } from "../../platform/unit-of-work";

/** Whether a member left in a mass departure that nobody has agreed to yet: until then nothing is erased (SCIM-190). */
export const isUndecided = (member: string): string => `exists (
    select 1 from provisioning_undo u join provisioning_run r on r.org_id = $1 and r.id = u.run_id
    where u.org_id = $1 and u.member_id = ${member}.id and u.undone_at is null
      and r.state in ('ALERTED', 'BLOCKED', 'UNDONE'))`;

const lockDue = statement(
  "members-purge-due",
  `select id from member where org_id = $1 and status = 'REMOVED' and purge_after <= $2 and not ${isUndecided("member")}
   order by purge_after, id limit $3 for no key update skip locked`,
);
const nextDue = statement(
  "members-purge-next",
  `select min(purge_after) as "dueAt" from member
   where org_id = $1 and status = 'REMOVED' and purge_after is not null and not ${isUndecided("member")}`,
);
// The row stays, empty: licences that were held and lines of the audit log go on naming its id (ruling 3). The values
// go with it by the same statement.
const erase = statement(
  "members-erase",
  `with gone as (delete from member_value where org_id = $1 and member_id = any ($2::uuid[]))
   update member
   set user_name = 'removed', user_name_key = 'removed', login_email = null, login_email_norm = null,
       formatted_name = null, family_name = null, given_name = null, middle_name = null, honorific_prefix = null,
       honorific_suffix = null, display_name = null, name_key = '', title = null, preferred_language = null,
       locale = null, time_zone = null, employee_number = null, cost_center = null, organization_name = null,
       division = null, department = null, manager_ref = null, scim_rest = '{}', seat_snapshot = null,
       person_id = null, purge_after = null, updated_at = $3, version = version + 1
   where org_id = $1 and id = any ($2::uuid[])`,
);

/** Removed members whose undo window is over, held until the end of the unit. */
export async function lockPurgeable(tx: Tx, max: number): Promise<MemberId[]> {
  const rows = await sql(tx).many<{ id: MemberId }>(lockDue, [tx.orgId, tx.now, max]);
  return rows.map(({ id }) => id);
}

/** When the next undo window is over. */
export async function nextPurge(tx: Tx): Promise<Date | null> {
  return (await sql(tx).one<{ dueAt: Date | null }>(nextDue, [tx.orgId])).dueAt;
}

/** Leaves nothing of some members but their ids. */
export async function eraseMembers(tx: Tx, ids: readonly MemberId[]): Promise<void> {
  await sql(tx).exec(erase, [tx.orgId, ids, tx.now]);
}

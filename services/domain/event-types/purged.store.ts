import type { MemberId } from "../../kernel/ids";
import { sql, statement } from "../../platform/sql";
import type { Tx } from "../../platform/unit-of-work";

const deleteRedirects = statement(
  "path-redirects-of-purged",
  `delete from path_redirect where org_id = $1 and (member_id = $2 or event_type_id in (
     select id from event_type where org_id = $1 and member_id = $2))`,
);
const deleteOwn = statement("event-types-of-purged", `delete from event_type where org_id = $1 and member_id = $2`);

/** Deletes a member's event types with the paths that led to them; answers how many. */
export async function deleteEventTypesOfMember(tx: Tx, memberId: MemberId): Promise<number> {
  await sql(tx).exec(deleteRedirects, [tx.orgId, memberId]);
  return sql(tx).exec(deleteOwn, [tx.orgId, memberId]);
}

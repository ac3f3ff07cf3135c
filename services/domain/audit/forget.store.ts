import type { MemberId } from "../../kernel/ids";
import { sql, statement } from "../../platform/sql";
import type { Tx } from "../../platform/unit-of-work";

const forget = statement("audit-forget", `delete from audit_personal where org_id = $1 and subject_id = $2`);

/** Deletes the values before and after of everything that was done to somebody. */
export async function deletePersonalOf(tx: Tx, subjectId: MemberId): Promise<number> {
  return sql(tx).exec(forget, [tx.orgId, subjectId]);
}

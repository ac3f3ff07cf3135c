import type { MemberId } from "../../kernel/ids";
import { sql, statement } from "../../platform/sql";
import type { Tx } from "../../platform/unit-of-work";

const mark = statement("member-mark-free-place", `update member set free_place = true where org_id = $1 and id = $2`);

/** Notes that the member takes a place of the free plan, so that it can be given back. */
export async function markFreePlace(tx: Tx, id: MemberId): Promise<void> {
  await sql(tx).exec(mark, [tx.orgId, id]);
}

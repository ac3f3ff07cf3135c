import type { MemberId, SubscriptionId } from "../../kernel/ids";
import { massStatement, sql, statement } from "../../platform/sql";
import type { Tx } from "../../platform/unit-of-work";

export interface Holder {
  readonly memberId: MemberId;
  readonly status: "INVITED" | "ACTIVE" | "SUSPENDED" | "REMOVED";
  readonly freePlace: boolean;
}

const lock = statement(
  "holder-lock",
  `select id as "memberId", status, free_place as "freePlace" from member where org_id = $1 and id = $2
   for no key update`,
);
const setFreePlace = statement(
  "holder-set-free-place",
  `update member set free_place = $3 where org_id = $1 and id = $2`,
);
const list = statement(
  "holders-list",
  `select l.member_id as "memberId" from licence_assignment l
   where l.org_id = $1 and l.subscription_id = $2 and l.ended_at is null and ($3::uuid is null or l.member_id > $3)
   order by l.member_id limit $4`,
);
const lockAll = massStatement(
  "holders-lock-all",
  `select m.id from member m
   where m.org_id = $1 and m.id in (
     select l.member_id from licence_assignment l
     where l.org_id = $1 and l.subscription_id = $2 and l.ended_at is null)
   order by m.id for no key update of m`,
);

/** Locks the member who is to hold a licence: members before pools (ruling a10). */
export async function lockHolder(tx: Tx, id: MemberId): Promise<Holder | undefined> {
  return sql(tx).maybe<Holder>(lock, [tx.orgId, id]);
}

/** Notes whether the member takes a place of the free plan. */
export async function markFreePlace(tx: Tx, id: MemberId, freePlace: boolean): Promise<void> {
  await sql(tx).exec(setFreePlace, [tx.orgId, id, freePlace]);
}

/** Who holds a unit of a pool, by id; `limit` null gives all. */
export async function findHolders(
  tx: Tx,
  id: SubscriptionId,
  page: { after: MemberId | null; limit: number | null },
): Promise<MemberId[]> {
  const rows = await sql(tx).many<{ memberId: MemberId }>(list, [tx.orgId, id, page.after, page.limit]);
  return rows.map((row) => row.memberId);
}

/** Locks every holder of a pool that is about to end. */
export async function lockHolders(tx: Tx, id: SubscriptionId): Promise<void> {
  await sql(tx).many(lockAll, [tx.orgId, id]);
}

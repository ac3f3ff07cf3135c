import { sql, statement } from "../../platform/sql";
import type { Tx } from "../../platform/unit-of-work";

/** Seats of the live service pools, counted. */
export interface SeatSummary {
  /** Bought: how many may join. */
  readonly purchased: number;
  /** Taken: reserved and occupied. */
  readonly used: number;
  /** Taken by members who have not accepted yet. */
  readonly reserved: number;
  /** Taken by members who have. */
  readonly occupied: number;
  /** Can be given to somebody at this moment. */
  readonly available: number;
  /** What the running period bills: everything bought, occupied or not. */
  readonly billed: number;
}

const summary = statement(
  "seat-summary",
  `with pool as (
     select id, quantity, used,
       greatest(0, least(quantity, coalesce(next_quantity, quantity), coalesce(target_quantity, quantity)) - used)
         as available
     from subscription where org_id = $1 and kind = 'SERVICE' and status in ('ACTIVE', 'PAST_DUE')
   ), reserved as (
     select count(*)::integer as units
     from member m
     join licence_assignment l on l.org_id = m.org_id and l.member_id = m.id
     where m.org_id = $1 and m.status = 'INVITED' and l.kind = 'SERVICE' and l.ended_at is null
       and l.subscription_id in (select id from pool)
   )
   select coalesce(sum(quantity), 0)::integer as purchased, coalesce(sum(used), 0)::integer as used,
     (select units from reserved) as reserved,
     coalesce(sum(used), 0)::integer - (select units from reserved) as occupied,
     coalesce(sum(available), 0)::integer as available, coalesce(sum(quantity), 0)::integer as billed
   from pool`,
);

export async function readSeatSummary(tx: Tx): Promise<SeatSummary> {
  return sql(tx).one<SeatSummary>(summary, [tx.orgId]);
}

import type { LicenceId, MemberId, SubscriptionId } from "../../kernel/ids";
import { sql, statement } from "../../platform/sql";
import type { Tx } from "../../platform/unit-of-work";
import type { LicenceEndReason } from "./seat";

// A licence never ends before it began, whatever a replica's clock says (ruling c22).
const release = statement(
  "seat-release",
  `with ended as (
    update licence_assignment set ended_at = greatest(started_at, $3::timestamptz), end_reason = $4
    where org_id = $1 and member_id = $2 and ended_at is null and ($5::uuid is null or subscription_id = $5)
    returning id, subscription_id, kind
  ), back as (
    update subscription s set used = s.used - e.units, updated_at = $3
    from (select subscription_id, count(*)::integer as units from ended group by subscription_id) e
    where s.org_id = $1 and s.id = e.subscription_id
  )
  select subscription_id as "subscriptionId", kind from ended order by kind desc, id`,
);
// By a statement of its own: the one before may have waited for the row of a pool, and has looked before it waited.
const awaited = statement("seat-awaited", `select exists (select 1 from seat_wait where org_id = $1) as "isAwaited"`);
const openOf = statement(
  "seat-open-of-member",
  `select l.id as "licenceId", l.subscription_id as "subscriptionId", s.plan_code as "planCode", l.kind
   from licence_assignment l join subscription s on s.org_id = l.org_id and s.id = l.subscription_id
   where l.org_id = $1 and l.member_id = $2 and l.ended_at is null order by l.kind desc, l.id`,
);

export interface ReleasedLicence {
  readonly subscriptionId: SubscriptionId;
  readonly kind: "SERVICE" | "OPTION";
  /** Whether anybody waits for a seat. */
  readonly isAwaited: boolean;
}

/** Ends the member's open licences (of one pool, or all) and gives their units back, in one round trip. */
export async function releaseUnits(
  tx: Tx,
  memberId: MemberId,
  reason: LicenceEndReason,
  subscriptionId: SubscriptionId | null,
): Promise<ReleasedLicence[]> {
  const [ended, { isAwaited }] = await Promise.all([
    sql(tx).many<Omit<ReleasedLicence, "isAwaited">>(release, [tx.orgId, memberId, tx.now, reason, subscriptionId]),
    sql(tx).one<Pick<ReleasedLicence, "isAwaited">>(awaited, [tx.orgId]),
  ]);
  return ended.map((licence) => ({ ...licence, isAwaited }));
}

export interface OpenLicence {
  readonly licenceId: LicenceId;
  readonly subscriptionId: SubscriptionId;
  readonly planCode: string;
  readonly kind: "SERVICE" | "OPTION";
}

export async function openLicencesOf(tx: Tx, memberId: MemberId): Promise<OpenLicence[]> {
  return sql(tx).many<OpenLicence>(openOf, [tx.orgId, memberId]);
}

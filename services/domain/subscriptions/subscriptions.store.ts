import { newId, type SubscriptionId } from "../../kernel/ids";
import { sql, statement } from "../../platform/sql";
import type { Tx } from "../../platform/unit-of-work";
import type { PriceSnapshot, Subscription } from "./subscription";

const columns = `id, plan_code as "planCode", kind, section, source, quantity, next_quantity as "nextQuantity",
  target_quantity as "targetQuantity", used, next_plan_code as "nextPlanCode", status, billing_mode as "billingMode",
  cycle_kind as "cycleKind", billing_zone as "billingZone", anchor, lower(period) as "periodStart",
  upper(period) as "periodEnd", term_end as "termEnd", renewal_mode as "renewalMode",
  next_renewal_at as "nextRenewalAt", is_default as "isDefault", price_snapshot as price, created_at as "createdAt",
  version`;

const find = statement("subscription-find", `select ${columns} from subscription where org_id = $1 and id = $2`);
const lock = statement(
  "subscription-lock",
  `select ${columns} from subscription where org_id = $1 and id = any($2::uuid[]) order by id for no key update`,
);
const list = statement(
  "subscription-list",
  `select ${columns} from subscription where org_id = $1 and ($2 or status <> 'ENDED')
   order by kind desc, plan_code, created_at, id limit 500`,
);
const defaultOne = statement(
  "subscription-default",
  `select ${columns} from subscription where org_id = $1 and is_default and status <> 'ENDED'`,
);
const add = statement(
  "subscription-add",
  `insert into subscription (org_id, id, plan_code, kind, section, source, quantity, status, billing_mode, cycle_kind,
     billing_zone, anchor, period, renewal_mode, next_renewal_at, price_snapshot, created_at, updated_at, is_default)
   select $1, $2, $3, $4, $5, $6, $7, 'ACTIVE', $8, $9, $10, $11, tstzrange($11, $12, '[)'), $13, $12, $14, $11, $11,
          $4 = 'SERVICE' and not exists (
            select 1 from subscription s where s.org_id = $1 and s.is_default and s.status <> 'ENDED')
   returning ${columns}`,
);
const change = statement(
  "subscription-change",
  `update subscription
   set quantity = $3, next_quantity = $4, plan_code = $5, next_plan_code = $6, price_snapshot = $7, updated_at = $8,
       version = version + 1
   where org_id = $1 and id = $2
   returning ${columns}`,
);
const renew = statement(
  "subscription-renew",
  `update subscription
   set quantity = $3, next_quantity = null, plan_code = $4, next_plan_code = null, price_snapshot = $5,
       billing_mode = $6, cycle_kind = $7, billing_zone = $8, anchor = $9, period = tstzrange($10, $11, '[)'),
       next_renewal_at = $11, renewal_mode = $12, updated_at = $13, version = version + 1
   where org_id = $1 and id = $2`,
);
const clearDefault = statement(
  "subscription-clear-default",
  `update subscription set is_default = false, updated_at = $2, version = version + 1
   where org_id = $1 and is_default and status <> 'ENDED'`,
);
const setDefault = statement(
  "subscription-set-default",
  `update subscription set is_default = true, updated_at = $3, version = version + 1
   where org_id = $1 and id = $2 returning ${columns}`,
);
const due = statement(
  "subscription-due",
  `select id from subscription
   where org_id = $1 and status in ('ACTIVE', 'PAST_DUE') and next_renewal_at <= $2
   order by next_renewal_at, id limit 1`,
);
const nextDue = statement(
  "subscription-next-due",
  `select min(next_renewal_at) as "nextDue" from subscription
   where org_id = $1 and status in ('ACTIVE', 'PAST_DUE')`,
);
const collection = statement("organization-collection", `select collection_mode from organization where org_id = $1`);

interface Row extends Omit<Subscription, "period"> {
  readonly periodStart: Date;
  readonly periodEnd: Date;
}

export async function findSubscription(tx: Tx, id: SubscriptionId): Promise<Subscription | undefined> {
  const row = await sql(tx).maybe<Row>(find, [tx.orgId, id]);
  return row && toSubscription(row);
}

/** Locks pools in the order of their ids, so that two units never wait for each other (ruling a10). */
export async function lockSubscriptions(tx: Tx, ids: readonly SubscriptionId[]): Promise<Subscription[]> {
  return (await sql(tx).many<Row>(lock, [tx.orgId, ids])).map(toSubscription);
}

export async function listSubscriptionRows(tx: Tx, withEnded: boolean): Promise<Subscription[]> {
  return (await sql(tx).many<Row>(list, [tx.orgId, withEnded])).map(toSubscription);
}

/** The pool with the star, unlocked. */
export async function findDefaultSubscription(tx: Tx): Promise<Subscription | undefined> {
  const row = await sql(tx).maybe<Row>(defaultOne, [tx.orgId]);
  return row && toSubscription(row);
}

type Fresh = Pick<
  Subscription,
  "planCode" | "kind" | "section" | "source" | "quantity" | "billingZone" | "renewalMode" | "period" | "price"
>;

/** The organization's first service pool becomes the default one, in the same statement. */
export async function insertSubscription(tx: Tx, s: Fresh): Promise<Subscription> {
  const { period, price } = s;
  const row = await sql(tx).one<Row>(add, [
    ...[tx.orgId, newId("subscription"), s.planCode, s.kind, s.section, s.source, s.quantity],
    ...[price.billingMode, price.cycleKind, s.billingZone, period.start, period.end, s.renewalMode, price],
  ]);
  return toSubscription(row);
}

export type Changed = Pick<Subscription, "quantity" | "nextQuantity" | "planCode" | "nextPlanCode" | "price">;

export async function updateSubscription(tx: Tx, id: SubscriptionId, s: Changed): Promise<Subscription> {
  const values = [s.quantity, s.nextQuantity, s.planCode, s.nextPlanCode, s.price, tx.now];
  return toSubscription(await sql(tx).one<Row>(change, [tx.orgId, id, ...values]));
}

/** Writes a pool that has entered its next period. */
export async function updateRenewed(tx: Tx, s: Subscription): Promise<void> {
  const price: PriceSnapshot = s.price;
  await sql(tx).exec(renew, [
    ...[tx.orgId, s.id, s.quantity, s.planCode, price, s.billingMode, s.cycleKind, s.billingZone, s.anchor],
    ...[s.period.start, s.period.end, s.renewalMode, tx.now],
  ]);
}

/** Moves the star; two statements, because the unique index is checked row by row. */
export async function moveDefault(tx: Tx, id: SubscriptionId): Promise<Subscription> {
  await sql(tx).exec(clearDefault, [tx.orgId, tx.now]);
  return toSubscription(await sql(tx).one<Row>(setDefault, [tx.orgId, id, tx.now]));
}

/** The pool whose period ended first, unlocked. */
export async function findOldestDue(tx: Tx): Promise<SubscriptionId | undefined> {
  return (await sql(tx).maybe<{ id: SubscriptionId }>(due, [tx.orgId, tx.now]))?.id;
}

export async function findNextDue(tx: Tx): Promise<Date | null> {
  return (await sql(tx).one<{ nextDue: Date | null }>(nextDue, [tx.orgId])).nextDue;
}

export async function findCollectionMode(tx: Tx): Promise<"IMMEDIATE" | "NEXT_INVOICE"> {
  const row = await sql(tx).one<{ collection_mode: "IMMEDIATE" | "NEXT_INVOICE" }>(collection, [tx.orgId]);
  return row.collection_mode;
}

function toSubscription({ periodStart, periodEnd, ...row }: Row): Subscription {
  return { ...row, period: { start: periodStart, end: periodEnd } };
}

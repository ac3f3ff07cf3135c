import { invalid, notFound } from "../../kernel/errors";
import type { SubscriptionId } from "../../kernel/ids";
import type { Money } from "../../kernel/money";
import type { Tx } from "../../platform/unit-of-work";
import { useCase } from "../access";
import { getPlan } from "../catalog";
import { decidePlan, decideQuantity, totalsOf, type Decision } from "./change.rules";
import { pricedPlan } from "./change-subscription-plan";
import { parseQuantity, requireOwn, requireOwnBilling } from "./guard";
import type { ChangeLine } from "./proration.rules";
import { rolledForward } from "./roll-forward";
import { seatsInUse } from "./seats-in-use";
import { freePlan, type PriceSnapshot, type Subscription } from "./subscription";
import { findCollectionMode, findSubscription } from "./subscriptions.store";

export interface ChangePreview {
  readonly when: Decision["when"];
  readonly effectiveAt: Date;
  readonly lines: readonly ChangeLine[];
  readonly dueNow: Money;
  readonly nextInvoice: Money;
  readonly nextInvoiceAt: Date;
  /** How the pool would stand. */
  readonly after: Decision["after"];
}

/** One change: a quantity or a plan. */
export interface ProposedChange {
  readonly id: SubscriptionId;
  readonly quantity?: number;
  readonly planCode?: string;
  readonly releaseHolders?: boolean;
}

/**
 * What a change would do and cost, refused as the change itself would be: both ask the same pure functions (INV-07).
 * @throws PlenumError as the change.
 */
export const previewSubscriptionChange = useCase(
  "subscription:read",
  async (tx: Tx, input: ProposedChange): Promise<ChangePreview> => {
    if ((input.quantity === undefined) === (input.planCode === undefined)) {
      throw invalid("input", "either a quantity or a plan");
    }
    await requireOwnBilling(tx);
    const s = await rolledForward(tx, requireOwn(await findSubscription(tx, input.id)));
    if (!s) throw notFound("subscription");
    const { decision, price } =
      input.planCode === undefined
        ? await quantityChange(tx, s, input.quantity ?? 0)
        : await planChange(tx, s, input.planCode, input.releaseHolders ?? false);
    const { when, effectiveAt, lines, after } = decision;
    const totals = totalsOf(decision, await findCollectionMode(tx), price);
    return { when, effectiveAt, lines, ...totals, nextInvoiceAt: s.period.end, after };
  },
  "previewSubscriptionChange",
);

interface Priced {
  readonly decision: Decision;
  /** Of the next period. */
  readonly price: PriceSnapshot;
}

async function quantityChange(tx: Tx, s: Subscription, wanted: number): Promise<Priced> {
  const quantity = parseQuantity("quantity", wanted);
  if (quantity < s.used) throw await seatsInUse(tx, s, quantity);
  const decision = decideQuantity(s, quantity, tx.now);
  const next = s.nextPlanCode;
  return { decision, price: next === null || next === freePlan ? s.price : (await pricedPlan(tx, s, next)).price };
}

async function planChange(tx: Tx, s: Subscription, code: string, releaseHolders: boolean): Promise<Priced> {
  const to = await pricedPlan(tx, s, code);
  if (to.isFree && s.used > 0 && !releaseHolders) throw await seatsInUse(tx, s, 0);
  const decision = decidePlan(s, await getPlan(tx, "planCode", s.planCode), to, tx.now);
  return { decision, price: to.isFree ? s.price : to.price };
}

import { Arg, Ctx, Field, Int, ObjectType, Query, Resolver } from "type-graphql";
import { previewSubscriptionChange, type ChangePreview } from "../../../domain/subscriptions";
import { formatMajor, type Money } from "../../../kernel/money";
import type { GatewayContext } from "../../context";
import { ask } from "../../execution/ask";
import { ChangeLineKind, ChangeMoment } from "../enums";
import { idAt, optional } from "../inputs";
import { DateTime, DecimalText } from "../scalars";
import { PreviewSubscriptionChangeInput } from "./inputs";

@ObjectType("Money", { simpleResolvers: true, description: "An exact amount." })
export class MoneyNode {
  @Field(() => DecimalText, { description: "In major units." })
  amount!: string;

  @Field(() => String, { description: "In minor units, as a text: it may exceed what a number holds." })
  amountMinor!: string;

  @Field(() => String, { description: "ISO 4217." })
  currency!: string;
}

@ObjectType("ChangeLine", { simpleResolvers: true, description: "One line of what a change costs." })
export class ChangeLineNode {
  @Field(() => ChangeLineKind, { description: "Charged or credited." })
  kind!: string;

  @Field(() => String, { description: "Of which plan." })
  planCode!: string;

  @Field(() => Int, { description: "How many licences." })
  quantity!: number;

  @Field(() => DecimalText, { description: "What one costs per cycle." })
  unitAmount!: string;

  @Field(() => Int, { description: "Days left in the period." })
  daysLeft!: number;

  @Field(() => Int, { description: "Days of the period." })
  daysTotal!: number;

  @Field(() => MoneyNode, { description: "What the line comes to; below zero for a credit." })
  amount!: MoneyNode;
}

@ObjectType("SubscriptionChangePreview", { simpleResolvers: true, description: "What a change would do and cost." })
export class SubscriptionChangePreview {
  @Field(() => ChangeMoment, { description: "When it would take effect; NONE: nothing would change." })
  when!: string;

  @Field(() => DateTime, { description: "At which instant." })
  effectiveAt!: Date;

  @Field(() => [ChangeLineNode], { description: "What would be charged and credited now." })
  lines!: ChangeLineNode[];

  @Field(() => MoneyNode, { description: "What would be due now." })
  dueNow!: MoneyNode;

  @Field(() => MoneyNode, { description: "What the next invoice would come to." })
  nextInvoice!: MoneyNode;

  @Field(() => DateTime, { description: "When that is." })
  nextInvoiceAt!: Date;

  @Field(() => Int, { description: "How many licences there would be." })
  quantity!: number;

  @Field(() => Int, { nullable: true, description: "How many from the next period on, where that differs." })
  nextQuantity!: number | null;

  @Field(() => String, { description: "The code of the plan there would be." })
  planCode!: string;

  @Field(() => String, { nullable: true, description: "The code of the plan from the next period on, where that differs." })
  nextPlanCode!: string | null;
}

@Resolver()
export class SubscriptionPreviews {
  @Query(() => SubscriptionChangePreview, { description: "What a change would do and cost, refused as the change would be." })
  async previewSubscriptionChange(
    @Arg("input", () => PreviewSubscriptionChangeInput, { description: "Which change." })
    input: PreviewSubscriptionChangeInput,
    @Ctx() context: GatewayContext,
  ): Promise<SubscriptionChangePreview> {
    const { quantity, planCode, releaseHolders } = input;
    return ask(context, async (tx) => {
      const id = idAt("subscriptionId", "subscription", input.subscriptionId);
      const options = { ...optional("quantity", quantity), ...optional("planCode", planCode) };
      return toNode(await previewSubscriptionChange(tx, { id, ...options, ...optional("releaseHolders", releaseHolders) }));
    });
  }
}

function toNode({ lines, dueNow, nextInvoice, after, ...preview }: ChangePreview): SubscriptionChangePreview {
  const { quantity, nextQuantity, planCode, nextPlanCode } = after;
  return {
    ...preview,
    lines: lines.map((line) => ({ ...line, amount: toMoney(line.amount) })),
    dueNow: toMoney(dueNow),
    nextInvoice: toMoney(nextInvoice),
    ...{ quantity, nextQuantity, planCode, nextPlanCode },
  };
}

function toMoney(money: Money): MoneyNode {
  return { amount: formatMajor(money), amountMinor: money.minor.toString(), currency: money.currency };
}

import { Field, ID, InputType, Int } from "type-graphql";
import { BillingMode } from "../enums";

@InputType({ description: "Which subscription." })
abstract class SubscriptionInput {
  @Field(() => ID, { description: "sub_…" })
  subscriptionId!: string;

  @Field(() => ID, { nullable: true, description: "Refused where the subscription has changed since." })
  ifVersion?: string | null;
}

@InputType("CreateSubscriptionInput", { description: "What to buy." })
export class CreateSubscriptionInput {
  @Field(() => String, { description: "The code of a plan." })
  planCode!: string;

  @Field(() => Int, { description: "How many licences." })
  quantity!: number;

  @Field(() => BillingMode, { description: "How often is billed." })
  billingMode!: string;

  @Field(() => String, { nullable: true, description: "The same key and input are done once." })
  idempotencyKey?: string | null;
}

@InputType("ChangeSubscriptionQuantityInput", { description: "How many licences: more at once, fewer with the next period." })
export class ChangeSubscriptionQuantityInput extends SubscriptionInput {
  @Field(() => Int, { description: "How many in all." })
  quantity!: number;

  @Field(() => String, { nullable: true, description: "The same key and input are done once." })
  idempotencyKey?: string | null;
}

@InputType("ChangeSubscriptionPlanInput", { description: "Which plan: a higher one at once, a lower one with the next period." })
export class ChangeSubscriptionPlanInput extends SubscriptionInput {
  @Field(() => String, { description: "The code of a plan; `free` ends the subscription." })
  planCode!: string;

  @Field(() => Boolean, { nullable: true, description: "Whether the holders may lose their licences by it." })
  releaseHolders?: boolean | null;

  @Field(() => String, { nullable: true, description: "The same key and input are done once." })
  idempotencyKey?: string | null;
}

@InputType("UndoScheduledChangeInput", { description: "Whose change to take back." })
export class UndoScheduledChangeInput extends SubscriptionInput {}

@InputType("SetDefaultSubscriptionInput", { description: "Out of which pool newcomers get their licence." })
export class SetDefaultSubscriptionInput {
  @Field(() => ID, { description: "sub_…" })
  subscriptionId!: string;
}

@InputType("PreviewSubscriptionChangeInput", { description: "A change to look at: either a quantity or a plan." })
export class PreviewSubscriptionChangeInput {
  @Field(() => ID, { description: "sub_…" })
  subscriptionId!: string;

  @Field(() => Int, { nullable: true, description: "How many licences in all." })
  quantity?: number | null;

  @Field(() => String, { nullable: true, description: "The code of a plan." })
  planCode?: string | null;

  @Field(() => Boolean, { nullable: true, description: "Whether the holders may lose their licences by it." })
  releaseHolders?: boolean | null;
}

import { ArgsType, Field, ID, InputType, Int, ObjectType } from "type-graphql";
import {
  BillingMode,
  CreationOrder,
  PermissionName,
  PlanKind,
  PlanSection,
  RenewalMode,
  SubscriptionSource,
  SubscriptionStatus,
} from "../enums";
import { NodeInterface } from "../node-interface";
import { connectionOf, PageArguments } from "../page";
import { PlanNode } from "../plan/node";
import { known } from "../registry";
import { DateTime, DecimalText } from "../scalars";

@ObjectType("ScheduledChange", { simpleResolvers: true, description: "What happens when the period ends." })
export class ScheduledChange {
  @Field(() => Int, { nullable: true, description: "How many licences then; absent: as now." })
  quantity!: number | null;

  @Field(() => PlanNode, { nullable: true, description: "Which plan then; absent: as now." })
  plan!: PlanNode | null;

  @Field(() => DateTime, { description: "When." })
  effectiveAt!: string;
}

@ObjectType("Subscription", {
  implements: NodeInterface,
  simpleResolvers: true,
  description: "A pool of licences of one plan. Every licence in it is billed, taken or not.",
})
export class SubscriptionNode extends NodeInterface {
  @Field(() => PlanNode, { description: "Of which plan." })
  plan!: PlanNode;

  @Field(() => PlanKind, { description: "Seats or options." })
  kind!: string;

  @Field(() => PlanSection, { description: "Under which heading it stands." })
  section!: string;

  @Field(() => SubscriptionSource, { description: "Where it comes from." })
  source!: string;

  @Field(() => SubscriptionStatus, { description: "Where it stands." })
  status!: string;

  @Field(() => Int, { description: "How many licences are bought and billed." })
  quantity!: number;

  @Field(() => Int, { description: "How many are taken." })
  used!: number;

  @Field(() => Int, { description: "How many can be given now: never more than is bought now and next." })
  available!: number;

  @Field(() => BillingMode, { description: "How often is billed." })
  billingMode!: string;

  @Field(() => RenewalMode, { description: "What happens at the end of a term." })
  renewalMode!: string;

  @Field(() => Boolean, { description: "Whether newcomers get a licence of it." })
  isDefault!: boolean;

  @Field(() => DecimalText, { description: "What one licence costs per cycle, as it was when it was bought." })
  unitAmount!: string;

  @Field(() => String, { description: "ISO 4217." })
  currency!: string;

  @Field(() => DateTime, { description: "When the running period began." })
  periodStart!: string;

  @Field(() => DateTime, { description: "When it ends." })
  periodEnd!: string;

  @Field(() => DateTime, { nullable: true, description: "When a prepaid term ends." })
  termEnd!: string | null;

  @Field(() => DateTime, { nullable: true, description: "When it renews; absent: it does not." })
  nextRenewalAt!: string | null;

  @Field(() => ScheduledChange, { nullable: true, description: "What is scheduled, and can be undone." })
  scheduledChange!: ScheduledChange | null;

  @Field(() => DateTime, { description: "When it was bought." })
  createdAt!: string;

  @Field(() => ID, { description: "For `ifVersion`: changes with every change." })
  version!: string;

  @Field(() => [PermissionName], { description: "What you may do with it." })
  viewerMay!: string[];
}

known("Subscription", SubscriptionNode);
export const SubscriptionConnection = connectionOf("Subscription", () => SubscriptionNode);

@InputType("SubscriptionFilter", { description: "Which subscriptions; conditions are joined by and." })
export class SubscriptionFilter {
  @Field(() => [SubscriptionStatus], { nullable: true, description: "With one of these states; without it all but ENDED." })
  status?: string[];

  @Field(() => [PlanSection], { nullable: true, description: "Under one of these headings." })
  section?: string[];
}

@ArgsType()
export class SubscriptionArguments extends PageArguments {
  @Field(() => SubscriptionFilter, { nullable: true, description: "Which subscriptions." })
  filter?: SubscriptionFilter;

  @Field(() => CreationOrder, { nullable: true, description: "In which order; oldest first without it." })
  orderBy?: string;
}

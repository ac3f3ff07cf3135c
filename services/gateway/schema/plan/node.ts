import { Field, Int, ObjectType } from "type-graphql";
import { BillingMode, PlanEdition, PlanFamily, PlanKind, PlanSection } from "../enums";
import { known } from "../registry";
import { DecimalText } from "../scalars";

@ObjectType("PlanFeature", { simpleResolvers: true, description: "What a plan brings." })
export class PlanFeature {
  @Field(() => String, { description: "Its name." })
  feature!: string;

  @Field(() => Int, { description: "1 for a yes, a number for a limit." })
  value!: number;
}

@ObjectType("PlanPrice", { simpleResolvers: true, description: "What one unit costs per cycle." })
export class PlanPrice {
  @Field(() => BillingMode, { description: "How often is billed." })
  billingMode!: string;

  @Field(() => String, { description: "ISO 4217." })
  currency!: string;

  @Field(() => DecimalText, { description: "In major units." })
  unitAmount!: string;
}

@ObjectType("Plan", { simpleResolvers: true, description: "What is sold." })
export class PlanNode {
  @Field(() => String, { description: "The code by which it is named." })
  code!: string;

  @Field(() => String, { description: "Its name in your language." })
  name!: string;

  @Field(() => PlanKind, { description: "A seat, or something beside one." })
  kind!: string;

  @Field(() => PlanSection, { description: "Under which heading it stands." })
  section!: string;

  @Field(() => PlanFamily, { description: "Live or automated events." })
  family!: string;

  @Field(() => PlanEdition, { nullable: true, description: "Edition, where there are several." })
  edition!: string | null;

  @Field(() => Int, { description: "Higher is more." })
  tierRank!: number;

  @Field(() => Boolean, { description: "Whether it costs nothing." })
  isFree!: boolean;

  @Field(() => [String], { description: "Codes of the options that go with it." })
  optionCodes!: string[];

  @Field(() => [PlanFeature], { description: "What it brings." })
  features!: PlanFeature[];

  @Field(() => [PlanPrice], { description: "What it costs now." })
  prices!: PlanPrice[];
}

known("Plan", PlanNode);

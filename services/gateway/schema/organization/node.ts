import { Field, ID, Int, ObjectType } from "type-graphql";
import { Locale, OrganizationKind, OrganizationStatus, PermissionName, SeatPolicy } from "../enums";
import { NodeInterface } from "../node-interface";
import { known } from "../registry";
import { DateTime } from "../scalars";

@ObjectType("SeatSummary", {
  simpleResolvers: true,
  description: "Seats, counted. Five bought, four people: five are billed.",
})
export class SeatSummary {
  @Field(() => Int, { description: "How many are bought: how many may join." })
  purchased!: number;

  @Field(() => Int, { description: "How many are taken: reserved and occupied." })
  used!: number;

  @Field(() => Int, { description: "How many are taken by people who have not accepted yet." })
  reserved!: number;

  @Field(() => Int, { description: "How many are taken by people who have." })
  occupied!: number;

  @Field(() => Int, { description: "How many can be given now." })
  available!: number;

  @Field(() => Int, { description: "How many are billed: all that are bought, taken or not." })
  billed!: number;
}

@ObjectType("Entitlement", { simpleResolvers: true, description: "What the organization may use." })
export class Entitlement {
  @Field(() => String, { description: "Its name." })
  feature!: string;

  @Field(() => Int, { description: "1 for a yes, a number for a limit." })
  value!: number;
}

@ObjectType("Organization", { implements: NodeInterface, simpleResolvers: true, description: "A tenant." })
export class OrganizationNode extends NodeInterface {
  @Field(() => String, { description: "Its name." })
  name!: string;

  @Field(() => String, { description: "What stands in its paths." })
  slug!: string;

  @Field(() => OrganizationKind, { description: "What sort of tenant." })
  kind!: string;

  @Field(() => OrganizationStatus, { description: "Whether it can be used." })
  status!: string;

  @Field(() => Locale, { description: "The language of its mails and pages." })
  locale!: string;

  @Field(() => String, { description: "IANA time zone." })
  timeZone!: string;

  @Field(() => String, { description: "ISO 4217." })
  currency!: string;

  @Field(() => Int, { description: "How many owners it has; one at least." })
  ownerCount!: number;

  @Field(() => SeatPolicy, { description: "What happens when somebody joins and no seat is free." })
  seatPolicy!: string;

  @Field(() => Int, { nullable: true, description: "How many seats EXPAND may reach; absent: it may buy none." })
  expandCeiling!: number | null;

  @Field(() => Int, { nullable: true, description: "How many members may be on the free plan; absent: any number." })
  freeMemberLimit!: number | null;

  @Field(() => Int, { description: "How many members are on the free plan." })
  freeMembersUsed!: number;

  @Field(() => [Entitlement], { description: "What it may use." })
  entitlements!: Entitlement[];

  @Field(() => SeatSummary, { description: "Its seats, counted." })
  seatSummary!: SeatSummary;

  @Field(() => DateTime, { description: "When it was made." })
  createdAt!: string;

  @Field(() => ID, { description: "For `ifVersion`: changes with every change." })
  version!: string;

  @Field(() => [PermissionName], { description: "What you may do in it." })
  viewerMay!: string[];
}

known("Organization", OrganizationNode);

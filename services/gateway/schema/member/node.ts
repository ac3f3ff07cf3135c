import { Field, ID, ObjectType } from "type-graphql";
import { MemberOrigin, MemberRole, MemberStatus, PermissionName, SeatStatus } from "../enums";
import { NodeInterface } from "../node-interface";
import { connectionOf } from "../page";
import { known, typeNamed } from "../registry";
import { DateTime } from "../scalars";

@ObjectType("Member", { implements: NodeInterface, simpleResolvers: true, description: "A person in an organization." })
export class MemberNode extends NodeInterface {
  @Field(() => MemberStatus, { description: "Where the membership stands." })
  status!: string;

  @Field(() => MemberRole, { description: "What the member may do." })
  role!: string;

  @Field(() => MemberOrigin, { description: "By which way the member came." })
  origin!: string;

  @Field(() => String, { description: "The name to show: display name, else the name, else the user name." })
  name!: string;

  @Field(() => String, { nullable: true, description: "The name that was chosen to be shown." })
  displayName!: string | null;

  @Field(() => String, { nullable: true, description: "Given name." })
  givenName!: string | null;

  @Field(() => String, { nullable: true, description: "Family name." })
  familyName!: string | null;

  @Field(() => String, { description: "The name that identifies the member in the organization." })
  userName!: string;

  @Field(() => String, { nullable: true, description: "The address by which the member signs in." })
  email!: string | null;

  @Field(() => String, { nullable: true, description: "Job title." })
  title!: string | null;

  @Field(() => String, { nullable: true, description: "Department." })
  department!: string | null;

  @Field(() => String, { nullable: true, description: "Employee number." })
  employeeNumber!: string | null;

  @Field(() => String, { nullable: true, description: "Language and region, as the profile has it." })
  locale!: string | null;

  @Field(() => String, { nullable: true, description: "IANA time zone." })
  timeZone!: string | null;

  @Field(() => Boolean, { description: "Whether an identity provider keeps this member." })
  isManagedByIdentityProvider!: boolean;

  @Field(() => Boolean, { description: "Whether the member takes a place of the free plan." })
  onFreePlan!: boolean;

  @Field(() => SeatStatus, { description: "Whether the member has a seat, or waits for one." })
  seatStatus!: string;

  @Field(() => typeNamed("Licence"), { nullable: true, description: "The seat, where there is one." })
  seat!: object | null;

  @Field(() => [typeNamed("Licence")], { description: "The options that the member holds." })
  options!: object[];

  @Field(() => typeNamed("Invitation"), { nullable: true, description: "The invitation that is not answered yet." })
  invitation!: object | null;

  @Field(() => DateTime, { nullable: true, description: "When the membership became active." })
  joinedAt!: string | null;

  @Field(() => DateTime, { nullable: true, description: "When it was suspended last." })
  suspendedAt!: string | null;

  @Field(() => DateTime, { nullable: true, description: "When the member was removed." })
  removedAt!: string | null;

  @Field(() => DateTime, { description: "When the member was added." })
  createdAt!: string;

  @Field(() => DateTime, { description: "When something of it changed last." })
  updatedAt!: string;

  @Field(() => ID, { description: "For `ifVersion`: changes with every change." })
  version!: string;

  @Field(() => [PermissionName], { description: "What you may do with this member." })
  viewerMay!: string[];
}

known("Member", MemberNode);
export const MemberConnection = connectionOf("Member", () => MemberNode);

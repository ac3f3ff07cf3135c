import { ArgsType, Field, ID, InputType, Int, ObjectType } from "type-graphql";
import { CreationOrder, InvitationStatus, PermissionName } from "../enums";
import { NodeInterface } from "../node-interface";
import { connectionOf, PageArguments } from "../page";
import { known, typeNamed } from "../registry";
import { DateTime } from "../scalars";

@ObjectType("Invitation", {
  implements: NodeInterface,
  simpleResolvers: true,
  description: "The letter to somebody who is asked to join. Their seat is reserved until it is answered.",
})
export class InvitationNode extends NodeInterface {
  @Field(() => InvitationStatus, { description: "Where it stands." })
  status!: string;

  @Field(() => typeNamed("Member"), { description: "Who is invited." })
  member!: object;

  @Field(() => typeNamed("Member"), { nullable: true, description: "Who invited them." })
  invitedBy!: object | null;

  @Field(() => DateTime, { description: "When the letter went out last." })
  sentAt!: string;

  @Field(() => Int, { description: "How often it went out." })
  sendCount!: number;

  @Field(() => DateTime, { description: "From when sending it again is advisable." })
  resendRecommendedAt!: string;

  @Field(() => DateTime, { description: "Until when the link in the last letter works." })
  expiresAt!: string;

  @Field(() => Boolean, { description: "Whether the link has expired; the invitation stays pending." })
  isExpired!: boolean;

  @Field(() => DateTime, { description: "When it was made." })
  createdAt!: string;

  @Field(() => DateTime, { nullable: true, description: "When it was answered or withdrawn." })
  endedAt!: string | null;

  @Field(() => ID, { description: "Changes with every change." })
  version!: string;

  @Field(() => [PermissionName], { description: "What you may do with it." })
  viewerMay!: string[];
}

known("Invitation", InvitationNode);
export const InvitationConnection = connectionOf("Invitation", () => InvitationNode);

@InputType("InvitationFilter", { description: "Which invitations." })
export class InvitationFilter {
  @Field(() => [InvitationStatus], { nullable: true, description: "With one of these states; without it PENDING." })
  status?: string[];
}

@ArgsType()
export class InvitationArguments extends PageArguments {
  @Field(() => InvitationFilter, { nullable: true, description: "Which invitations." })
  filter?: InvitationFilter;

  @Field(() => CreationOrder, { nullable: true, description: "In which order; oldest first without it." })
  orderBy?: string;
}

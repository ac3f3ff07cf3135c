import { ArgsType, Field, ID, InputType, Int, ObjectType } from "type-graphql";
import { CreationOrder, MemberOrder, PermissionName } from "../enums";
import { NodeInterface } from "../node-interface";
import { connectionOf, PageArguments } from "../page";
import { Payload, payloadOf } from "../payload";
import { known, typeNamed } from "../registry";
import { DateTime } from "../scalars";

@ObjectType("Group", {
  implements: NodeInterface,
  simpleResolvers: true,
  description: "Members, and other groups, under a name.",
})
export class GroupNode extends NodeInterface {
  @Field(() => String, { description: "What it is called." })
  name!: string;

  @Field(() => Int, { description: "How many belong to it directly, groups included." })
  memberCount!: number;

  @Field(() => Boolean, { description: "Whether an identity provider keeps it: then it is changed there." })
  isManagedByIdentityProvider!: boolean;

  @Field(() => typeNamed("IdentityConnection"), { nullable: true, description: "Which one brought it." })
  connection!: object | null;

  @Field(() => DateTime, { description: "When it was made." })
  createdAt!: string;

  @Field(() => DateTime, { description: "When it was changed last." })
  updatedAt!: string;

  @Field(() => [PermissionName], { description: "What you may do here." })
  viewerMay!: string[];

  @Field(() => ID, { description: "Changes with every change." })
  version!: string;
}

@InputType("GroupFilter", { description: "Which groups." })
export class GroupFilter {
  @Field(() => String, { nullable: true, description: "Whose name begins so." })
  search?: string;
}

@ArgsType()
export class GroupArguments extends PageArguments {
  @Field(() => GroupFilter, { nullable: true, description: "Which groups." })
  filter?: GroupFilter;

  @Field(() => MemberOrder, { nullable: true, description: "In which order; oldest first without it." })
  orderBy?: string;
}

@ArgsType()
export class InnerGroupArguments extends PageArguments {
  @Field(() => CreationOrder, { nullable: true, description: "In which order; oldest first without it." })
  orderBy?: string;
}

/** Whom a mutation puts in or takes out. */
@InputType({ description: "Members and groups." })
abstract class ChildrenInput {
  @Field(() => [ID], { nullable: true, description: "mem_…, 250 at most." })
  memberIds?: string[] | null;

  @Field(() => [ID], { nullable: true, description: "grp_…, 250 at most." })
  groupIds?: string[] | null;
}

@InputType("CreateGroupInput", { description: "A group." })
export class CreateGroupInput extends ChildrenInput {
  @Field(() => String, { description: "What to call it; once in the organization, whatever its case." })
  name!: string;

  @Field(() => String, { nullable: true, description: "The same key and input are done once." })
  idempotencyKey?: string | null;
}

@InputType("UpdateGroupInput", { description: "What to change; what is left out stays." })
export class UpdateGroupInput {
  @Field(() => ID, { description: "grp_…" })
  groupId!: string;

  @Field(() => String, { nullable: true, description: "What to call it." })
  name?: string | null;

  @Field(() => ID, { nullable: true, description: "Refused where the group has changed since." })
  ifVersion?: string | null;
}

@InputType("AddToGroupInput", { description: "Whom to put in." })
export class AddToGroupInput extends ChildrenInput {
  @Field(() => ID, { description: "grp_…" })
  groupId!: string;
}

@InputType("RemoveFromGroupInput", { description: "Whom to take out." })
export class RemoveFromGroupInput extends ChildrenInput {
  @Field(() => ID, { description: "grp_…" })
  groupId!: string;
}

@InputType("RemoveGroupInput", { description: "Which group." })
export class RemoveGroupInput {
  @Field(() => ID, { description: "grp_…" })
  groupId!: string;

  @Field(() => ID, { nullable: true, description: "Refused where the group has changed since." })
  ifVersion?: string | null;
}

const groupPayload = (name: string) =>
  payloadOf(`${name}Payload`, "group", { type: () => GroupNode, description: "As it is now." });
export const CreateGroupPayload = groupPayload("CreateGroup");
export const UpdateGroupPayload = groupPayload("UpdateGroup");
export const AddToGroupPayload = groupPayload("AddToGroup");
export const RemoveFromGroupPayload = groupPayload("RemoveFromGroup");

@ObjectType("RemoveGroupPayload", { simpleResolvers: true, description: "What RemoveGroup answers with." })
export class RemoveGroupPayload extends Payload {
  @Field(() => ID, { nullable: true, description: "The group that is gone; its members stay." })
  groupId!: string | null;
}

known("Group", GroupNode);
export const GroupConnection = connectionOf("Group", () => GroupNode);

import { ArgsType, Field, ID, InputType, ObjectType } from "type-graphql";
import { closedSet, CreationOrder } from "../enums";
import { NodeInterface } from "../node-interface";
import { connectionOf, PageArguments } from "../page";
import { payloadOf } from "../payload";
import { known, typeNamed } from "../registry";
import { DateTime } from "../scalars";

export const IdentityLinkStatus = closedSet("IdentityLinkStatus", "What has become of a link.", [
  "WAITING",
  "LINKED",
  "REJECTED",
]);
export const IdentityLinkPolicy = closedSet("IdentityLinkPolicy", "Whose word a link waits for.", ["CONFIRM", "ADMIN"]);

@ObjectType("IdentityLink", {
  implements: NodeInterface,
  simpleResolvers: true,
  description: "An identity that has the address of a member, and opens nothing until somebody has agreed.",
})
export class IdentityLinkNode extends NodeInterface {
  @Field(() => IdentityLinkStatus, { description: "What has become of it." })
  status!: string;

  @Field(() => IdentityLinkPolicy, { description: "Whose word it waits for: the member's own, or an administrator's." })
  policy!: string;

  @Field(() => String, { description: "By what the identity provider knows the person." })
  identity!: string;

  @Field(() => String, { description: "The address that led to the member." })
  email!: string;

  @Field(() => String, { description: "The entity id of the identity provider." })
  idpEntityId!: string;

  @Field(() => DateTime, { description: "When somebody first signed in by it." })
  createdAt!: string;

  @Field(() => DateTime, { description: "Until when it waits, or stays rejected." })
  expiresAt!: string;

  @Field(() => DateTime, { nullable: true, description: "When it was decided about." })
  decidedAt!: string | null;

  @Field(() => typeNamed("Member"), { nullable: true, description: "Whose it would become." })
  member!: object | null;

  @Field(() => typeNamed("IdentityConnection"), { nullable: true, description: "Through which connection." })
  connection!: object | null;
}

@InputType("IdentityLinkFilter", { description: "Which links." })
export class IdentityLinkFilter {
  @Field(() => [IdentityLinkStatus], { nullable: true, description: "Of one of these states." })
  status?: string[];
}

@ArgsType()
export class IdentityLinkArguments extends PageArguments {
  @Field(() => IdentityLinkFilter, { nullable: true, description: "Which links." })
  filter?: IdentityLinkFilter;

  @Field(() => CreationOrder, { nullable: true, description: "In which order; oldest first without it." })
  orderBy?: string;
}

@InputType({ description: "Which link." })
abstract class LinkInput {
  @Field(() => ID, { description: "idl_…" })
  linkId!: string;
}

@InputType("ApproveIdentityLinkInput", { description: "Which link." })
export class ApproveIdentityLinkInput extends LinkInput {}

@InputType("RejectIdentityLinkInput", { description: "Which link." })
export class RejectIdentityLinkInput extends LinkInput {}

const linkPayload = (name: string) =>
  payloadOf(`${name}Payload`, "link", { type: () => IdentityLinkNode, description: "As it is now." });
export const ApproveIdentityLinkPayload = linkPayload("ApproveIdentityLink");
export const RejectIdentityLinkPayload = linkPayload("RejectIdentityLink");

known("IdentityLink", IdentityLinkNode);
export const IdentityLinkConnection = connectionOf("IdentityLink", () => IdentityLinkNode);

import { Field, ID, ObjectType } from "type-graphql";
import { PermissionName } from "../enums";
import { ApiTokenNode } from "../identity/node";
import { MemberNode } from "../member/node";
import { OrganizationNode } from "../organization/node";
import { known } from "../registry";

@ObjectType("Person", { simpleResolvers: true, description: "A human, whatever organizations they belong to." })
export class PersonNode {
  @Field(() => ID, { description: "Public id." })
  id!: string;
}

@ObjectType("Viewer", { simpleResolvers: true, description: "Who is asking." })
export class ViewerNode {
  @Field(() => PersonNode, { nullable: true, description: "The human; absent for a token." })
  person!: PersonNode | null;

  @Field(() => MemberNode, { nullable: true, description: "Their membership here; absent for a token of nobody's." })
  member!: MemberNode | null;

  @Field(() => ApiTokenNode, { nullable: true, description: "The token; absent for a session." })
  token!: ApiTokenNode | null;

  @Field(() => OrganizationNode, { description: "The organization of this session or token." })
  organization!: OrganizationNode;

  @Field(() => [PermissionName], { description: "What they may do." })
  permissions!: string[];
}

known("Viewer", ViewerNode);

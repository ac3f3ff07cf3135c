import { ArgsType, Field, ID, InputType, Int, ObjectType } from "type-graphql";
import type { GroupRule, RulePreview } from "../../../domain/groups";
import { publicId } from "../../../kernel/ids";
import { closedSet, MemberRole } from "../enums";
import { Payload } from "../payload";
import { DateTime } from "../scalars";

export const RuleTargetName = closedSet("GroupRuleTarget", "What a group gives to those who belong to it.", [
  "ROLE",
  "LICENCE",
]);

@ObjectType("ProvisioningRule", { simpleResolvers: true, description: "What everybody who belongs to a group is given." })
export class GroupRuleNode {
  @Field(() => ID, { description: "grr_…" })
  id!: string;

  @Field(() => ID, { description: "Of which group." })
  groupId!: string;

  @Field(() => String, { description: "What that is called." })
  group!: string;

  @Field(() => RuleTargetName, { description: "A role, or a licence." })
  target!: string;

  @Field(() => String, { description: "ADMIN, or the code of a plan." })
  value!: string;

  @Field(() => Int, { description: "Of several services the lowest order decides, then the higher plan." })
  order!: number;

  @Field(() => DateTime, { description: "When it was made." })
  createdAt!: Date;
}

@ObjectType("ProvisioningRuleLine", { simpleResolvers: true, description: "What a rule would do to one member." })
export class RuleLineNode {
  @Field(() => ID, { description: "mem_…" })
  memberId!: string;

  @Field(() => MemberRole, { nullable: true, description: "The role that they would get." })
  role!: string | null;

  @Field(() => String, { nullable: true, description: "The code of the service that they would get." })
  service!: string | null;

  @Field(() => String, { nullable: true, description: "The code of the service that they have." })
  serviceBefore!: string | null;

  @Field(() => [String], { description: "The codes of options that they would get." })
  options!: string[];
}

@ObjectType("ProvisioningRulePreview", { simpleResolvers: true, description: "What a rule would change; nothing was written." })
export class RulePreviewNode {
  @Field(() => Int, { description: "How many belong to the group." })
  members!: number;

  @Field(() => Int, { description: "For how many of them something would change." })
  changed!: number;

  @Field(() => Int, { description: "How many would get another role." })
  roles!: number;

  @Field(() => Int, { description: "How many licences of the plan would be needed." })
  licencesNeeded!: number;

  @Field(() => Int, { description: "How many are free." })
  licencesFree!: number;

  @Field(() => Int, { description: "For how many there is none; the seat policy decides about them." })
  short!: number;

  @Field(() => Boolean, { description: "Whether the seat policy would refuse the rule for that." })
  refused!: boolean;

  @Field(() => [String], { description: "What would not be given." })
  warnings!: string[];

  @Field(() => [RuleLineNode], { description: "The first hundred members for whom something would change." })
  lines!: RuleLineNode[];
}

@InputType("CreateGroupRuleInput", { description: "What everybody who belongs to a group is given." })
export class CreateGroupRuleInput {
  @Field(() => ID, { description: "grp_…" })
  groupId!: string;

  @Field(() => RuleTargetName, { description: "A role, or a licence." })
  target!: string;

  @Field(() => String, { description: "ADMIN, or the code of a plan: a service or an option." })
  value!: string;

  @Field(() => Int, { nullable: true, description: "Of several services the lowest order decides; 0 without it." })
  order?: number | null;
}

@ArgsType()
export class PreviewGroupRuleArguments {
  @Field(() => ID, { description: "grp_…" })
  groupId!: string;

  @Field(() => RuleTargetName, { description: "A role, or a licence." })
  target!: string;

  @Field(() => String, { description: "ADMIN, or the code of a plan." })
  value!: string;

  @Field(() => Int, { nullable: true, description: "Of several services the lowest order decides; 0 without it." })
  order?: number | null;
}

@ObjectType("CreateGroupRulePayload", { simpleResolvers: true, description: "What CreateGroupRule answers with." })
export class CreateGroupRulePayload extends Payload {
  @Field(() => GroupRuleNode, { nullable: true, description: "The rule." })
  rule!: GroupRuleNode | null;
}

@InputType("RemoveGroupRuleInput", { description: "Which rule." })
export class RemoveGroupRuleInput {
  @Field(() => ID, { description: "grr_…" })
  ruleId!: string;
}

@ObjectType("RemoveGroupRulePayload", { simpleResolvers: true, description: "What RemoveGroupRule answers with." })
export class RemoveGroupRulePayload extends Payload {
  @Field(() => ID, { nullable: true, description: "The rule that is no more, and what it gave with it." })
  ruleId!: string | null;
}

export function ruleNode({ id, groupId, ...rule }: GroupRule): GroupRuleNode {
  return { ...rule, id: publicId("groupRule", id), groupId: publicId("group", groupId) };
}

export function previewNode({ warnings, lines, ...preview }: RulePreview): RulePreviewNode {
  return {
    ...preview,
    warnings: [...warnings],
    lines: lines.map(({ memberId, options, ...line }) => {
      return { ...line, memberId: publicId("member", memberId), options: [...options] };
    }),
  };
}

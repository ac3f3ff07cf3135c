import type { GraphQLResolveInfo } from "graphql";
import { Arg, Args, Ctx, Info, Mutation, Query, Resolver } from "type-graphql";
import {
  createGroupRule,
  listGroupRules,
  previewGroupRule,
  removeGroupRule,
  type NewGroupRule,
  type RuleTarget,
} from "../../../domain/groups";
import { publicId } from "../../../kernel/ids";
import type { GatewayContext } from "../../context";
import { act } from "../../execution/act";
import { ask } from "../../execution/ask";
import { idAt, optional } from "../inputs";
import {
  CreateGroupRuleInput,
  CreateGroupRulePayload,
  GroupRuleNode,
  PreviewGroupRuleArguments,
  previewNode,
  RemoveGroupRuleInput,
  RemoveGroupRulePayload,
  ruleNode,
  RulePreviewNode,
} from "./rules";

@Resolver()
export class GroupRuleQueries {
  @Query(() => [GroupRuleNode], { description: "What groups give to those who belong to them; a thousand at most." })
  async groupRules(@Ctx() context: GatewayContext): Promise<GroupRuleNode[]> {
    return ask(context, async (tx) => (await listGroupRules(tx, {})).map(ruleNode));
  }

  @Query(() => RulePreviewNode, { description: "What a rule would change, before it is made." })
  async previewGroupRule(
    @Args(() => PreviewGroupRuleArguments) rule: PreviewGroupRuleArguments,
    @Ctx() context: GatewayContext,
  ): Promise<RulePreviewNode> {
    return ask(context, async (tx) => previewNode(await previewGroupRule(tx, newRule(rule))));
  }
}

@Resolver()
export class GroupRuleMutations {
  @Mutation(() => CreateGroupRulePayload, { description: "Gives a role or a licence to everybody who belongs to a group." })
  async createGroupRule(
    @Arg("input", () => CreateGroupRuleInput, { description: "What." }) input: CreateGroupRuleInput,
    @Ctx() context: GatewayContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<unknown> {
    return act(context, info, {
      shows: {},
      work: async (tx) => ({ rule: ruleNode(await createGroupRule(tx, newRule(input))) }),
    });
  }

  @Mutation(() => RemoveGroupRulePayload, { description: "Takes a rule away, and what it gave." })
  async removeGroupRule(
    @Arg("input", () => RemoveGroupRuleInput, { description: "Which." }) input: RemoveGroupRuleInput,
    @Ctx() context: GatewayContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<unknown> {
    return act(context, info, {
      shows: {},
      work: async (tx) => {
        const { id } = await removeGroupRule(tx, { id: idAt("ruleId", "groupRule", input.ruleId) });
        return { ruleId: publicId("groupRule", id) };
      },
    });
  }
}

function newRule({ groupId, target, value, order }: PreviewGroupRuleArguments): NewGroupRule {
  const group = idAt("groupId", "group", groupId);
  return { groupId: group, target: target as RuleTarget, value, ...optional("order", order) };
}

import type { GraphQLResolveInfo } from "graphql";
import { Arg, Ctx, Field, ID, Info, InputType, Mutation, Resolver } from "type-graphql";
import { assignLicence, assignPlan, releaseMemberLicence } from "../../../domain/subscriptions";
import type { MemberId } from "../../../kernel/ids";
import type { Tx } from "../../../platform/unit-of-work";
import type { GatewayContext } from "../../context";
import { act } from "../../execution/act";
import { idAt } from "../inputs";
import { MemberNode } from "../member/node";
import { payloadOf } from "../payload";

@InputType({ description: "To whom." })
abstract class HolderInput {
  @Field(() => ID, { description: "mem_…" })
  memberId!: string;

  @Field(() => String, { nullable: true, description: "The same key and input are done once." })
  idempotencyKey?: string | null;
}

@InputType("AssignLicenceInput", { description: "A licence of which pool to whom." })
export class AssignLicenceInput extends HolderInput {
  @Field(() => ID, { description: "sub_…" })
  subscriptionId!: string;
}

@InputType("AssignPlanInput", { description: "Which plan to whom, out of any pool that has room." })
export class AssignPlanInput extends HolderInput {
  @Field(() => String, { description: "The code of a plan; `free` takes the paid one away." })
  planCode!: string;
}

@InputType("ReleaseLicenceInput", { description: "A licence of which pool from whom." })
export class ReleaseLicenceInput extends HolderInput {
  @Field(() => ID, { description: "sub_…" })
  subscriptionId!: string;
}

const holderPayload = (name: string) =>
  payloadOf(`${name}Payload`, "member", { type: () => MemberNode, description: "With what they hold now." });
const AssignLicencePayload = holderPayload("AssignLicence");
const AssignPlanPayload = holderPayload("AssignPlan");
const ReleaseLicencePayload = holderPayload("ReleaseLicence");

@Resolver()
export class LicenceMutations {
  @Mutation(() => AssignLicencePayload, { description: "Gives a member a licence; a seat replaces the one they have." })
  async assignLicence(
    @Arg("input", () => AssignLicenceInput, { description: "Which to whom." }) input: AssignLicenceInput,
    @Ctx() context: GatewayContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<unknown> {
    return change(context, info, input, async (tx, memberId) => {
      await assignLicence(tx, { memberId, subscriptionId: idAt("subscriptionId", "subscription", input.subscriptionId) });
    });
  }

  @Mutation(() => AssignPlanPayload, { description: "Puts a member on a plan." })
  async assignPlan(
    @Arg("input", () => AssignPlanInput, { description: "Which to whom." }) input: AssignPlanInput,
    @Ctx() context: GatewayContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<unknown> {
    return change(context, info, input, async (tx, memberId) => {
      await assignPlan(tx, { memberId, planCode: input.planCode });
    });
  }

  @Mutation(() => ReleaseLicencePayload, { description: "Takes a licence from a member." })
  async releaseLicence(
    @Arg("input", () => ReleaseLicenceInput, { description: "Which from whom." }) input: ReleaseLicenceInput,
    @Ctx() context: GatewayContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<unknown> {
    return change(context, info, input, async (tx, memberId) => {
      const subscriptionId = idAt("subscriptionId", "subscription", input.subscriptionId);
      await releaseMemberLicence(tx, { memberId, subscriptionId });
    });
  }
}

async function change(
  context: GatewayContext,
  info: GraphQLResolveInfo,
  input: HolderInput,
  work: (tx: Tx, memberId: MemberId) => Promise<void>,
): Promise<unknown> {
  const { idempotencyKey, ...sent } = input;
  return act(context, info, {
    shows: { member: "memberById" },
    once: { key: idempotencyKey ?? undefined, input: sent },
    async work(tx) {
      const memberId = idAt("memberId", "member", input.memberId);
      await work(tx, memberId);
      return { member: memberId };
    },
  });
}

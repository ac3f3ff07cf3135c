import type { GraphQLResolveInfo } from "graphql";
import { Arg, Args, Ctx, ID, Info, Query, Resolver } from "type-graphql";
import type { GatewayContext } from "../../context";
import { look } from "../../execution/look";
import { lookUpById } from "../look-up-by-id";
import { MemberArguments } from "./arguments";
import { MemberConnection, MemberNode } from "./node";

@Resolver()
export class MemberQueries {
  @Query(() => MemberNode, { nullable: true, description: "One member." })
  async member(
    @Arg("id", () => ID, { description: "mem_…" }) id: string,
    @Ctx() context: GatewayContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<unknown> {
    return lookUpById(context, info, "Member", id);
  }

  @Query(() => MemberConnection, { description: "The members of your organization." })
  async members(
    @Args(() => MemberArguments) page: MemberArguments,
    @Ctx() context: GatewayContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<unknown> {
    return look(context, info, { type: "MemberConnection", link: "members", args: { ...page } });
  }
}

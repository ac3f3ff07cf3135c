import type { GraphQLResolveInfo } from "graphql";
import { Arg, Args, Ctx, ID, Info, Query, Resolver } from "type-graphql";
import type { GatewayContext } from "../../context";
import { lookAtRoot } from "../../execution/look";
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
    return lookAtRoot(context, info, { id });
  }

  @Query(() => MemberConnection, { description: "The members of your organization." })
  async members(
    @Args(() => MemberArguments) page: MemberArguments,
    @Ctx() context: GatewayContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<unknown> {
    return lookAtRoot(context, info, page);
  }
}

import type { GraphQLResolveInfo } from "graphql";
import { Arg, Args, Ctx, ID, Info, Query, Resolver } from "type-graphql";
import type { GatewayContext } from "../../context";
import { lookAtRoot } from "../../execution/look";
import { SubscriptionArguments, SubscriptionConnection, SubscriptionNode } from "./node";

@Resolver()
export class SubscriptionQueries {
  @Query(() => SubscriptionNode, { nullable: true, description: "One subscription." })
  async subscription(
    @Arg("id", () => ID, { description: "sub_…" }) id: string,
    @Ctx() context: GatewayContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<unknown> {
    return lookAtRoot(context, info, { id });
  }

  @Query(() => SubscriptionConnection, { description: "The subscriptions of your organization." })
  async subscriptions(
    @Args(() => SubscriptionArguments) page: SubscriptionArguments,
    @Ctx() context: GatewayContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<unknown> {
    return lookAtRoot(context, info, page);
  }
}

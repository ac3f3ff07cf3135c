import type { GraphQLResolveInfo } from "graphql";
import { Ctx, Info, Query, Resolver } from "type-graphql";
import type { GatewayContext } from "../../context";
import { lookAtRoot } from "../../execution/look";
import { PlanNode } from "./node";

@Resolver()
export class PlanQueries {
  @Query(() => [PlanNode], { description: "The catalogue." })
  async plans(@Ctx() context: GatewayContext, @Info() info: GraphQLResolveInfo): Promise<unknown> {
    return lookAtRoot(context, info);
  }
}

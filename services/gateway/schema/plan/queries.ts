import type { GraphQLResolveInfo } from "graphql";
import { Ctx, Info, Query, Resolver } from "type-graphql";
import type { GatewayContext } from "../../context";
import { look } from "../../execution/look";
import { PlanNode } from "./node";

@Resolver()
export class PlanQueries {
  @Query(() => [PlanNode], { description: "The catalogue." })
  async plans(@Ctx() context: GatewayContext, @Info() info: GraphQLResolveInfo): Promise<unknown> {
    return look(context, info, { type: "Plan", link: "plans" });
  }
}

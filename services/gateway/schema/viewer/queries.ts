import type { GraphQLResolveInfo } from "graphql";
import { Ctx, Info, Query, Resolver } from "type-graphql";
import type { GatewayContext } from "../../context";
import { lookAtRoot } from "../../execution/look";
import { ViewerNode } from "./node";

@Resolver()
export class ViewerQueries {
  @Query(() => ViewerNode, { nullable: true, description: "Who is asking; nobody where nobody is signed in." })
  async viewer(@Ctx() context: GatewayContext, @Info() info: GraphQLResolveInfo): Promise<unknown> {
    return lookAtRoot(context, info);
  }
}

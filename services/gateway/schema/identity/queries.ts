import type { GraphQLResolveInfo } from "graphql";
import { Ctx, Info, Query, Resolver } from "type-graphql";
import type { GatewayContext } from "../../context";
import { lookAtRoot } from "../../execution/look";
import { ApiTokenNode, IdentityConnectionNode } from "./node";

@Resolver()
export class IdentityQueries {
  @Query(() => [IdentityConnectionNode], { description: "The identity connections of your organization, five at most." })
  async identityConnections(@Ctx() context: GatewayContext, @Info() info: GraphQLResolveInfo): Promise<unknown> {
    return lookAtRoot(context, info);
  }

  @Query(() => [ApiTokenNode], { description: "The live API tokens, newest first; a hundred at most." })
  async apiTokens(@Ctx() context: GatewayContext, @Info() info: GraphQLResolveInfo): Promise<unknown> {
    return lookAtRoot(context, info);
  }
}

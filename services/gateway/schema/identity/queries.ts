import type { GraphQLResolveInfo } from "graphql";
import { Ctx, Info, Query, Resolver } from "type-graphql";
import type { GatewayContext } from "../../context";
import { look } from "../../execution/look";
import { ApiTokenNode, IdentityConnectionNode } from "./node";

@Resolver()
export class IdentityQueries {
  @Query(() => [IdentityConnectionNode], { description: "The identity connections of your organization, five at most." })
  async identityConnections(@Ctx() context: GatewayContext, @Info() info: GraphQLResolveInfo): Promise<unknown> {
    return look(context, info, { type: "IdentityConnection", link: "identityConnections" });
  }

  @Query(() => [ApiTokenNode], { description: "The live API tokens, newest first; a hundred at most." })
  async apiTokens(@Ctx() context: GatewayContext, @Info() info: GraphQLResolveInfo): Promise<unknown> {
    return look(context, info, { type: "ApiToken", link: "apiTokens" });
  }
}

import type { GraphQLResolveInfo } from "graphql";
import { Arg, Ctx, ID, Info, Query, Resolver } from "type-graphql";
import type { GatewayContext } from "../../context";
import { lookAtRoot } from "../../execution/look";
import { ApiTokenNode, IdentityConnectionNode } from "./node";

@Resolver()
export class IdentityQueries {
  @Query(() => [IdentityConnectionNode], { description: "The identity connections of your organization, five at most." })
  async identityConnections(
    @Arg("deleted", () => Boolean, { nullable: true, description: "Those that were deleted and can be restored." })
    deleted: boolean | null,
    @Ctx() context: GatewayContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<unknown> {
    return lookAtRoot(context, info, { deleted });
  }

  @Query(() => IdentityConnectionNode, { nullable: true, description: "One identity connection." })
  async identityConnection(
    @Arg("id", () => ID, { description: "con_…" }) id: string,
    @Ctx() context: GatewayContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<unknown> {
    return lookAtRoot(context, info, { id });
  }

  @Query(() => [ApiTokenNode], { description: "The live API tokens, newest first; a hundred at most." })
  async apiTokens(@Ctx() context: GatewayContext, @Info() info: GraphQLResolveInfo): Promise<unknown> {
    return lookAtRoot(context, info);
  }
}

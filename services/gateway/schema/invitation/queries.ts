import type { GraphQLResolveInfo } from "graphql";
import { Args, Ctx, Info, Query, Resolver } from "type-graphql";
import type { GatewayContext } from "../../context";
import { lookAtRoot } from "../../execution/look";
import { InvitationArguments, InvitationConnection } from "./node";

@Resolver()
export class InvitationQueries {
  @Query(() => InvitationConnection, { description: "The invitations of your organization, pending ones first of all." })
  async invitations(
    @Args(() => InvitationArguments) page: InvitationArguments,
    @Ctx() context: GatewayContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<unknown> {
    return lookAtRoot(context, info, page);
  }
}

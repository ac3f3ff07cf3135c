import type { GraphQLResolveInfo } from "graphql";
import { Args, Ctx, Info, Query, Resolver } from "type-graphql";
import type { GatewayContext } from "../../context";
import { lookAtRoot } from "../../execution/look";
import { VerifiedDomainArguments, VerifiedDomainConnection } from "./node";

@Resolver()
export class DomainQueries {
  @Query(() => VerifiedDomainConnection, { description: "The e-mail domains of your organization, proved or not yet." })
  async verifiedDomains(
    @Args(() => VerifiedDomainArguments) page: VerifiedDomainArguments,
    @Ctx() context: GatewayContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<unknown> {
    return lookAtRoot(context, info, page);
  }
}

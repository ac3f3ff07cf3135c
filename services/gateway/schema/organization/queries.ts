import type { GraphQLResolveInfo } from "graphql";
import { Arg, Ctx, ID, Info, Query, Resolver } from "type-graphql";
import type { GatewayContext } from "../../context";
import { lookAtRoot } from "../../execution/look";
import { OrganizationNode, SeatSummary } from "./node";

@Resolver()
export class OrganizationQueries {
  @Query(() => OrganizationNode, { nullable: true, description: "Your organization; by id or slug it is found if it is yours." })
  async organization(
    @Arg("id", () => ID, { nullable: true, description: "org_…" }) id: string | undefined,
    @Arg("slug", () => String, { nullable: true, description: "What stands in its paths." }) slug: string | undefined,
    @Ctx() context: GatewayContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<unknown> {
    return lookAtRoot(context, info, { id, slug });
  }

  @Query(() => SeatSummary, { description: "The seats of your organization, counted." })
  async seatSummary(@Ctx() context: GatewayContext, @Info() info: GraphQLResolveInfo): Promise<unknown> {
    return lookAtRoot(context, info);
  }
}

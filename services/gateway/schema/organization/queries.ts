import type { GraphQLResolveInfo } from "graphql";
import { Arg, Ctx, ID, Info, Query, Resolver } from "type-graphql";
import { invalid } from "../../../kernel/errors";
import type { GatewayContext } from "../../context";
import { toGraphQL } from "../../errors/to-graphql";
import { look, lookUp } from "../../execution/look";
import { lookUpById } from "../look-up-by-id";
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
    if (id != null && slug != null) throw toGraphQL(invalid("id", "either id or slug"), context);
    if (id != null) return lookUpById(context, info, "Organization", id);
    const wanted = slug == null ? { link: "organization" } : { link: "organizationBySlug", args: { slug } };
    return lookUp(context, info, { type: "Organization", ...wanted });
  }

  @Query(() => SeatSummary, { description: "The seats of your organization, counted." })
  async seatSummary(@Ctx() context: GatewayContext, @Info() info: GraphQLResolveInfo): Promise<unknown> {
    return look(context, info, { type: "SeatSummary", link: "seatSummary" });
  }
}

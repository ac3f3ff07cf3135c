import type { GraphQLResolveInfo } from "graphql";
import { Args, Ctx, Info, Query, Resolver } from "type-graphql";
import type { GatewayContext } from "../../context";
import { lookAtRoot } from "../../execution/look";
import { AuditArguments, AuditEntryConnection } from "./node";

@Resolver()
export class AuditQueries {
  @Query(() => AuditEntryConnection, { description: "The audit log of your organization." })
  async auditEntries(
    @Args(() => AuditArguments) page: AuditArguments,
    @Ctx() context: GatewayContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<unknown> {
    return lookAtRoot(context, info, page);
  }
}

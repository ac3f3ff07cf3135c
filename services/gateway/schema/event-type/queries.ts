import type { GraphQLResolveInfo } from "graphql";
import { Args, Ctx, Info, Query, Resolver } from "type-graphql";
import type { GatewayContext } from "../../context";
import { lookAtRoot } from "../../execution/look";
import { EventTypeTemplateArguments, OwnEventTypeArguments } from "./arguments";
import { EventTypeConnection, EventTypeTemplateConnection } from "./node";

@Resolver()
export class EventTypeQueries {
  @Query(() => EventTypeTemplateConnection, { description: "The managed event types of your organization." })
  async eventTypeTemplates(
    @Args(() => EventTypeTemplateArguments) page: EventTypeTemplateArguments,
    @Ctx() context: GatewayContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<unknown> {
    return lookAtRoot(context, info, page);
  }

  @Query(() => EventTypeConnection, { description: "Your event types, or another member's." })
  async eventTypes(
    @Args(() => OwnEventTypeArguments) page: OwnEventTypeArguments,
    @Ctx() context: GatewayContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<unknown> {
    return lookAtRoot(context, info, page);
  }
}

import type { GraphQLResolveInfo } from "graphql";
import { Args, FieldResolver, Info, Resolver, Root } from "type-graphql";
import { planned } from "../planned";
import { EventTypeArguments } from "./arguments";
import { EventTypeConnection, EventTypeTemplateNode } from "./node";

@Resolver(() => EventTypeTemplateNode)
export class EventTypeTemplateLinks {
  @FieldResolver(() => EventTypeConnection, { description: "The copies that members have of it." })
  eventTypes(@Root() root: EventTypeTemplateNode, @Args(() => EventTypeArguments) _page: EventTypeArguments, @Info() info: GraphQLResolveInfo): unknown {
    return planned(root, info);
  }
}

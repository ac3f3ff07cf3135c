import type { GraphQLResolveInfo } from "graphql";
import { Args, FieldResolver, Info, Resolver, Root } from "type-graphql";
import { EventTypeArguments } from "../event-type/arguments";
import { planned } from "../planned";
import { typeNamed } from "../registry";
import { MemberNode } from "./node";

@Resolver(() => MemberNode)
export class MemberLinks {
  @FieldResolver(() => typeNamed("EventTypeConnection"), { description: "What invitees book with this member." })
  eventTypes(@Root() root: MemberNode, @Args(() => EventTypeArguments) _page: EventTypeArguments, @Info() info: GraphQLResolveInfo): unknown {
    return planned(root, info);
  }
}

import type { GraphQLResolveInfo } from "graphql";
import { Args, ArgsType, Ctx, Field, ID, Info, ObjectType, Query, Resolver } from "type-graphql";
import { eventNames } from "../../../platform/events";
import { shownEvent } from "../../../domain/reading";
import type { GatewayContext } from "../../context";
import { lookAtRoot } from "../../execution/look";
import { closedSet } from "../enums";
import { connectionOf, PageArguments } from "../page";
import { DateTime } from "../scalars";

const ChangeType = closedSet("ChangeType", "What has happened; more may be added.", eventNames.map(shownEvent));

@ObjectType("Change", { simpleResolvers: true, description: "One thing that has happened in your organization." })
export class ChangeNode {
  @Field(() => ID, { description: "The same however often it is read: for knowing what was seen." })
  eventId!: string;

  @Field(() => ChangeType, { description: "What." })
  type!: string;

  @Field(() => DateTime, { description: "When." })
  at!: string;

  @Field(() => [ID], { description: "The ids of the things that it concerns." })
  subjectIds!: string[];
}

@ArgsType()
class ChangeArguments extends PageArguments {
  @Field(() => [ChangeType], { nullable: true, description: "Only of these types." })
  types?: string[];
}

const ChangeConnection = connectionOf("Change", () => ChangeNode);

@Resolver()
export class ChangeQueries {
  @Query(() => ChangeConnection, {
    description:
      "What has happened, in order, two seconds late at most. Keep the last cursor and ask behind it again; begin with `last: 1`.",
  })
  async changes(
    @Args(() => ChangeArguments) page: ChangeArguments,
    @Ctx() context: GatewayContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<unknown> {
    return lookAtRoot(context, info, page);
  }
}

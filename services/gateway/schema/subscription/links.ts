import type { GraphQLResolveInfo } from "graphql";
import { Args, FieldResolver, Info, Resolver, Root } from "type-graphql";
import { LicenceArguments, LicenceConnection } from "../licence/node";
import { planned } from "../planned";
import { SubscriptionNode } from "./node";

@Resolver(() => SubscriptionNode)
export class SubscriptionLinks {
  @FieldResolver(() => LicenceConnection, { description: "The licences that are taken, with who holds them." })
  licences(@Root() root: SubscriptionNode, @Args(() => LicenceArguments) _page: LicenceArguments, @Info() info: GraphQLResolveInfo): unknown {
    return planned(root, info);
  }
}

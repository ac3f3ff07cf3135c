import type { GraphQLResolveInfo } from "graphql";
import { Arg, Args, Ctx, FieldResolver, ID, Info, Query, Resolver, Root } from "type-graphql";
import type { GatewayContext } from "../../context";
import { lookAtRoot } from "../../execution/look";
import { MemberArguments } from "../member/arguments";
import { planned } from "../planned";
import { typeNamed } from "../registry";
import { GroupArguments, GroupConnection, GroupNode, InnerGroupArguments } from "./node";

@Resolver()
export class GroupQueries {
  @Query(() => GroupConnection, { description: "The groups of your organization." })
  async groups(
    @Args(() => GroupArguments) page: GroupArguments,
    @Ctx() context: GatewayContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<unknown> {
    return lookAtRoot(context, info, page);
  }

  @Query(() => GroupNode, { nullable: true, description: "One group." })
  async group(
    @Arg("id", () => ID, { description: "grp_…" }) id: string,
    @Ctx() context: GatewayContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<unknown> {
    return lookAtRoot(context, info, { id });
  }
}

@Resolver(() => GroupNode)
export class GroupLinks {
  @FieldResolver(() => typeNamed("MemberConnection"), { description: "Who belongs to it directly." })
  members(@Root() root: GroupNode, @Args(() => MemberArguments) _page: MemberArguments, @Info() info: GraphQLResolveInfo): unknown {
    return planned(root, info);
  }

  @FieldResolver(() => GroupConnection, { description: "Which groups belong to it." })
  groups(@Root() root: GroupNode, @Args(() => InnerGroupArguments) _page: InnerGroupArguments, @Info() info: GraphQLResolveInfo): unknown {
    return planned(root, info);
  }
}

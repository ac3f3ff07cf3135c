import type { GraphQLError, GraphQLResolveInfo } from "graphql";
import { Arg, Ctx, ID, Info, Query, Resolver } from "type-graphql";
import { invalid, notFound } from "../../kernel/errors";
import type { GatewayContext } from "../context";
import { toGraphQL } from "../errors/to-graphql";
import { look } from "../execution/look";
import { idKey, lookAtMany } from "../execution/look-at-many";
import { byId, findable, readNodeId, type FindableType } from "../roots";
import { NodeInterface } from "./node-interface";

const idsMax = 100;

@Resolver()
export class NodeQueries {
  @Query(() => NodeInterface, { nullable: true, description: "Whatever has this id." })
  async node(
    @Arg("id", () => ID, { description: "A public id." }) id: string,
    @Ctx() context: GatewayContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<unknown> {
    const read = readNodeId(id);
    if (!read) throw toGraphQL(notFound("node"), context);
    const found = await look(context, info, byId(read.type, id));
    return { ...(found as object), __typename: read.type };
  }

  @Query(() => [NodeInterface], {
    nullable: "items",
    description: "Whatever has these ids, in their order; a null and an error for what is not there.",
  })
  async nodes(
    @Arg("ids", () => [ID], { description: "Public ids, a hundred at most." }) ids: string[],
    @Ctx() context: GatewayContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<(object | GraphQLError)[]> {
    if (ids.length > idsMax) throw toGraphQL(invalid("ids", `at most ${idsMax} ids`, ids.length), context);
    const byType = new Map<FindableType, string[]>();
    for (const id of ids) {
      const read = readNodeId(id);
      if (read) byType.set(read.type, [...(byType.get(read.type) ?? []), read.uuid]);
    }
    const wanted = [...byType].map(([type, uuids]) => ({ type, link: findable[type].several, uuids }));
    const things = await lookAtMany(context, info, wanted);
    const found = new Map(things.map((thing) => [(thing as Record<string, unknown>)[idKey], thing]));
    return ids.map((id) => found.get(id) ?? toGraphQL(notFound("node"), context));
  }
}

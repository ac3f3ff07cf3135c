import { ArgsType, Field, Int, ObjectType, type ClassType } from "type-graphql";
import { known } from "./registry";

@ObjectType("PageInfo", { simpleResolvers: true, description: "Where a page stands in its list." })
export class PageInfo {
  @Field(() => Boolean, { description: "Whether something comes behind this page." })
  hasNextPage!: boolean;

  @Field(() => Boolean, { description: "Whether something stands before this page." })
  hasPreviousPage!: boolean;

  @Field(() => String, { nullable: true, description: "Cursor of the first item." })
  startCursor!: string | null;

  @Field(() => String, { nullable: true, description: "Cursor of the last item." })
  endCursor!: string | null;
}

/** How a page is asked for: `first` or `last`, 1 to 100, no default (GQL-10). */
@ArgsType()
export class PageArguments {
  @Field(() => Int, { nullable: true, description: "How many from the start, 1 to 100. Either this or `last`." })
  first?: number;

  @Field(() => Int, { nullable: true, description: "How many from the end, 1 to 100." })
  last?: number;

  @Field(() => String, { nullable: true, description: "Only what comes behind this cursor." })
  after?: string;

  @Field(() => String, { nullable: true, description: "Only what comes before this cursor." })
  before?: string;
}

/** The connection of a type: pages of it, with cursors. */
export function connectionOf(name: string, node: () => ClassType): ClassType {
  @ObjectType(`${name}Edge`, { simpleResolvers: true, description: `A ${name} and where it stands in the list.` })
  class Edge {
    @Field(() => String, { description: "For `after` and `before`. Opaque." })
    cursor!: string;

    @Field(node, { description: "The item." })
    node!: object;
  }

  @ObjectType(`${name}Connection`, { simpleResolvers: true, description: `A page of a list of ${name}.` })
  class Connection {
    @Field(() => [Edge], { description: "The items of this page, with their cursors." })
    edges!: Edge[];

    @Field(() => [node()], { description: "The items of this page." })
    nodes!: object[];

    @Field(() => PageInfo, { description: "Where this page stands." })
    pageInfo!: PageInfo;

    @Field(() => Int, { nullable: true, description: "How many the whole list holds; counted only when asked for." })
    totalCount!: number | null;
  }

  return known(`${name}Connection`, Connection);
}

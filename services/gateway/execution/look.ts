import { isObjectType, type GraphQLResolveInfo } from "graphql";
import { notFound } from "../../kernel/errors";
import { read, type Arguments, type Selection } from "../../domain/reading";
import type { GatewayContext } from "../context";
import { toGraphQL } from "../errors/to-graphql";
import { templateOf } from "../plan/template";
import { inUnitOfWork } from "./unit";

export interface Look {
  /** The GraphQL type of what is found. */
  readonly type: string;
  /** The link of the query root that leads there. */
  readonly link: string;
  readonly args?: Arguments;
}

const key = "it";
const noArguments: Arguments = {};
const rooted = new WeakMap<Selection, Map<string, Selection>>();

/** Answers a root field of a query by one planned statement; nothing where there is none. */
export async function look(context: GatewayContext, info: GraphQLResolveInfo, wanted: Look): Promise<unknown> {
  try {
    const type = info.schema.getType(wanted.type);
    if (!isObjectType(type)) throw new Error(`${wanted.type} is no object type`);
    const template = templateOf(info, type, 1);
    const question = {
      selection: rootedAt(template.selection, wanted.link),
      args: [wanted.args ?? noArguments, ...template.argumentsOf(info.variableValues)],
      locale: context.locale,
      cursors: context.gateway.cursors,
    };
    const answer = await inUnitOfWork(context, (tx) => read(tx, question));
    return answer[key];
  } catch (error) {
    throw toGraphQL(error, context);
  }
}

/** The same for one thing that was named: its absence is an error beside a null (GQL-13). */
export async function lookUp(context: GatewayContext, info: GraphQLResolveInfo, wanted: Look): Promise<unknown> {
  const found = await look(context, info, wanted);
  if (found == null) throw toGraphQL(notFound(wanted.type), context);
  return found;
}

// The same selection object each time, so that its plan is found again.
function rootedAt(selection: Selection, link: string): Selection {
  let byLink = rooted.get(selection);
  if (!byLink) rooted.set(selection, (byLink = new Map()));
  let root = byLink.get(link);
  if (!root) byLink.set(link, (root = { fields: [{ name: link, key, argumentsAt: 0, children: selection }] }));
  return root;
}

import { isObjectType, type GraphQLResolveInfo } from "graphql";
import { notFound } from "../../kernel/errors";
import { read, type Arguments, type Selection } from "../../domain/reading";
import type { GatewayContext } from "../context";
import { templateOf, type Keys, type Selected } from "../plan/template";
import { roots, type Look } from "../roots";
import { toGraphQL } from "../errors/to-graphql";
import { inUnitOfWork } from "./unit";

const key = "it";
const noArguments: Arguments = {};
const rooted = new WeakMap<Selection, Map<string, Selection>>();

/** Answers one root field by one planned statement, as JSON. */
export async function lookText(context: GatewayContext, selected: Selected, wanted: Look, keys: Keys): Promise<string> {
  const type = selected.schema.getType(wanted.type);
  if (!isObjectType(type)) throw new Error(`${wanted.type} is no object type`);
  const template = templateOf(selected, type, keys, 1);
  const question = {
    selection: rootedAt(template.selection, wanted.link),
    args: [wanted.args ?? noArguments, ...template.argumentsOf(selected.variableValues)],
    locale: context.locale,
    cursors: context.gateway.cursors,
  };
  const answer = await inUnitOfWork(context, (tx) => read(tx, question));
  const text = answer.get(key) ?? "null";
  if (wanted.named && text === "null") throw notFound(wanted.type);
  return text;
}

/** The same as what a resolver hands to the executor of graphql-js. */
export async function look(context: GatewayContext, info: GraphQLResolveInfo, wanted: Look): Promise<unknown> {
  try {
    return JSON.parse(await lookText(context, info, wanted, "stored")) as unknown;
  } catch (error) {
    throw toGraphQL(error, context);
  }
}

/** Resolves a root field as the table of roots says. */
export async function lookAtRoot(
  context: GatewayContext,
  info: GraphQLResolveInfo,
  args: object = {},
): Promise<unknown> {
  try {
    const wanted = roots[info.fieldName]?.(args as Arguments, context);
    return wanted ? await look(context, info, wanted) : null;
  } catch (error) {
    throw toGraphQL(error, context);
  }
}

// The same selection object each time, so that its plan is found again.
function rootedAt(selection: Selection, link: string): Selection {
  let byLink = rooted.get(selection);
  if (!byLink) rooted.set(selection, (byLink = new Map<string, Selection>()));
  let root = byLink.get(link);
  if (!root) byLink.set(link, (root = { fields: [{ name: link, key, argumentsAt: 0, children: selection }] }));
  return root;
}

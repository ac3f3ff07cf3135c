import { isObjectType, type GraphQLResolveInfo } from "graphql";
import { read, type Arguments, type SelectedField } from "../../domain/reading";
import type { GatewayContext } from "../context";
import { toGraphQL } from "../errors/to-graphql";
import { templateOf } from "../plan/template";
import { inUnitOfWork } from "./unit";

export interface Wanted {
  readonly type: string;
  /** The link of the query root to several of this type. */
  readonly link: string;
  readonly uuids: readonly string[];
}

/** Things of several types by one statement: a list of each type; every thing says its type and has its id. */
export async function lookAtMany(
  context: GatewayContext,
  info: GraphQLResolveInfo,
  wanted: readonly Wanted[],
): Promise<readonly object[]> {
  try {
    const args: Arguments[] = wanted.map(({ uuids }) => ({ ids: uuids }));
    const fields = wanted.map(({ type: name, link }, at): SelectedField => {
      const type = info.schema.getType(name);
      if (!isObjectType(type)) throw new Error(`${name} is no object type`);
      const template = templateOf(info, type, "stored", args.length);
      args.push(...template.argumentsOf(info.variableValues));
      const children = { fields: [...template.selection.fields, { name: "id", key: idKey }] };
      return { name: link, key: name, argumentsAt: at, children };
    });
    const { locale, gateway } = context;
    const question = { selection: { fields }, args, locale, cursors: gateway.cursors };
    const answer = await inUnitOfWork(context, (tx) => read(tx, question));
    return wanted.flatMap(({ type }) => {
      const things = JSON.parse(answer.get(type) ?? "[]") as object[];
      return things.map((thing) => ({ ...thing, __typename: type }));
    });
  } catch (error) {
    throw toGraphQL(error, context);
  }
}

/** Where the id of a thing stands whatever was asked of it. */
export const idKey = "#id";

import {
  getArgumentValues,
  getVariableValues,
  isNonNullType,
  Kind,
  locatedError,
  OperationTypeNode,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLError,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from "graphql";
import type { Arguments } from "../../domain/reading";
import type { GatewayContext } from "../context";
import { toGraphQL } from "../errors/to-graphql";
import { limits } from "../limits/limits";
import { isIncluded, type Selected } from "../plan/template";
import { roots } from "../roots";
import { JsonText } from "./json-text";
import { lookText } from "./look";

export interface Asked {
  readonly schema: GraphQLSchema;
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  readonly variables: Readonly<Record<string, unknown>>;
}

export interface Planned {
  readonly data: JsonText | null;
  readonly errors: readonly GraphQLError[];
}

/**
 * Executes a query whose root fields are all planned: what the plans write is the answer, so there is nothing left for
 * an executor to walk through (GQL-37). Everything else (mutations, `node`, the schema itself, variables that do not
 * fit) is left to graphql-js, which stays the judge: a differential test holds both against each other.
 */
export async function executePlanned(asked: Asked, context: GatewayContext): Promise<Planned | undefined> {
  const { schema, document, operation } = asked;
  if (operation.operation !== OperationTypeNode.QUERY) return undefined;
  const definitions = operation.variableDefinitions ?? [];
  const { coerced, errors } = getVariableValues(schema, definitions, asked.variables, { maxErrors: limits.errors });
  if (errors) return undefined;
  const fragments = fragmentsOf(document);
  const selected = { schema, fragments, variableValues: coerced };
  const fields = rootFields(selected, operation.selectionSet, new Map());
  if (!fields) return undefined;
  const answers = await Promise.all(
    [...fields].map(([key, nodes]) => answerRoot({ ...selected, fieldNodes: nodes }, key, context)),
  );
  return together(answers);
}

/** Selected root fields by their key in the answer; nothing where one of them is not planned. */
function rootFields(
  selected: Omit<Selected, "fieldNodes">,
  set: SelectionSetNode,
  into: Map<string, FieldNode[]>,
): Map<string, FieldNode[]> | undefined {
  for (const selection of set.selections) {
    if (!isIncluded(selected, selection)) continue;
    if (selection.kind === Kind.FIELD) {
      const name = selection.name.value;
      if (name !== "__typename" && !Object.hasOwn(roots, name)) return undefined;
      const key = (selection.alias ?? selection.name).value;
      into.set(key, [...(into.get(key) ?? []), selection]);
      continue;
    }
    // On the query root a fragment's condition is the query type: nothing else is valid there.
    const fragment = selection.kind === Kind.FRAGMENT_SPREAD ? selected.fragments[selection.name.value] : selection;
    if (fragment && !rootFields(selected, fragment.selectionSet, into)) return undefined;
  }
  return into;
}

interface RootAnswer {
  readonly key: string;
  readonly text: string;
  readonly error?: GraphQLError;
  readonly isRequired: boolean;
}

async function answerRoot(selected: Selected, key: string, context: GatewayContext): Promise<RootAnswer> {
  const [node] = selected.fieldNodes as readonly [FieldNode];
  const query = selected.schema.getQueryType();
  const definition = query?.getFields()[node.name.value];
  if (!definition) return { key, text: JSON.stringify(query?.name), isRequired: true };
  const isRequired = isNonNullType(definition.type);
  try {
    const args = getArgumentValues(definition, node, selected.variableValues) as Arguments;
    const wanted = roots[definition.name]?.(args, context);
    return { key, text: wanted ? await lookText(context, selected, wanted, "response") : "null", isRequired };
  } catch (error) {
    const located = locatedError(toGraphQL(error, context), selected.fieldNodes, [key]);
    return { key, text: "null", error: located, isRequired };
  }
}

function together(answers: readonly RootAnswer[]): Planned {
  const errors = answers.flatMap(({ error }) => error ?? []);
  // A field that may not be null takes everything with it.
  if (answers.some(({ error, isRequired }) => error && isRequired)) return { data: null, errors };
  const fields = answers.map(({ key, text }) => `${JSON.stringify(key)}:${text}`);
  const isAnswered = answers.some(({ text }) => text !== "null");
  return { data: new JsonText(`{${fields.join(",")}}`, isAnswered), errors };
}

const known = new WeakMap<DocumentNode, Readonly<Record<string, FragmentDefinitionNode>>>();

function fragmentsOf(document: DocumentNode): Readonly<Record<string, FragmentDefinitionNode>> {
  let fragments = known.get(document);
  if (!fragments) {
    const entries = document.definitions.flatMap((d) =>
      d.kind === Kind.FRAGMENT_DEFINITION ? [[d.name.value, d]] : [],
    );
    fragments = Object.assign(Object.create(null), Object.fromEntries(entries)) as Record<
      string,
      FragmentDefinitionNode
    >;
    known.set(document, fragments);
  }
  return fragments;
}

import {
  getArgumentValues,
  getDirectiveValues,
  getNamedType,
  GraphQLIncludeDirective,
  GraphQLSkipDirective,
  isObjectType,
  isAbstractType,
  Kind,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLResolveInfo,
  type GraphQLSchema,
  type SelectionSetNode,
  type ValueNode,
} from "graphql";
import type { Arguments, SelectedField, Selection } from "../../domain/reading";
import { storageKey } from "./storage-key";

/** What a document asks for behind one field, in the words of the domain; made once per document. */
export interface Template {
  readonly selection: Selection;
  /** The arguments of the fields in it, in the order to which `argumentsAt` points; `at` counts from `offset`. */
  argumentsOf(variables: Readonly<Record<string, unknown>>): Arguments[];
}

/** A selected field with what it takes to understand it; a resolver's info is one. */
export type Selected = Pick<GraphQLResolveInfo, "schema" | "fragments" | "variableValues" | "fieldNodes">;

/**
 * `response`: keys are those of the answer, in its order, for what goes to the client as it is. `stored`: keys are those
 * under which the executor of graphql-js finds a field, whatever it is called in the answer.
 */
export type Keys = "response" | "stored";

interface Known {
  readonly conditions: readonly string[];
  readonly templates: Map<string, Template>;
}

// Documents are kept by Apollo's cache; what was made of one is kept as long as its nodes are.
const known = new WeakMap<FieldNode, Known>();

/**
 * What the running field asks for, seen as a thing of `type`. The first `offset` argument lists are left to the caller.
 * Fragments are merged, `@skip` and `@include` decided; aliases of one field with the same arguments are one field.
 */
export function templateOf(info: Selected, type: GraphQLObjectType, keys: Keys, offset: number): Template {
  const [first] = info.fieldNodes;
  // The same field twice in a selection: rare enough to be worked out each time.
  if (!first || info.fieldNodes.length > 1) return makeTemplate(info, type, keys, offset);
  let entry = known.get(first);
  if (!entry) known.set(first, (entry = { conditions: conditionsIn(first, info.fragments), templates: new Map() }));
  let key = `${type.name} ${keys} ${offset}`;
  for (const name of entry.conditions) key += info.variableValues[name] === true ? " 1" : " 0";
  let template = entry.templates.get(key);
  if (!template) entry.templates.set(key, (template = makeTemplate(info, type, keys, offset)));
  return template;
}

interface FieldWithArguments {
  readonly definition: GraphQLField<unknown, unknown>;
  readonly node: FieldNode;
  /** The values, where no variable is among them. */
  readonly fixed: Arguments | undefined;
}

function makeTemplate(info: Selected, type: GraphQLObjectType, keys: Keys, offset: number): Template {
  const fields: FieldWithArguments[] = [];
  const selection = select({ info, keys, fields, offset }, type, info.fieldNodes);
  return {
    selection,
    argumentsOf: (variables) =>
      fields.map(
        ({ definition, node, fixed }) => fixed ?? (getArgumentValues(definition, node, variables) as Arguments),
      ),
  };
}

/** Selected fields by their key, each with all nodes that ask for it. */
type Collected = Map<string, FieldNode[]>;

interface Making {
  readonly info: Selected;
  readonly keys: Keys;
  readonly fields: FieldWithArguments[];
  readonly offset: number;
}

function select(making: Making, type: GraphQLObjectType, nodes: readonly FieldNode[]): Selection {
  const collected: Collected = new Map();
  for (const { selectionSet } of nodes) {
    if (selectionSet) collect(making, type, selectionSet, collected);
  }
  const definitions = type.getFields();
  const fields: SelectedField[] = [];
  for (const [key, same] of collected) {
    const [node] = same as [FieldNode, ...FieldNode[]];
    const name = node.name.value;
    const definition = definitions[name];
    if (!definition) {
      // The executor knows the name of a type by itself.
      if (making.keys === "response") fields.push({ name, key });
      continue;
    }
    const argumentsAt = definition.args.length === 0 ? undefined : making.offset + making.fields.length;
    if (argumentsAt !== undefined) {
      const fixed = node.arguments?.every(({ value }) => isFixed(value)) !== false;
      const values = fixed ? (getArgumentValues(definition, node) as Arguments) : undefined;
      making.fields.push({ definition, node, fixed: values });
    }
    const inner = getNamedType(definition.type);
    fields.push({
      name,
      key,
      ...(argumentsAt === undefined ? {} : { argumentsAt }),
      ...(isObjectType(inner) ? { children: select(making, inner, same) } : {}),
    });
  }
  return { fields };
}

function isFixed(value: ValueNode): boolean {
  if (value.kind === Kind.LIST) return value.values.every(isFixed);
  if (value.kind === Kind.OBJECT) return value.fields.every((field) => isFixed(field.value));
  return value.kind !== Kind.VARIABLE;
}

function collect(making: Making, type: GraphQLObjectType, set: SelectionSetNode, into: Collected): void {
  const { info, keys } = making;
  for (const selection of set.selections) {
    if (!isIncluded(info, selection)) continue;
    if (selection.kind === Kind.FIELD) {
      const key = keys === "response" ? (selection.alias ?? selection.name).value : storageKey(selection);
      const nodes = into.get(key);
      if (nodes) nodes.push(selection);
      else into.set(key, [selection]);
      continue;
    }
    const fragment = selection.kind === Kind.FRAGMENT_SPREAD ? info.fragments[selection.name.value] : selection;
    if (fragment && appliesTo(info.schema, type, fragment.typeCondition?.name.value)) {
      collect(making, type, fragment.selectionSet, into);
    }
  }
}

export function isIncluded(
  { variableValues }: Pick<Selected, "variableValues">,
  node: SelectionSetNode["selections"][number],
): boolean {
  if (!node.directives || node.directives.length === 0) return true;
  const skip = getDirectiveValues(GraphQLSkipDirective, node, variableValues);
  const include = getDirectiveValues(GraphQLIncludeDirective, node, variableValues);
  return skip?.["if"] !== true && include?.["if"] !== false;
}

function appliesTo(schema: GraphQLSchema, type: GraphQLObjectType, condition: string | undefined): boolean {
  if (condition === undefined || condition === type.name) return true;
  const conditional = schema.getType(condition);
  return isAbstractType(conditional) && schema.isSubType(conditional, type);
}

/** The variables on which it depends what is selected at all. */
function conditionsIn(root: FieldNode, fragments: Readonly<Record<string, FragmentDefinitionNode>>): string[] {
  const names = new Set<string>();
  const seen = new Set<string>();
  const look = (set: SelectionSetNode | undefined): void => {
    for (const selection of set?.selections ?? []) {
      for (const directive of selection.directives ?? []) {
        for (const { value } of directive.arguments ?? []) {
          if (value.kind === Kind.VARIABLE) names.add(value.name.value);
        }
      }
      if (selection.kind !== Kind.FRAGMENT_SPREAD) look(selection.selectionSet);
      else if (!seen.has(selection.name.value)) {
        seen.add(selection.name.value);
        look(fragments[selection.name.value]?.selectionSet);
      }
    }
  };
  look(root.selectionSet);
  return [...names];
}

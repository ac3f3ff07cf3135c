import {
  getNamedType,
  getNullableType,
  isCompositeType,
  isInterfaceType,
  isListType,
  isObjectType,
  Kind,
  OperationTypeNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from "graphql";
import { limits } from "./limits";

export interface Cost {
  /** Points: an object counts one, a list its items, a total count ten, a mutation ten. */
  readonly points: number;
  /** Items that pages inside pages can reach. */
  readonly nodes: number;
}

export type Variables = Readonly<Record<string, unknown>>;
/** What an operation costs with given variables; made once per document. */
export type CostOf = (variables: Variables) => Cost;

const free: Cost = { points: 0, nodes: 0 };
const assumedListLength = 10;
const actPoints = 10;
const countPoints = 10;

interface Scope {
  readonly schema: GraphQLSchema;
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
}

/**
 * Compiles the cost of a validated operation (GQL-30). Fragments are spread here: the structural limits have made sure
 * that this gives 5,000 selections at most.
 */
export function compileCost(
  schema: GraphQLSchema,
  operation: OperationDefinitionNode,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
): CostOf {
  const root = schema.getRootType(operation.operation);
  if (!root) return () => free;
  const scope: Scope = { schema, fragments };
  const ofRoot = costOfSet(scope, operation.selectionSet, root, one);
  const acts =
    operation.operation === OperationTypeNode.MUTATION ? operation.selectionSet.selections.length * actPoints : 0;
  return (variables) => {
    const { points, nodes } = ofRoot(variables);
    return { points: points + acts, nodes };
  };
}

type SizeOf = (variables: Variables) => number;
const one: SizeOf = () => 1;

/** `pageSize` is the size of the page around this selection, which its `nodes` and `edges` are lists of. */
function costOfSet(scope: Scope, set: SelectionSetNode, parent: GraphQLCompositeType, pageSize: SizeOf): CostOf {
  const parts = set.selections.map((selection): CostOf => {
    switch (selection.kind) {
      case Kind.FIELD:
        return costOfField(scope, selection, parent, pageSize);
      case Kind.INLINE_FRAGMENT:
        return costOfSet(scope, selection.selectionSet, conditioned(scope, selection.typeCondition, parent), pageSize);
      case Kind.FRAGMENT_SPREAD:
        return costOfFragment(scope, selection.name.value, pageSize);
    }
  });
  const counted = parts.filter((part) => part !== costsNothing);
  if (counted.length === 0) return costsNothing;
  return (variables) => {
    let points = 0;
    let nodes = 0;
    for (const part of counted) {
      const cost = part(variables);
      points += cost.points;
      nodes += cost.nodes;
    }
    return { points, nodes };
  };
}

const costsNothing: CostOf = () => free;

function costOfFragment(scope: Scope, name: string, pageSize: SizeOf): CostOf {
  const fragment = scope.fragments.get(name);
  if (!fragment) return costsNothing;
  return costOfSet(scope, fragment.selectionSet, conditioned(scope, fragment.typeCondition, undefined), pageSize);
}

function costOfField(scope: Scope, node: FieldNode, parent: GraphQLCompositeType, pageSize: SizeOf): CostOf {
  const name = node.name.value;
  if (name === "totalCount") return () => ({ points: countPoints, nodes: 0 });
  const field = name.startsWith("__") ? undefined : fieldOf(parent, name);
  const type = field && getNamedType(field.type);
  if (!field || !isCompositeType(type) || !node.selectionSet) return costsNothing;
  const page = isPageType(type);
  const innerPage = page ? pageSizeOf(node) : one;
  const inner = costOfSet(scope, node.selectionSet, type, innerPage);
  if (page) return inner === costsNothing ? costsNothing : (variables) => inner(variables);
  const isList = isListType(getNullableType(field.type));
  const inPage = isPageType(parent) && (name === "nodes" || name === "edges");
  const size = inPage ? pageSize : isList ? listSizeOf(node) : one;
  // An edge is the same item as its node.
  const own = inPage && name === "edges" ? 0 : 1;
  return (variables) => {
    const cost = inner(variables);
    const items = size(variables);
    return { points: items * (own + cost.points), nodes: items * ((inPage ? 1 : 0) + cost.nodes) };
  };
}

/** First or last, a variable at its value; what is missing or unusable counts as the largest page. */
function pageSizeOf(node: FieldNode): SizeOf {
  const size = node.arguments?.find(({ name }) => name.value === "first" || name.value === "last")?.value;
  if (size?.kind === Kind.INT) return constant(pageOf(Number(size.value)));
  if (size?.kind !== Kind.VARIABLE) return constant(limits.pageSize);
  const name = size.name.value;
  return (variables) => pageOf(variables[name]);
}

function pageOf(value: unknown): number {
  return typeof value === "number" && value >= 0 && value <= limits.pageSize ? value : limits.pageSize;
}

function listSizeOf(node: FieldNode): SizeOf {
  const ids = node.arguments?.find(({ name }) => name.value === "ids")?.value;
  if (ids?.kind === Kind.LIST) return constant(ids.values.length);
  if (ids?.kind !== Kind.VARIABLE) return constant(assumedListLength);
  const name = ids.name.value;
  return (variables) => {
    const list = variables[name];
    return Array.isArray(list) ? list.length : 1;
  };
}

const constant =
  (size: number): SizeOf =>
  () =>
    size;

function isPageType(type: GraphQLCompositeType): boolean {
  return isObjectType(type) && type.getFields()["pageInfo"] !== undefined;
}

function fieldOf(parent: GraphQLCompositeType, name: string): GraphQLField<unknown, unknown> | undefined {
  return isObjectType(parent) || isInterfaceType(parent) ? parent.getFields()[name] : undefined;
}

function conditioned(
  scope: Scope,
  condition: { name: { value: string } } | undefined,
  parent: GraphQLCompositeType | undefined,
): GraphQLCompositeType {
  const type = condition ? scope.schema.getType(condition.name.value) : parent;
  if (!isCompositeType(type)) throw new Error("a validated document names composite types only");
  return type;
}

import {
  Kind,
  type DocumentNode,
  type FragmentDefinitionNode,
  type GraphQLSchema,
  type OperationDefinitionNode,
} from "graphql";
import { refuse } from "../errors/refuse";
import { compileCost, type CostOf, type Variables } from "../limits/cost";
import { limits } from "../limits/limits";

const compiled = new WeakMap<OperationDefinitionNode, CostOf>();

/**
 * What an operation costs with the variables it came with.
 * @throws GraphQLError `OPERATION_TOO_COMPLEX` above the limits
 */
export function costOf(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  variables: Variables,
): number {
  let known = compiled.get(operation);
  if (!known) compiled.set(operation, (known = compileCost(schema, operation, fragmentsIn(document))));
  const { points, nodes } = known(variables);
  if (points > limits.cost) throw tooMuch("cost", points, limits.cost);
  if (nodes > limits.nodes) throw tooMuch("nodes", nodes, limits.nodes);
  return points;
}

function tooMuch(limit: "cost" | "nodes", is: number, most: number): Error {
  return refuse(
    "OPERATION_TOO_COMPLEX",
    `the operation asks for ${is} of ${most} ${limit === "cost" ? "points" : "nodes"}`,
    {
      limit,
    },
  );
}

/** The fragments of a document by name. */
export function fragmentsIn(document: DocumentNode): ReadonlyMap<string, FragmentDefinitionNode> {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
  }
  return fragments;
}

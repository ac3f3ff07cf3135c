import {
  Kind,
  OperationTypeNode,
  type DocumentNode,
  type FragmentDefinitionNode,
  type OperationDefinitionNode,
  type SelectionSetNode,
  type ValueNode,
} from "graphql";
import { limits, sensitiveMutations, type LimitName } from "./limits";

/** What a selection amounts to once its fragments are spread, without spreading them. */
interface Totals {
  depth: number;
  aliases: number;
  directives: number;
  selections: number;
  rootFields: number;
  sensitive: number;
}

export interface Excess {
  readonly limit: LimitName;
  readonly message: string;
}

/**
 * Which structural limits a document breaks. Totals of a fragment are computed once and reused, so that 20 fragments
 * that double each other cost 20 steps instead of a million (attack row 10).
 */
export function structuralExcess(document: DocumentNode): Excess[] {
  const fragments = new Map<string, FragmentDefinitionNode>();
  const operations: OperationDefinitionNode[] = [];
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
    if (definition.kind === Kind.OPERATION_DEFINITION) operations.push(definition);
  }
  const totalsOf = counter(fragments);
  return operations.flatMap((operation) => excessOf(operation, totalsOf(operation.selectionSet)));
}

function excessOf(operation: OperationDefinitionNode, found: Totals): Excess[] {
  const variables = operation.variableDefinitions ?? [];
  const directives =
    found.directives +
    (operation.directives?.length ?? 0) +
    variables.reduce((sum, variable) => sum + (variable.directives?.length ?? 0), 0);
  const literalDepth = Math.max(0, ...variables.map((v) => (v.defaultValue ? valueDepth(v.defaultValue) : 0)));
  const rules: readonly (readonly [LimitName, number, number])[] = [
    ["depth", Math.max(found.depth, literalDepth), limits.depth],
    ["aliases", found.aliases, limits.aliases],
    ["rootFields", found.rootFields, limits.rootFields],
    ["directives", directives, limits.directives],
    // Every selection is looked at once at least, so a document of more selections than points is too dear by itself.
    ["cost", found.selections, limits.cost],
  ];
  const excess = rules
    .filter(([, is, most]) => is > most)
    .map(([limit, , most]) => ({ limit, message: `the operation exceeds the limit of ${most} for ${limit}` }));
  if (operation.operation !== OperationTypeNode.MUTATION) return excess;
  // For a mutation what counts first is how often it acts (attack row 6).
  excess.sort((a, b) => Number(b.limit === "rootFields") - Number(a.limit === "rootFields"));
  if (found.sensitive > 1) {
    excess.push({ limit: "sensitiveMutations", message: "this mutation may stand once in a request" });
  }
  return excess;
}

function counter(fragments: ReadonlyMap<string, FragmentDefinitionNode>): (set: SelectionSetNode) => Totals {
  const known = new Map<string, Totals>();

  function ofSet(set: SelectionSetNode): Totals {
    const sum = nothing();
    for (const selection of set.selections) {
      sum.directives += selection.directives?.length ?? 0;
      sum.selections += 1;
      if (selection.kind === Kind.FIELD) {
        const name = selection.name.value;
        sum.aliases += selection.alias ? 1 : 0;
        sum.rootFields += 1;
        sum.sensitive += sensitiveMutations.has(name) ? 1 : 0;
        let depth = 1;
        for (const { value } of selection.arguments ?? []) depth = Math.max(depth, valueDepth(value));
        if (selection.selectionSet) {
          const inner = ofSet(selection.selectionSet);
          add(sum, inner);
          // Introspection has a rule of its own in graphql-js, and its standard query is 15 levels deep.
          depth = Math.max(depth, name.startsWith("__") ? 1 : 1 + inner.depth);
        }
        sum.depth = Math.max(sum.depth, depth);
      } else {
        const inner =
          selection.kind === Kind.INLINE_FRAGMENT ? ofSet(selection.selectionSet) : ofFragment(selection.name.value);
        add(sum, inner);
        sum.rootFields += inner.rootFields;
        sum.sensitive += inner.sensitive;
        sum.depth = Math.max(sum.depth, inner.depth);
      }
    }
    return sum;
  }

  function ofFragment(name: string): Totals {
    const found = known.get(name);
    if (found) return found;
    known.set(name, nothing()); // a circle counts as nothing here; a rule of graphql-js refuses it
    const fragment = fragments.get(name);
    if (!fragment) return nothing();
    const totals = ofSet(fragment.selectionSet);
    known.set(name, totals);
    return totals;
  }

  return ofSet;
}

function nothing(): Totals {
  return { depth: 0, aliases: 0, directives: 0, selections: 0, rootFields: 0, sensitive: 0 };
}

function add(sum: Totals, inner: Totals): void {
  sum.aliases += inner.aliases;
  sum.directives += inner.directives;
  sum.selections += inner.selections;
}

function valueDepth(value: ValueNode): number {
  if (value.kind === Kind.LIST) return 1 + Math.max(0, ...value.values.map(valueDepth));
  if (value.kind === Kind.OBJECT) return 1 + Math.max(0, ...value.fields.map((field) => valueDepth(field.value)));
  return 0;
}

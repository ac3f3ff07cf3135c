import { Kind, type DocumentNode, type OperationDefinitionNode, type SelectionSetNode } from "graphql";
import { fragmentsIn } from "./cost";

const known = new WeakMap<OperationDefinitionNode, boolean>();

/** Whether an operation asks for the schema itself. */
export function asksForSchema(document: DocumentNode, operation: OperationDefinitionNode): boolean {
  let asks = known.get(operation);
  if (asks === undefined) known.set(operation, (asks = looks(document, operation.selectionSet)));
  return asks;
}

// Only the root has these fields.
function looks(document: DocumentNode, set: SelectionSetNode): boolean {
  return set.selections.some((selection) => {
    if (selection.kind === Kind.FIELD) return selection.name.value === "__schema" || selection.name.value === "__type";
    if (selection.kind === Kind.INLINE_FRAGMENT) return looks(document, selection.selectionSet);
    const fragment = fragmentsIn(document).get(selection.name.value);
    return fragment !== undefined && looks(document, fragment.selectionSet);
  });
}

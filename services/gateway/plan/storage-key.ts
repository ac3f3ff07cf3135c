import { print, type FieldNode } from "graphql";

const keys = new WeakMap<FieldNode, string>();

/**
 * Under which key the value of a field stands in the thing that a read hands back: its name, and its arguments as they
 * are written. `a: members(first: 1)` and `b: members(first: 2)` stand side by side, equal ones are read once.
 */
export function storageKey(node: FieldNode): string {
  if (!node.arguments || node.arguments.length === 0) return node.name.value;
  let key = keys.get(node);
  if (key === undefined) {
    key = `${node.name.value}(${node.arguments.map(print).join(",")})`;
    keys.set(node, key);
  }
  return key;
}

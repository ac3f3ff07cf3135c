import type { GraphQLResolveInfo } from "graphql";
import { storageKey } from "../plan/storage-key";

/** The value of a field with arguments, from what the plan of the root field has read already. */
export function planned(source: object, info: GraphQLResolveInfo): unknown {
  const [node] = info.fieldNodes;
  return node && (source as Record<string, unknown>)[storageKey(node)];
}

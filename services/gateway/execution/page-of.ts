import { invalid } from "../../kernel/errors";
import type { GatewayContext } from "../context";
import { pageSizeOf } from "../../domain/reading";

export interface Item {
  /** The uuid by which a cursor finds it again. */
  readonly key: string;
  readonly node: object;
}

interface Page {
  readonly first?: number | null;
  readonly last?: number | null;
  readonly after?: string | null;
  readonly before?: string | null;
}

/**
 * A page of a list that was computed as a whole: the same arguments, limits and sealed cursors as the lists that the
 * database pages (GQL-10, GQL-11). A cursor whose item is gone begins where it would be refused: at nothing.
 * @throws PlenumError `invalid` naming the argument
 */
export function pageOf(context: GatewayContext, list: string, items: readonly Item[], page: Page): object {
  const { entrance, gateway } = context;
  const orgId = entrance?.orgId ?? "";
  const size = pageSizeOf({ ...page });
  const place = (argument: "after" | "before"): number | undefined => {
    const text = page[argument];
    if (text == null) return undefined;
    const { id } = gateway.cursors.read(orgId, list, argument, text);
    const at = items.findIndex(({ key }) => key === id);
    if (at < 0) throw invalid(argument, "a cursor of this list as it is now");
    return at;
  };
  const from = (place("after") ?? -1) + 1;
  const to = place("before") ?? items.length;
  const within = items.slice(from, Math.max(from, to));
  const backward = page.last != null;
  const shown = backward ? within.slice(-size) : within.slice(0, size);
  const more = within.length > shown.length;
  const edges = shown.map(({ key, node }) => ({ node, cursor: gateway.cursors.write(orgId, list, "", key) }));
  return {
    edges,
    nodes: shown.map(({ node }) => node),
    totalCount: items.length,
    pageInfo: {
      hasNextPage: backward ? to < items.length : more,
      hasPreviousPage: backward ? more : from > 0,
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
  };
}

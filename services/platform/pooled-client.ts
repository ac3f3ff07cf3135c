import { Client } from "pg";

/**
 * A connection through a pooler that hands every transaction to whichever session is free: what was prepared in one is
 * unknown in the next, so statements are sent without their names (DB-12).
 */
export class PooledClient extends Client {
  override query = ((...call: unknown[]): unknown => {
    const [first, ...rest] = call;
    const unnamed = isNamed(first) ? { ...first, name: undefined } : first;
    return (super.query as (...call: unknown[]) => unknown)(unnamed, ...rest);
  }) as Client["query"];
}

// A query object of pg (it has a `submit`) is somebody else's and stays what it is.
function isNamed(query: unknown): query is { name: string } {
  return typeof query === "object" && query !== null && "name" in query && !("submit" in query);
}

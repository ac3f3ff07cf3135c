import type { Listed, Placed } from "../domain/provisioning";
import type { Position } from "./cursor";
import type { ReadList } from "./list-request";
import type { Walk } from "./list-walk";
import type { Document } from "./render-resource";
import { messages } from "./urns";

interface Row {
  readonly id: string;
}

/** A page of resources (SCIM-101); by cursor it names its neighbours instead of its number (SCIM-132). */
export function listDocument<R extends Row>(
  { walk, startIndex }: ReadList,
  { rows, total }: Listed<R>,
  render: (row: R) => Document,
): Document {
  if (walk) return walkDocument(walk, rows, total, render);
  const resources = rows.map(render);
  return {
    schemas: [messages.listResponse],
    totalResults: total,
    startIndex,
    itemsPerPage: resources.length,
    Resources: resources,
  };
}

function walkDocument<R extends Row>(
  walk: Walk,
  read: readonly Placed<R>[],
  total: number,
  render: (row: R) => Document,
): Document {
  const backwards = walk.position?.direction === "previous";
  const more = read.length > walk.count;
  const page = read.slice(0, walk.count);
  const rows = backwards ? page.reverse() : page;
  const hasNext = backwards || more;
  const hasPrevious = backwards ? more : walk.position !== undefined;
  return {
    schemas: [messages.listResponse],
    totalResults: total,
    itemsPerPage: rows.length,
    ...(hasPrevious ? neighbour("previousCursor", walk, rows.at(0), "previous") : {}),
    ...(hasNext ? neighbour("nextCursor", walk, rows.at(-1), "next") : {}),
    Resources: rows.map(render),
  };
}

function neighbour<R extends Row>(
  name: string,
  walk: Walk,
  row: Placed<R> | undefined,
  direction: Position["direction"],
): Document {
  // An empty page in the middle of a walk still leads on from where the walk stood.
  if (!row) return walk.position ? { [name]: walk.seal({ ...walk.position, direction }) } : {};
  const value = row.sortValue instanceof Date ? row.sortValue.toISOString() : row.sortValue;
  return { [name]: walk.seal({ direction, id: row.id, value }) };
}

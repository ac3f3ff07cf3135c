import type { ListQuery } from "../domain/provisioning";
import type { ResourceType } from "./attributes/attribute";
import { readFilter } from "./filter/bind";
import { compileList } from "./list-query";
import { readWalk, type Walk } from "./list-walk";
import { readPage } from "./paging";
import { invalidFilter, invalidValue, shown } from "./refusal";
import type { Exchange } from "./request";
import { readOrder } from "./sort";

/** A list request, ready for the store, and what its answer will need. */
export interface ReadList {
  readonly query: ListQuery;
  readonly startIndex: number;
  /** Set when the client walks by cursor. */
  readonly walk?: Walk;
}

/** Reads filter, order and page of a list request (SCIM-101, 110, 120, 130, 132). */
export function readList(type: ResourceType, exchange: Exchange): ReadList {
  const { query, dialect, trail, by, baseUrl } = exchange;
  const page = readPage({
    startIndex: query.get("startindex"),
    count: query.get("count"),
    cursor: query.get("cursor"),
  });
  const order = readOrder(type, textOf(query, "sortBy"), textOf(query, "sortOrder"));
  const text = textOf(query, "filter");
  const filter = text === undefined ? undefined : readFilter(type, text, { dialect, trail });
  const asking = { connectionId: by.connectionId, baseUrl };
  if (page.by === "index") {
    return { query: compileList(type, { filter, order, part: page }, asking), startIndex: page.startIndex };
  }
  const walk = readWalk(type, page, exchange);
  const part = { by: "cursor", position: walk.position, count: walk.count } as const;
  return { query: compileList(type, { filter, order, part }, asking), startIndex: 1, walk };
}

/** A parameter that is text, if given at all. */
export function textOf(query: ReadonlyMap<string, unknown>, name: string): string | undefined {
  const given = query.get(name.toLowerCase());
  if (given === undefined || given === null) return undefined;
  if (typeof given === "string") return given;
  throw (name === "filter" ? invalidFilter : invalidValue)(`${name} is ${shown(given)}, expected a string`);
}

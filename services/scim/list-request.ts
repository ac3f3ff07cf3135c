import type { ListQuery } from "../domain/provisioning";
import type { ResourceType } from "./attributes/attribute";
import { readFilter } from "./filter/bind";
import { invalidFilter, invalidValue, ScimRefusal, shown } from "./refusal";
import { compileList } from "./list-query";
import { readPage } from "./paging";
import { readOrder } from "./sort";
import type { Exchange } from "./request";
import type { Document } from "./render-resource";
import { messages } from "./urns";

/** Reads filter, order and page of a list request (SCIM-101, 110, 120, 130). */
export function readListQuery(type: ResourceType, exchange: Exchange): ListQuery {
  const { query, dialect, trail, by, baseUrl } = exchange;
  const page = readPage({
    startIndex: query.get("startindex"),
    count: query.get("count"),
    cursor: query.get("cursor"),
  });
  if (page.by === "cursor") throw new ScimRefusal(400, "invalidCursor", "this server pages by startIndex");
  const order = readOrder(type, textOf(query, "sortBy"), textOf(query, "sortOrder"));
  const text = textOf(query, "filter");
  const filter = text === undefined ? undefined : readFilter(type, text, { dialect, trail });
  return compileList(type, { filter, order, page }, { connectionId: by.connectionId, baseUrl });
}

/** A page of resources (SCIM-101). */
export function listDocument(resources: readonly Document[], total: number, { offset }: ListQuery): Document {
  return {
    schemas: [messages.listResponse],
    totalResults: total,
    startIndex: offset + 1,
    itemsPerPage: resources.length,
    Resources: resources,
  };
}

/** A parameter that is text, if given at all. */
export function textOf(query: ReadonlyMap<string, unknown>, name: string): string | undefined {
  const given = query.get(name.toLowerCase());
  if (given === undefined || given === null) return undefined;
  if (typeof given === "string") return given;
  throw (name === "filter" ? invalidFilter : invalidValue)(`${name} is ${shown(given)}, expected a string`);
}

import type { ListQuery } from "../domain/provisioning";
import type { ResourceType } from "./attributes/attribute";
import type { Position } from "./cursor";
import { filterText } from "./filter/compile-filter";
import type { Filter } from "./filter/filter";
import { Parameters } from "./filter/parameters";
import { keysetOf } from "./keyset";
import { orderBy, type Order } from "./sort";

export interface ListRequest {
  readonly filter: Filter | undefined;
  readonly order: Order | undefined;
  readonly part: ListPart;
}

/** The part of a list that is read: rows by number, or those behind a place. */
export type ListPart =
  | { readonly by: "index"; readonly startIndex: number; readonly count: number }
  | { readonly by: "cursor"; readonly position: Position | undefined; readonly count: number };

/** A list request as SQL for the store: `$1` is the organization, everything else a parameter behind it. */
export function compileList(
  type: ResourceType,
  { filter, order, part }: ListRequest,
  asking: { readonly connectionId: string; readonly baseUrl: string },
): ListQuery {
  const parameters = new Parameters(1);
  const scope = { type, ...asking, parameter: parameters.add };
  const condition = filter ? filterText(filter, scope) : "true";
  if (part.by === "index") {
    const { texts, values } = parameters.settle([condition, orderBy(order, scope)]);
    const [where = "", ordered = ""] = texts;
    const { count, startIndex } = part;
    return { where, keyset: "true", orderBy: ordered, sortValue: "null", values, limit: count, offset: startIndex - 1 };
  }
  const place = keysetOf(order, part.position, scope);
  const { texts, values } = parameters.settle([condition, place.condition, place.orderBy, place.sortValue]);
  const [where = "", keyset = "", ordered = "", sortValue = ""] = texts;
  // One row more than asked tells whether there is another page.
  return { where, keyset, orderBy: ordered, sortValue, values, limit: part.count + 1, offset: 0 };
}

import type { ListQuery } from "../domain/provisioning";
import type { ResourceType } from "./attributes/attribute";
import { compileFilter } from "./filter/compile-filter";
import type { Filter } from "./filter/filter";
import type { Page } from "./paging";
import { orderBy, type Order } from "./sort";

export interface ListRequest {
  readonly filter: Filter | undefined;
  readonly order: Order | undefined;
  readonly page: Page & { readonly by: "index" };
}

/** A list request as SQL for the store: `$1` is the organization, everything else a parameter behind it. */
export function compileList(
  type: ResourceType,
  { filter, order, page }: ListRequest,
  asking: { readonly connectionId: string; readonly baseUrl: string },
): ListQuery {
  const compilation = { type, ...asking, parametersBefore: 1 };
  const { text: where, values } = filter ? compileFilter(filter, compilation) : { text: "true", values: [] };
  const all = [...values];
  const parameter = (value: unknown) => `$${1 + all.push(value)}`;
  const ordered = orderBy(order, { type, ...asking, parameter });
  // The count has no use for the order's parameters, but PostgreSQL wants to know the type of each that it is sent.
  const extra = all.length - values.length;
  const typed = Array.from({ length: extra }, (_, i) => ` and $${2 + values.length + i}::text is not null`).join("");
  return { where: `${where}${typed}`, orderBy: ordered, values: all, limit: page.count, offset: page.startIndex - 1 };
}

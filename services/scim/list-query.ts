import type { ListQuery } from "../domain/provisioning";
import type { ResourceType } from "./attributes/attribute";
import { filterText } from "./filter/compile-filter";
import type { Filter } from "./filter/filter";
import { Parameters } from "./filter/parameters";
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
  const parameters = new Parameters(1);
  const scope = { type, ...asking, parameter: parameters.add };
  const condition = filter ? filterText(filter, scope) : "true";
  const { texts, values } = parameters.settle([condition, orderBy(order, scope)]);
  const [where = "", ordered = ""] = texts;
  return {
    where: `${where}${typed(where, values)}`,
    orderBy: ordered,
    values,
    limit: page.count,
    offset: page.startIndex - 1,
  };
}

// The count has no use for what only the order needs, but PostgreSQL wants to know the type of each value it is sent.
function typed(where: string, values: readonly unknown[]): string {
  if (values.length === 0) return "";
  const named = new Set(where.match(/\$\d+/g));
  const unnamed = values.map((_, i) => `$${i + 2}`).filter((name) => !named.has(name));
  return unnamed.map((name) => ` and ${name}::text is not null`).join("");
}

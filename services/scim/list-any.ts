import {
  listProvisionedAny,
  type AnyQuery,
  type ProvisionedGroup,
  type ProvisionedMember,
} from "../domain/provisioning";
import type { ResourceType } from "./attributes/attribute";
import { groupType, userType } from "./attributes/registry";
import { filterText } from "./filter/compile-filter";
import { readFilter } from "./filter/bind";
import type { Filter } from "./filter/filter";
import { Parameters } from "./filter/parameters";
import { shownGroup } from "./group-document";
import { limits } from "./limits";
import { textOf } from "./list-request";
import { readPage } from "./paging";
import { readSelection } from "./projection";
import { invalidFilter, invalidValue, ScimRefusal, shown } from "./refusal";
import { renderResource, type Document } from "./render-resource";
import type { Answer, Exchange } from "./request";
import { readOrder, sortExpression, type Order } from "./sort";
import { messages } from "./urns";
import { shownUser } from "./user-document";

const types = [userType, groupType] as const;

/** The query at the base URL: users and groups in one list (SCIM-105). */
export async function listAny(exchange: Exchange): Promise<Answer> {
  const { query, by, tx } = exchange;
  const page = readPage({
    startIndex: query.get("startindex"),
    count: query.get("count"),
    cursor: query.get("cursor"),
  });
  if (page.by === "cursor") throw invalidValue("a list of all resource types is paged by startIndex");
  const filters = filtersOf(exchange);
  const listed = await listProvisionedAny(tx, { by, query: compileAny(exchange, filters, page) });
  if (!filters && listed.total > limits.rootQueryRows) {
    throw new ScimRefusal(400, "tooMany", `${listed.total} resources; a query over all of them needs a filter`);
  }
  const Resources = listed.rows.map((row) => documentOf(exchange, row));
  const { startIndex } = page;
  const counts = { totalResults: listed.total, startIndex, itemsPerPage: Resources.length };
  return { status: 200, document: { schemas: [messages.listResponse], ...counts, Resources } };
}

/** The filter for each type: an attribute that one lacks does not match there, one that all lack is an error. */
function filtersOf({ query, dialect, trail }: Exchange): readonly Filter[] | undefined {
  const text = textOf(query, "filter");
  if (text === undefined) return undefined;
  const lacking = types.map(() => new Set<string>());
  const filters = types.map((type, i) => {
    const unknown = lacking[i] ?? new Set<string>();
    return readFilter(type, text, { dialect, trail, lenient: true, unknown });
  });
  const [first, ...others] = lacking;
  const nobody = [...(first ?? [])].find((path) => others.every((set) => set.has(path)));
  if (nobody !== undefined) throw invalidFilter(`unknown attribute ${shown(nobody)}`);
  return filters;
}

function compileAny(
  exchange: Exchange,
  filters: readonly Filter[] | undefined,
  page: { readonly startIndex: number; readonly count: number },
): AnyQuery {
  const { by, baseUrl } = exchange;
  const orders = ordersOf(exchange);
  const parameters = new Parameters(1);
  const scopes = types.map((type) => ({ type, connectionId: by.connectionId, baseUrl, parameter: parameters.add }));
  const wheres = scopes.map((scope, i) => (filters?.[i] ? filterText(filters[i], scope) : "true"));
  const sorts = scopes.map((scope, i) => (orders?.[i] ? sortExpression(orders[i], scope) : "null"));
  const { texts, values } = parameters.settle([...wheres, ...sorts]);
  const [members = "", groups = "", memberSort = "", groupSort = ""] = texts;
  const direction = orders?.some((order) => order?.descending) ? "desc nulls first" : "asc nulls last";
  const sorted = orders ? `sort ${direction}, id` : "created_at, id";
  return {
    members,
    groups,
    memberSort,
    groupSort,
    orderBy: sorted,
    values,
    limit: page.count,
    offset: page.startIndex - 1,
  };
}

/** The order for each type; a type without the attribute has no value to be ordered by. */
function ordersOf({ query }: Exchange): readonly (Order | undefined)[] | undefined {
  const [by, direction] = [textOf(query, "sortBy"), textOf(query, "sortOrder")];
  if (by === undefined || by === "") return undefined;
  const read = types.map((type) => orderOrRefusal(type, by, direction));
  const [first] = read;
  if (first instanceof ScimRefusal && read.every((order) => order instanceof ScimRefusal)) throw first;
  return read.map((order) => (order instanceof ScimRefusal ? undefined : order));
}

function orderOrRefusal(
  type: ResourceType,
  by: string,
  direction: string | undefined,
): Order | undefined | ScimRefusal {
  try {
    return readOrder(type, by, direction);
  } catch (error) {
    if (error instanceof ScimRefusal) return error;
    throw error;
  }
}

function documentOf({ query, baseUrl }: Exchange, row: ProvisionedMember | ProvisionedGroup): Document {
  const [included, excluded] = [query.get("attributes"), query.get("excludedattributes")];
  if ("userName" in row)
    return renderResource(userType, shownUser(row, baseUrl), readSelection(userType, included, excluded));
  return renderResource(groupType, shownGroup(row, baseUrl), readSelection(groupType, included, excluded));
}

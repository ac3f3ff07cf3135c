import { invalid } from "../../kernel/errors";
import type { Many, Order } from "./noun";
import type { Arguments } from "./selection";

export const pageSizeMax = 100;

/** The part of a page's arguments that decides the text of its statement; the values are parameters. */
export interface PageForm {
  readonly backward: boolean;
  readonly after: boolean;
  readonly before: boolean;
  readonly orderName: string;
  readonly order: Order;
  readonly filters: Readonly<Record<string, string>>;
  /** The usual page size that is at least the one asked for. */
  readonly usual: number;
}

const usualSizes = [1, 5, 10, 20, 25, 50] as const;

/** @throws PlenumError `invalid` for a size, an order or a filter that the list does not know */
export function pageForm(link: Many, args: Arguments): PageForm {
  const wanted = args["orderBy"];
  const orderName = typeof wanted === "string" ? wanted : (Object.keys(link.orders)[0] ?? "");
  const order = link.orders[orderName];
  if (!order) throw invalid("orderBy", `one of ${Object.keys(link.orders).join(", ")}`, orderName);
  const filter = filterOf(args);
  const size = pageSize(args);
  const filters = Object.fromEntries(
    Object.entries(link.filters).map(([name, { form }]) => [
      name,
      filter[name] == null ? "absent" : form(filter[name]),
    ]),
  );
  return {
    backward: args["last"] != null,
    after: args["after"] != null,
    before: args["before"] != null,
    orderName,
    order,
    filters,
    usual: usualSizes.find((usual) => usual >= size) ?? pageSizeMax,
  };
}

/** The form as a key: equal keys have equal statements. */
export function formKey(form: PageForm): string {
  const { backward, after, before, orderName, filters, usual } = form;
  const bounds = `${backward ? "l" : "f"}${after ? "a" : ""}${before ? "b" : ""}`;
  return `${bounds} ${usual} ${orderName} ${Object.values(filters).join(",")}`;
}

export function filterOf(args: Arguments): Arguments {
  return (args["filter"] ?? {}) as Arguments;
}

/**
 * How many things a page holds.
 * @throws PlenumError `invalid` where neither or both of first and last are given, or not 1 to 100 (GQL-10)
 */
export function pageSize(args: Arguments): number {
  const { first, last } = args;
  if ((first == null) === (last == null)) throw invalid("first", "either first or last");
  const [name, size] = first == null ? (["last", last] as const) : (["first", first] as const);
  if (typeof size !== "number" || !Number.isInteger(size) || size < 1 || size > pageSizeMax) {
    throw invalid(name, `1 to ${pageSizeMax}`, size);
  }
  return size;
}

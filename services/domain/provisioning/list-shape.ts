import type { ListQuery } from "./provisioned";

/** What the text of a list's statements depends on. */
export function shapeOf({ where, keyset, orderBy, sortValue }: ListQuery): string {
  return [where, keyset, orderBy, sortValue].join("|");
}

/**
 * The count has no use for what only the page needs, but PostgreSQL wants to know the type of every value that it is
 * sent.
 */
export function typesOf({ where, values }: ListQuery): string {
  if (values.length === 0) return "";
  const named = new Set(where.match(/\$\d+/g));
  const unnamed = values.map((_, i) => `$${i + 2}`).filter((name) => !named.has(name));
  return unnamed.map((name) => ` and (${name}::text is null or true)`).join("");
}

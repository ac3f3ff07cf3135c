import type { Position } from "./cursor";
import type { Operand, Scope } from "./filter/operand";
import { sortExpression, sortKind, type Order } from "./sort";

/** The place of a walk in SQL: which rows follow, in which order they are read, and what the next cursor needs. */
export interface Keyset {
  readonly condition: string;
  readonly orderBy: string;
  readonly sortValue: string;
}

const casts: Readonly<Record<Operand["kind"], string>> = {
  text: "text",
  id: "text",
  boolean: "boolean",
  number: "numeric",
  instant: "timestamptz",
};

/**
 * The rows behind a position, or before it in reverse order: by value and id, so that rows which are created or deleted
 * during the walk make it neither skip nor repeat another (SCIM-134).
 */
export function keysetOf(order: Order | undefined, position: Position | undefined, scope: Scope): Keyset {
  const backwards = position?.direction === "previous";
  if (!order) return byCreation(position, backwards, scope);
  const value = sortExpression(order, scope);
  const cast = casts[sortKind(order)];
  const descending = order.descending !== backwards;
  const idSign = backwards ? "<" : ">";
  const condition = position ? behind({ value, cast, descending, idSign }, position, scope) : "true";
  // A missing value is last in ascending order, and so first in the reverse of it (SCIM-120).
  const direction = descending ? "desc nulls first" : "asc nulls last";
  const orderBy = `${value} ${direction}, m.id ${backwards ? "desc" : "asc"}`;
  return { condition, orderBy, sortValue: value };
}

// A comparison of whole rows is a range of the index; the same said with `or` would read the list from its beginning.
function byCreation(position: Position | undefined, backwards: boolean, { parameter }: Scope): Keyset {
  const [sign, direction] = backwards ? ["<", " desc"] : [">", ""];
  const place = (at: unknown, id: string) => `(${parameter(at)}::timestamptz, ${parameter(id)}::uuid)`;
  const condition = position ? `(m.created_at, m.id) ${sign} ${place(position.value, position.id)}` : "true";
  return { condition, orderBy: `m.created_at${direction}, m.id${direction}`, sortValue: "m.created_at" };
}

interface Side {
  readonly value: string;
  readonly cast: string;
  readonly descending: boolean;
  readonly idSign: string;
}

function behind({ value, cast, descending, idSign }: Side, position: Position, { parameter }: Scope): string {
  const id = `m.id ${idSign} ${parameter(position.id)}::uuid`;
  if (position.value === null) {
    const same = `(${value} is null and ${id})`;
    return descending ? `(${same} or ${value} is not null)` : same;
  }
  const given = `${parameter(position.value)}::${cast}`;
  const further = descending ? `${value} < ${given}` : `(${value} > ${given} or ${value} is null)`;
  return `(${further} or (${value} = ${given} and ${id}))`;
}

import type { ResourceType } from "./attributes/attribute";
import { findSub } from "./attributes/registry";
import { findTarget } from "./attribute-path";
import type { Operand, Scope } from "./filter/operand";
import { operandOf } from "./filter/operands";
import { relationOf } from "./filter/relations";
import type { Subject } from "./filter/filter";
import { invalidValue, shown } from "./refusal";

/** By what a list is ordered; the tie-break is always the id (SCIM-120). */
export interface Order {
  readonly subject: Subject;
  readonly descending: boolean;
}

/** Reads sortBy and sortOrder; without sortBy there is no order of the client's, and sortOrder is ignored. */
export function readOrder(
  type: ResourceType,
  sortBy: string | undefined,
  sortOrder: string | undefined,
): Order | undefined {
  if (sortBy === undefined || sortBy === "") return undefined;
  const direction = (sortOrder ?? "ascending").toLowerCase();
  if (direction !== "ascending" && direction !== "descending") {
    throw invalidValue(`sortOrder is ${shown(sortOrder)}, expected ascending or descending`);
  }
  const target = findTarget(type, sortBy);
  const leaf =
    target && !target.sub && target.attribute.type === "complex" ? findSub(target.attribute, "value") : undefined;
  const subject = leaf && target ? { ...target, sub: leaf } : target;
  if (!subject || !isSortable(subject)) {
    throw invalidValue(`sortBy is ${shown(sortBy)}, expected an attribute that has an order`);
  }
  return { subject, descending: direction === "descending" };
}

function isSortable({ attribute, sub }: Subject): boolean {
  const leaf = sub ?? attribute;
  return leaf.type !== "complex" && leaf.type !== "binary" && leaf.returned !== "never" && attribute.name !== "schemas";
}

/** The expression by which rows `m` are ordered: of many values the primary one, else the first. */
export function sortExpression({ subject }: Order, scope: Scope): string {
  if (!subject.attribute.multiValued) return ordered(operandOf(subject, scope));
  const relation = relationOf(subject, scope);
  const operand = relation.operand(subject.sub);
  const assigned = operand.nullable ? ` and ${operand.sql} is not null` : "";
  return `(select ${ordered(operand)} from ${relation.from}${assigned} order by ${relation.order} limit 1)`;
}

/** Of which type the values are by which rows are ordered. */
export function sortKind({ subject }: Order): Operand["kind"] {
  const { type, caseExact, stored } = subject.sub ?? subject.attribute;
  if (type === "boolean") return "boolean";
  if (type === "integer") return "number";
  if (type === "dateTime") return "instant";
  return caseExact && stored.in === "computed" ? "id" : "text";
}

function ordered(operand: Operand): string {
  return operand.kind === "text" || operand.kind === "id" ? `(${operand.key ?? operand.sql}) collate "C"` : operand.sql;
}

/** `order by` for the rows `m`: a missing value is last in ascending and first in descending order. */
export function orderBy(order: Order | undefined, scope: Scope): string {
  if (!order) return "m.created_at, m.id";
  const direction = order.descending ? "desc nulls first" : "asc nulls last";
  return `${sortExpression(order, scope)} ${direction}, m.id`;
}

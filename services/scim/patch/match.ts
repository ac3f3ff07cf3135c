import { foldKey } from "../../kernel/text";
import type { Attribute } from "../attributes/attribute";
import type { Comparison, Filter, Literal, Subject } from "../filter/filter";
import { readInstant } from "../instants";
import type { Complex, Simple } from "../values";

/** Whether one element of a list satisfies the filter of a path. Lists of a member are short; groups go to SQL. */
export function matches(filter: Filter, element: Complex | Simple): boolean {
  switch (filter.kind) {
    case "and":
      return filter.parts.every((part) => matches(part, element));
    case "or":
      return filter.parts.some((part) => matches(part, element));
    case "not":
      return !matches(filter.part, element);
    case "present":
      return isPresent(valueOf(filter.subject, element));
    case "compare": {
      const { subject, op, literal } = filter;
      return compares(subject.sub ?? subject.attribute, valueOf(subject, element), op, literal);
    }
    default:
      return false;
  }
}

function valueOf({ attribute, sub }: Subject, element: Complex | Simple): Simple | undefined {
  return typeof element === "object" ? element[(sub ?? attribute).name] : element;
}

function isPresent(value: Simple | undefined): boolean {
  return value !== undefined && value !== "";
}

function compares(attribute: Attribute, value: Simple | undefined, op: Comparison, literal: Literal): boolean {
  if (literal === null) return op === "eq" ? !isPresent(value) : isPresent(value);
  if (value === undefined) return op === "ne";
  const [a, b] = comparable(attribute, value, literal);
  return operators[op](a, b);
}

function comparable(
  attribute: Attribute,
  value: Simple,
  literal: Exclude<Literal, null>,
): [string | number, string | number] {
  if (literal instanceof Date) return [readInstant(String(value))?.getTime() ?? Number.NaN, literal.getTime()];
  if (typeof value === "string" && typeof literal === "string") {
    return attribute.caseExact ? [value, literal] : [foldKey(value), foldKey(literal)];
  }
  return [Number(value), Number(literal)];
}

type Test = (a: string | number, b: string | number) => boolean;

const operators: Readonly<Record<Comparison, Test>> = {
  eq: (a, b) => a === b,
  ne: (a, b) => a !== b,
  co: (a, b) => String(a).includes(String(b)),
  sw: (a, b) => String(a).startsWith(String(b)),
  ew: (a, b) => String(a).endsWith(String(b)),
  gt: (a, b) => a > b,
  ge: (a, b) => a >= b,
  lt: (a, b) => a < b,
  le: (a, b) => a <= b,
};

/**
 * The element that a filter of equalities describes: `type eq "work" and primary eq true`. Nothing where it says more
 * than that, because then nobody knows which element is meant (SCIM-155).
 */
export function describedBy(filter: Filter): Complex | undefined {
  if (filter.kind === "and") {
    const parts = filter.parts.map(describedBy);
    return parts.includes(undefined) ? undefined : (Object.assign({}, ...parts) as Complex);
  }
  if (filter.kind !== "compare" || filter.op !== "eq" || filter.literal === null || !filter.subject.sub)
    return undefined;
  const { literal } = filter;
  return { [filter.subject.sub.name]: literal instanceof Date ? literal.toISOString() : literal };
}

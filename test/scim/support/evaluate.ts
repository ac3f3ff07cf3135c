import type { Attribute, ResourceType } from "../../../services/scim/attributes/attribute";
import type { Comparison, Filter, Literal, Subject } from "../../../services/scim/filter/filter";

type Json = Record<string, unknown>;

/**
 * A filter evaluated on the documents that a client sees, as naively as RFC 7644 §3.4.2.2 and the table of SCIM-114 can
 * be written down. It shares the bound filter with the compiler and nothing else.
 */
export function evaluate(type: ResourceType, filter: Filter, document: Json): boolean {
  return holds(
    filter,
    (subject) => valuesAt(type, subject, document),
    (place) => elementsAt(type, place, document),
  );
}

type Look = (subject: Subject) => unknown[];

function holds(filter: Filter, look: Look, elements: (subject: Subject) => unknown[]): boolean {
  switch (filter.kind) {
    case "and":
      return filter.parts.every((part) => holds(part, look, elements));
    case "or":
      return filter.parts.some((part) => holds(part, look, elements));
    case "not":
      return !holds(filter.part, look, elements);
    case "never":
      return false;
    case "element":
      return elements(filter.place).some((element) =>
        holds(
          filter.part,
          ({ sub }) => listOf(sub ? (element as Json)[sub.name] : element),
          () => [],
        ),
      );
    case "present":
      return look(filter.subject).some(isPresent);
    case "compare":
      return compares(filter.subject.sub ?? filter.subject.attribute, look(filter.subject), filter.op, filter.literal);
  }
}

function valuesAt(type: ResourceType, { schema, attribute, sub }: Subject, document: Json): unknown[] {
  const home = schema === type.core ? document : ((document[schema.urn] ?? {}) as Json);
  const top = listOf(home[attribute.name]);
  return sub ? top.flatMap((value) => listOf((value as Json)[sub.name])) : top;
}

function elementsAt(type: ResourceType, { schema, attribute }: Subject, document: Json): unknown[] {
  const home = schema === type.core ? document : ((document[schema.urn] ?? {}) as Json);
  const value = home[attribute.name];
  // A single complex attribute without any value is still one element: its sub-attributes are all unassigned.
  return attribute.multiValued ? listOf(value) : [value ?? {}];
}

function listOf(value: unknown): unknown[] {
  return value === undefined ? [] : Array.isArray(value) ? value : [value];
}

function isPresent(value: unknown): boolean {
  if (typeof value === "object" && value !== null) return Object.values(value).some(isPresent);
  return value !== undefined && value !== null && value !== "";
}

function compares(attribute: Attribute, values: unknown[], op: Comparison, literal: Literal): boolean {
  if (literal === null) return op === "eq" ? !values.some(isPresent) : values.some(isPresent);
  if (op === "ne" && values.length === 0) return true;
  return values.some((value) => test(attribute, value, op, literal));
}

function test(attribute: Attribute, value: unknown, op: Comparison, literal: Exclude<Literal, null>): boolean {
  const [a, b] = sides(attribute, value, literal);
  switch (op) {
    case "eq":
      return order(a, b) === 0;
    case "ne":
      return order(a, b) !== 0;
    case "co":
      return String(a).includes(String(b));
    case "sw":
      return String(a).startsWith(String(b));
    case "ew":
      return String(a).endsWith(String(b));
    case "gt":
      return order(a, b) > 0;
    case "ge":
      return order(a, b) >= 0;
    case "lt":
      return order(a, b) < 0;
    case "le":
      return order(a, b) <= 0;
  }
}

type Side = string | number;

function sides(attribute: Attribute, value: unknown, literal: Exclude<Literal, null>): [Side, Side] {
  if (literal instanceof Date) return [Date.parse(String(value)), literal.getTime()];
  if (typeof literal === "string") {
    const key = (text: string) => (attribute.caseExact ? text : text.normalize("NFKC").toLowerCase().normalize("NFC"));
    return [key(String(value)), key(literal)];
  }
  return [Number(value), Number(literal)];
}

/** Code point by code point, as the database orders UTF-8. */
function order(a: Side, b: Side): number {
  if (typeof a === "number" || typeof b === "number") return Number(a) - Number(b);
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

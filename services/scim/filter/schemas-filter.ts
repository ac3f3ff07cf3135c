import { placesOf } from "../attributes/registry";
import type { Schema } from "../attributes/attribute";
import { foldKey } from "../../kernel/text";
import { enterpriseUser } from "../urns";
import type { Filter } from "./filter";
import type { Scope } from "./operand";
import { operandOf } from "./operands";

/**
 * `schemas` is not stored: a resource has its core schema and our own always, and an extension when it has data of it.
 * So each URN is held against the literal here, and SQL only asks which extensions have data.
 */
export function hasSchema(filter: Filter & { kind: "compare" | "present" }, scope: Scope): string {
  const urns = [scope.type.core, ...scope.type.extensions];
  if (filter.kind === "present" || filter.literal === null) {
    return filter.kind === "present" || filter.op === "ne" ? "true" : "false";
  }
  const matching = urns.filter(({ urn }) => matches(urn, filter.op, String(filter.literal)));
  if (matching.length === 0) return "false";
  return `(${matching.map((schema) => has(schema, scope)).join(" or ")})`;
}

function has(schema: Schema, scope: Scope): string {
  if (schema.urn !== enterpriseUser) return "true";
  const places = placesOf(scope.type).filter((place) => place.schema === schema);
  const tests = places.map((place) => {
    const sub = place.attribute.subAttributes?.find((s) => s.name === "value");
    return `${operandOf(sub ? { ...place, sub } : place, scope).sql} is not null`;
  });
  return `(${tests.join(" or ")})`;
}

function matches(urn: string, op: string, literal: string): boolean {
  const text = foldKey(urn);
  const wanted = foldKey(literal);
  switch (op) {
    case "eq":
      return text === wanted;
    case "ne":
      return text !== wanted;
    case "co":
      return text.includes(wanted);
    case "sw":
      return text.startsWith(wanted);
    case "ew":
      return text.endsWith(wanted);
    case "gt":
      return text > wanted;
    case "ge":
      return text >= wanted;
    case "lt":
      return text < wanted;
    default:
      return text <= wanted;
  }
}

import { foldKey } from "../../kernel/text";
import type { Place } from "../attributes/registry";
import type { Comparison, Filter, Literal, Subject } from "./filter";
import type { Operand, Scope } from "./operand";
import { operandOf } from "./operands";
import { Parameters } from "./parameters";
import { relationOf } from "./relations";
import { hasSchema } from "./schemas-filter";

/** A condition over the row `m` for a store: text with numbered parameters, and their values. */
export interface CompiledFilter {
  readonly text: string;
  readonly values: readonly unknown[];
}

export interface Compilation extends Omit<Scope, "parameter"> {
  /** How many parameters the statement around it has already. */
  readonly parametersBefore: number;
}

/** Compiles a filter to SQL (SCIM-116): every value is a parameter, nothing is read into memory. */
export function compileFilter(filter: Filter, compilation: Compilation): CompiledFilter {
  return settled(compilation, (scope) => filterText(filter, scope));
}

/** The condition over `m` for a statement that collects its parameters itself. */
export function filterText(filter: Filter, scope: Scope): string {
  return condition(filter, scope, { negated: false });
}

/** Compiles the filter between the brackets of a PATCH path: a condition over the one element `v`. */
export function compileEdgeFilter(filter: Filter, place: Place, compilation: Compilation): CompiledFilter {
  return settled(compilation, (scope) => {
    const relation = relationOf(place, scope);
    return condition(filter, scope, { negated: false, element: ({ sub }) => relation.operand(sub) });
  });
}

function settled(compilation: Compilation, make: (scope: Scope) => string): CompiledFilter {
  const parameters = new Parameters(compilation.parametersBefore);
  const text = make({ ...compilation, parameter: parameters.add });
  const { texts, values } = parameters.settle([text]);
  return { text: texts[0] ?? "", values };
}

/**
 * Inside `not`, unknown must not stay unknown: SQL's null would make `not (title eq "x")` false for members without a
 * title, where SCIM means true. Outside, null already counts as false, and the bare comparison keeps its index.
 */
interface Mode {
  readonly negated: boolean;
  /** Set inside `attr[…]`: the operands of the one element. */
  readonly element?: (subject: Subject) => Operand;
}

function condition(filter: Filter, scope: Scope, mode: Mode): string {
  switch (filter.kind) {
    case "and":
    case "or":
      return `(${filter.parts.map((part) => condition(part, scope, mode)).join(` ${filter.kind} `)})`;
    case "not":
      return `not ${condition(filter.part, scope, { ...mode, negated: true })}`;
    case "never":
      return mode.negated ? "true" : "false";
    case "element":
      return elementCondition(filter, scope, mode);
    default:
      return leafCondition(filter, scope, mode);
  }
}

function elementCondition({ place, part }: Filter & { kind: "element" }, scope: Scope, mode: Mode): string {
  // The sub-attributes of a single complex attribute are one element by nature.
  if (!place.attribute.multiValued) return condition(part, scope, mode);
  const relation = relationOf(place, scope);
  const element = ({ sub }: Subject) => relation.operand(sub);
  return `exists (select 1 from ${relation.from} and ${condition(part, scope, { ...mode, element })})`;
}

function leafCondition(filter: Filter & { kind: "compare" | "present" }, scope: Scope, mode: Mode): string {
  const { subject } = filter;
  if (mode.element) return single(filter, mode.element(subject), scope, mode);
  if (subject.attribute.name === "schemas" && !subject.schema.urn.includes("extension"))
    return hasSchema(filter, scope);
  if (subject.attribute.multiValued) return anyElement(filter, scope);
  if (filter.kind === "present" && subject.attribute.type === "complex" && !subject.sub) return anyPart(subject, scope);
  return single(filter, operandOf(subject, scope), scope, mode);
}

/** `name pr`: any of its sub-attributes has a value (SCIM-114). */
function anyPart(subject: Subject, scope: Scope): string {
  const parts = subject.attribute.subAttributes ?? [];
  return `(${parts.map((sub) => present(operandOf({ ...subject, sub }, scope))).join(" or ")})`;
}

/** A condition that any element may satisfy; `ne` is also true when there is no value (SCIM-112, SCIM-114). */
function anyElement(filter: Filter & { kind: "compare" | "present" }, scope: Scope): string {
  const relation = relationOf(filter.subject, scope);
  const { sub } = filter.subject;
  const exists = (test: string) => `exists (select 1 from ${relation.from} and ${test})`;
  if (filter.kind === "present" && filter.subject.attribute.type === "complex" && !sub) return exists("true");
  const operand = relation.operand(sub);
  if (filter.kind === "present") return exists(present(operand));
  if (filter.literal === null) return filter.op === "eq" ? `not ${exists(present(operand))}` : exists(present(operand));
  if (filter.op !== "ne") return exists(compare(operand, filter.op, filter.literal, scope));
  return `(${exists(compare(operand, "ne", filter.literal, scope))} or not ${exists(assigned(operand))})`;
}

function single(filter: Filter & { kind: "compare" | "present" }, operand: Operand, scope: Scope, mode: Mode): string {
  if (filter.kind === "present") return present(operand);
  if (filter.literal === null) return filter.op === "eq" ? `not ${present(operand)}` : present(operand);
  if (filter.op === "ne") return `(not ${assigned(operand)} or ${compare(operand, "ne", filter.literal, scope)})`;
  const test = compare(operand, filter.op, filter.literal, scope);
  return mode.negated && operand.nullable ? `coalesce(${test}, false)` : test;
}

/** Assigned, and not the empty string (SCIM-114). */
function present({ kind, sql, nullable }: Operand): string {
  if (kind === "text") return nullable ? `(coalesce(${sql}, '') <> '')` : `(${sql} <> '')`;
  return nullable ? `(${sql} is not null)` : "true";
}

function assigned({ sql, nullable }: Operand): string {
  return nullable ? `(${sql} is not null)` : "true";
}

const signs: Readonly<Partial<Record<Comparison, string>>> = {
  eq: "=",
  ne: "<>",
  gt: ">",
  ge: ">=",
  lt: "<",
  le: "<=",
};

function compare(operand: Operand, op: Comparison, literal: Exclude<Literal, null>, scope: Scope): string {
  if (operand.kind === "id" && (op === "eq" || op === "ne")) return compareId(operand, op, String(literal), scope);
  if (typeof literal === "string") return compareText(operand, op, literal, scope);
  if (typeof literal === "boolean") return `(${operand.sql} ${signs[op]} ${literal})`;
  const cast = operand.kind === "instant" ? "timestamptz" : "numeric";
  return `(${operand.sql} ${signs[op]} ${scope.parameter(literal)}::${cast})`;
}

function compareId({ matchId }: Operand, op: "eq" | "ne", text: string, { parameter }: Scope): string {
  const match = matchId?.(text, parameter) ?? "false";
  return op === "eq" ? match : `(not ${match})`;
}

/**
 * Texts are compared by code point, folded where case does not count. No pattern is ever built, so `%` and `_` are
 * letters like any other.
 */
function compareText(operand: Operand, op: Comparison, literal: string, scope: Scope): string {
  const ignoresCase = operand.key !== undefined;
  const wanted = ignoresCase ? foldKey(literal) : literal;
  const nul = wanted.indexOf("\u0000");
  if (nul >= 0) return compareWithNul(operand, op, wanted.slice(0, nul), scope);
  if (op === "eq" && operand.equals) return operand.equals(wanted, scope.parameter);
  const text = operand.key ?? operand.sql;
  const given = `${scope.parameter(wanted)}::text`;
  switch (op) {
    case "co":
      return `(position(${given} in ${text}) > 0)`;
    case "sw":
      return startsWith(operand, text, given, wanted, scope);
    case "ew":
      return `(right(${text}, length(${given})) = ${given})`;
    case "eq":
    case "ne":
      return `(${text} ${signs[op]} ${given})`;
    default:
      return `(${text} collate "C" ${signs[op]} ${given})`;
  }
}

// Under row security only leak-proof operators reach the index: a range does, a pattern does not (ruling d4).
function startsWith(operand: Operand, text: string, given: string, wanted: string, { parameter }: Scope): string {
  const end = operand.keyIsColumn ? afterPrefix(wanted) : undefined;
  if (end === undefined) return `starts_with(${text}, ${given})`;
  return `(${text} >= ${given} and ${text} < ${parameter(end)}::text)`;
}

/** The first text in code point order behind all that begin with the prefix. */
export function afterPrefix(prefix: string): string | undefined {
  const points = Array.from(prefix, (c) => c.codePointAt(0) as number);
  const last = points.pop();
  if (last === undefined || last >= 0x10ffff) return undefined;
  const next = last + 1 === 0xd800 ? 0xe000 : last + 1;
  return String.fromCodePoint(...points, next);
}

/** PostgreSQL keeps no NUL, so that nothing equals a text with one; its place in the order is right behind its head. */
function compareWithNul(operand: Operand, op: Comparison, head: string, scope: Scope): string {
  if (op === "ne") return "true";
  if (op === "eq" || op === "co" || op === "sw" || op === "ew") return "false";
  const sign = op === "gt" || op === "ge" ? ">" : "<=";
  return `(${operand.key ?? operand.sql} collate "C" ${sign} ${scope.parameter(head)}::text)`;
}

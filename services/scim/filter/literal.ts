import type { Attribute } from "../attributes/attribute";
import { readInstant } from "../instants";
import { invalidFilter, shown } from "../refusal";
import type { Binding } from "./binding";
import type { Comparison, Literal } from "./filter";

const equality: ReadonlySet<Comparison> = new Set(["eq", "ne"]);
const ordering: ReadonlySet<Comparison> = new Set(["gt", "ge", "lt", "le"]);

/** The literal in the attribute's own type; what cannot be compared is refused (SCIM-114, RFC 7644 §3.4.2.2). */
export function literalOf(
  attribute: Attribute,
  op: Comparison,
  given: string | number | boolean | null,
  path: string,
  binding: Binding,
): Literal {
  if (given === null) {
    if (!equality.has(op)) throw invalidFilter(`${path} ${op} null has no meaning, only eq and ne have`);
    return null;
  }
  checkOperator(attribute, op, path);
  const literal = converted(attribute, given, binding);
  if (literal === undefined) {
    throw invalidFilter(`${path} is compared with ${shown(given)}, expected ${expectedOf(attribute)}`);
  }
  return literal;
}

function checkOperator({ type }: Attribute, op: Comparison, path: string): void {
  const fits =
    equality.has(op) ||
    (ordering.has(op) ? type !== "boolean" && type !== "binary" : type === "string" || type === "reference");
  if (!fits) throw invalidFilter(`${path} is of type ${type}, for which ${op} has no meaning`);
}

function converted(
  { type }: Attribute,
  given: string | number | boolean,
  { dialect, trail }: Binding,
): Literal | undefined {
  const coerced = (to: boolean | number) => {
    trail.coerce("filter", "coerceScalars", given, to);
    return to;
  };
  if (type === "boolean") {
    if (typeof given === "boolean") return given;
    const word = typeof given === "string" ? given.toLowerCase() : "";
    return dialect.coerceScalars && (word === "true" || word === "false") ? coerced(word === "true") : undefined;
  }
  if (type === "integer") {
    if (typeof given === "number") return Number.isFinite(given) ? given : undefined;
    const isNumber = typeof given === "string" && dialect.coerceScalars && /^-?\d{1,15}$/.test(given);
    return isNumber ? coerced(Number(given)) : undefined;
  }
  if (typeof given !== "string") return undefined;
  return type === "dateTime" ? readInstant(given) : given;
}

function expectedOf({ type }: Attribute): string {
  if (type === "boolean") return "true or false";
  if (type === "integer") return "a number";
  return type === "dateTime" ? "a date-time such as 2026-01-31T09:30:00Z" : "a string in double quotes";
}

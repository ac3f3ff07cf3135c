import { isWellFormed } from "../kernel/text";
import type { Attribute } from "./attributes/attribute";
import { readInstant } from "./instants";
import type { Reading } from "./reading";
import { invalidValue, shown } from "./refusal";
import { fitsIndex, type Simple } from "./values";

/** One scalar of the attribute's type, coerced where the dialect allows it (SCIM-074). */
export function readSimple(attribute: Attribute, input: unknown, path: string, reading: Reading): Simple {
  switch (attribute.type) {
    case "boolean":
      return readBoolean(attribute, input, path, reading);
    case "integer":
      return readInteger(attribute, input, path, reading);
    default:
      return readText(attribute, input, path, reading);
  }
}

const flags: Readonly<Record<string, boolean>> = { true: true, false: false };

// Entra sends "True" and "False" in PATCH; RFC 7643 §2.3.2 knows only true and false.
function readBoolean(attribute: Attribute, input: unknown, path: string, { dialect, trail }: Reading): boolean {
  if (typeof input === "boolean") return input;
  const word = typeof input === "string" ? input.trim().toLowerCase() : "";
  const flag = dialect.coerceScalars && Object.hasOwn(flags, word) ? flags[word] : undefined;
  if (flag === undefined) throw wrongType(attribute, input, path, "true or false");
  trail.coerce(path, "coerceScalars", input, flag);
  return flag;
}

function readInteger(attribute: Attribute, input: unknown, path: string, { dialect, trail }: Reading): number {
  if (Number.isSafeInteger(input)) return input as number;
  if (!dialect.coerceScalars || typeof input !== "string" || !/^-?\d{1,15}$/.test(input)) {
    throw wrongType(attribute, input, path, "an integer");
  }
  trail.coerce(path, "coerceScalars", input, Number(input));
  return Number(input);
}

const base64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
const absoluteUri = /^[A-Za-z][A-Za-z0-9+.-]*:[^\s]+$/;

function readText(attribute: Attribute, input: unknown, path: string, reading: Reading): string {
  if (typeof input !== "string") throw wrongType(attribute, input, path, "a string");
  // PostgreSQL keeps neither NUL nor half a surrogate pair; refused here rather than altered there.
  if (!isWellFormed(input) || input.includes("\u0000")) throw wrongType(attribute, input, path, "well-formed text");
  if (input.length > attribute.maxLength) {
    throw invalidValue(`${path} has ${input.length} characters, at most ${attribute.maxLength} are allowed`);
  }
  checkForm(attribute, input, path, reading);
  return canonical(attribute, input, path);
}

function checkForm(attribute: Attribute, input: string, path: string, { dialect, trail }: Reading): void {
  if (attribute.type === "dateTime" && readInstant(input) === undefined) {
    throw wrongType(attribute, input, path, "a date-time such as 2026-01-31T09:30:00Z");
  }
  if (attribute.type === "binary" && !base64.test(input)) throw wrongType(attribute, input, path, "base64 text");
  if (attribute.type === "reference" && attribute.referenceTypes?.includes("external") && !absoluteUri.test(input)) {
    if (!dialect.looseReferences) throw wrongType(attribute, input, path, "an absolute URI");
    trail.warn(path, "not an absolute URI; kept as received");
  }
  if (isKeyed(attribute) && !fitsIndex(input)) throw invalidValue(`${path} is too long to be looked up`);
}

// A value of a closed set in another case is the same value (SCIM-070); a suggestion may be anything.
function canonical(attribute: Attribute, input: string, path: string): string {
  if (!attribute.closed) return input;
  const match = attribute.canonicalValues?.find((v) => v.toLowerCase() === input.toLowerCase());
  if (match === undefined) {
    throw invalidValue(`${path} is ${shown(input)}, expected one of ${attribute.canonicalValues?.join(", ")}`);
  }
  return match;
}

function isKeyed({ stored, caseExact }: Attribute): boolean {
  const inColumn = stored.in === "column" && stored.key !== undefined;
  const inRow = stored.in === "row" && stored.part === "value" && !caseExact;
  return inColumn || inRow || stored.in === "link";
}

function wrongType(attribute: Attribute, input: unknown, path: string, expected: string): Error {
  // What must never be returned must not come back in a sentence either (SCIM-075).
  const received = attribute.returned === "never" ? "the value received" : shown(input);
  return invalidValue(`${path} is ${received}, expected ${expected}`);
}

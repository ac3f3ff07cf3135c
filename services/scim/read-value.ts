import type { Attribute } from "./attributes/attribute";
import { findSub } from "./attributes/registry";
import { normalElements } from "./elements";
import type { Reading } from "./reading";
import { readSimple } from "./read-simple";
import { invalidSyntax, invalidValue, shown } from "./refusal";
import type { Complex, Simple, Value } from "./values";

/** Sub-attributes as given: null clears one. */
export type Parts = Readonly<Record<string, Simple | null>>;

/** The value of one attribute, or null where the client says that it has none (SCIM-071). */
export function readValue(attribute: Attribute, input: unknown, path: string, reading: Reading): Value | null {
  if (isUnassigned(input, path, reading)) return null;
  if (attribute.multiValued) return readList(attribute, input, path, reading);
  if (attribute.type === "complex") return compact(readParts(attribute, input, path, reading));
  return readSingle(attribute, input, path, reading);
}

/** null and [] mean unassigned to everybody, "" to tolerant dialects. */
export function isUnassigned(input: unknown, path: string, { dialect, trail }: Reading): boolean {
  if (input === null || input === undefined || (Array.isArray(input) && input.length === 0)) return true;
  if (input !== "" || !dialect.emptyStringClears) return false;
  trail.coerce(path, "emptyStringClears", "", null);
  return true;
}

/** A single simple value; tolerant dialects take it out of `[{"$ref":null,"value":"x"}]` (SCIM-EN14). */
export function readSingle(attribute: Attribute, input: unknown, path: string, reading: Reading): Simple | null {
  const inner = unwrapped(input);
  if (inner === input || !reading.dialect.scalarForComplex) return readSimple(attribute, input, path, reading);
  reading.trail.coerce(path, "scalarForComplex", input, inner);
  return isUnassigned(inner, path, reading) ? null : readSimple(attribute, inner, path, reading);
}

function unwrapped(input: unknown): unknown {
  const one = Array.isArray(input) && input.length === 1 ? (input[0] as unknown) : input;
  const value = isObject(one) ? Object.entries(one).find(([key]) => key.toLowerCase() === "value") : undefined;
  return value ? value[1] : isObject(one) ? input : one;
}

/** The sub-attributes of a complex value, nulls kept so that a merge can clear. */
export function readParts(attribute: Attribute, input: unknown, path: string, reading: Reading): Parts {
  const object = asObject(attribute, input, path, reading);
  const parts: Record<string, Simple | null> = {};
  for (const [key, value] of distinctEntries(object, path)) {
    const sub = findSub(attribute, key);
    if (!sub) {
      unknownAttribute(`${path}.${key}`, reading);
      continue;
    }
    if (isIgnored(attribute, sub)) continue;
    const at = `${path}.${sub.name}`;
    parts[sub.name] = isUnassigned(value, at, reading) ? null : readSingle(sub, value, at, reading);
  }
  return parts;
}

// `display` of a member is the server's, `$ref` follows from `value` (SCIM-073, SCIM-161).
function isIgnored(attribute: Attribute, sub: Attribute): boolean {
  return sub.mutability === "readOnly" || (attribute.stored.in === "edges" && sub.name === "$ref");
}

function asObject(attribute: Attribute, input: unknown, path: string, { dialect, trail }: Reading): object {
  if (isObject(input)) return input;
  const one = Array.isArray(input) && input.length === 1 ? (input[0] as unknown) : input;
  const object = isObject(one) ? one : asValue(attribute, one);
  if (!object || !dialect.scalarForComplex) throw invalidValue(`${path} is ${shown(input)}, expected an object`);
  trail.coerce(path, "scalarForComplex", input, object);
  return object;
}

/** `"m"` as `{"value": "m"}`, and Entra's role as JSON text as the object that it describes (SCIM-EN10, SCIM-EN12). */
function asValue(attribute: Attribute, input: unknown): object | undefined {
  if (!findSub(attribute, "value") || typeof input === "object" || input === undefined) return undefined;
  return { value: input };
}

function readList(attribute: Attribute, input: unknown, path: string, reading: Reading): Value | null {
  const list = Array.isArray(input) ? (input as unknown[]) : wrapped(input, path, reading);
  if (attribute.type !== "complex") {
    const simples = list
      .map((item, i) =>
        isUnassigned(item, `${path}[${i}]`, reading) ? null : readSingle(attribute, item, `${path}[${i}]`, reading),
      )
      .filter((value) => value !== null);
    return simples.length === 0 ? null : [...new Set(simples)];
  }
  const elements = list
    .map((item, i) => readElement(attribute, item, `${path}[${i}]`, reading))
    .filter((e) => e !== null);
  const normal = normalElements(attribute, elements, path, reading);
  return normal.length === 0 ? null : normal;
}

function wrapped(input: unknown, path: string, { dialect, trail }: Reading): unknown[] {
  if (!dialect.scalarForComplex) throw invalidValue(`${path} is ${shown(input)}, expected an array`);
  trail.coerce(path, "scalarForComplex", input, [input]);
  return [input];
}

/** One element of a multi-valued complex attribute; null when nothing is in it. */
export function readElement(attribute: Attribute, input: unknown, path: string, reading: Reading): Complex | null {
  if (isUnassigned(input, path, reading)) return null;
  const element = compact(readParts(attribute, fromJsonText(attribute, input, path, reading), path, reading));
  if (attribute.stored.in === "edges" && element?.["value"] === undefined) {
    throw invalidValue(`${path} has no value, expected the id of a User or Group`);
  }
  return element;
}

// Entra's SingleAppRoleAssignment puts a whole JSON object into the text of a role's value (SCIM-EN12).
function fromJsonText(attribute: Attribute, input: unknown, path: string, { dialect, trail }: Reading): unknown {
  const text = isObject(input) ? (input as Record<string, unknown>)["value"] : input;
  const mayBeText = attribute.name === "roles" || attribute.name === "entitlements";
  if (!mayBeText || !dialect.scalarForComplex || typeof text !== "string" || !text.trimStart().startsWith("{"))
    return input;
  const read = parseRole(text);
  if (!read) return input;
  const element = { ...(isObject(input) ? input : {}), ...read };
  trail.coerce(path, "scalarForComplex", input, element);
  return element;
}

function parseRole(text: string): { value: unknown; display?: unknown } | undefined {
  try {
    const role = JSON.parse(text) as { value?: unknown; displayName?: unknown };
    if (typeof role.value !== "string") return undefined;
    return typeof role.displayName === "string"
      ? { value: role.value, display: role.displayName }
      : { value: role.value };
  } catch {
    return undefined;
  }
}

/** Parts without the cleared ones; null when nothing is left. */
export function compact(parts: Parts): Complex | null {
  const given = Object.entries(parts).filter((entry): entry is [string, Simple] => entry[1] !== null);
  return given.length === 0 ? null : Object.fromEntries(given);
}

export function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The entries of an object; two keys that differ in case only would be one attribute twice (SCIM-070). */
export function distinctEntries(object: object, path: string): [string, unknown][] {
  const entries = Object.entries(object) as [string, unknown][];
  const seen = new Set<string>();
  for (const [key] of entries) {
    const name = key.toLowerCase();
    if (seen.has(name)) throw invalidSyntax(`${path || "the body"} has the key ${shown(key)} twice`);
    seen.add(name);
  }
  return entries;
}

/** What happens with an attribute that nobody knows (SCIM-076). */
export function unknownAttribute(path: string, { dialect, trail }: Reading): void {
  if (dialect.unknownAttributes === "refuse") throw invalidSyntax(`unknown attribute ${shown(path)}`);
  trail.warn(path, "unknown attribute; ignored");
}

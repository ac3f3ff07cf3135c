import type { ResourceType, Schema } from "./attributes/attribute";
import { findPlace, findSchema, placesOf, type Place } from "./attributes/registry";
import { invalidSyntax, invalidValue, shown } from "./refusal";
import { distinctEntries, isObject, readValue, unknownAttribute } from "./read-value";
import type { Reading } from "./reading";
import { sameUrn } from "./urns";
import type { Value } from "./values";

/** The attributes that a body names, by `Place.key`; null means that it clears the attribute. */
export type Given = ReadonlyMap<string, Value | null>;

/**
 * Reads the body of a POST or PUT: names folded, values of the right type, read-only attributes left out (SCIM-070 to
 * SCIM-078). An attribute that the body does not name is not in the answer.
 */
export function readResource(type: ResourceType, body: object, reading: Reading): Given {
  const entries = distinctEntries(body, "");
  checkSchemas(type, entries, reading);
  const given = new Map<string, Value | null>();
  for (const [key, value] of entries) readEntry(type, key, value, given, reading);
  for (const place of placesOf(type)) checkRequired(place, given);
  return given;
}

function readEntry(
  type: ResourceType,
  key: string,
  input: unknown,
  given: Map<string, Value | null>,
  reading: Reading,
): void {
  if (key.toLowerCase() === "schemas") return;
  const schema = findSchema(type, key);
  if (schema) return readExtension(type, schema, input, given, reading);
  const place = findPlace(type, key);
  if (!place) return unknownAttribute(key, reading);
  readPlace(place, input, key, given, reading);
}

/** An extension's object; also the core's own URN used as if it were one (SCIM-077). */
function readExtension(
  type: ResourceType,
  schema: Schema,
  input: unknown,
  given: Map<string, Value | null>,
  reading: Reading,
): void {
  if (input === null) return clearExtension(type, schema, given);
  if (!isObject(input)) throw invalidValue(`${schema.urn} is ${shown(input)}, expected an object`);
  const entries = distinctEntries(input, schema.urn);
  for (const [key, value] of entries) {
    const place = findPlace(type, key, schema.urn);
    if (place) readPlace(place, value, `${schema.urn}:${key}`, given, reading);
    else unknownAttribute(`${schema.urn}:${key}`, reading);
  }
}

function clearExtension(type: ResourceType, schema: Schema, given: Map<string, Value | null>): void {
  if (schema === type.core) return;
  for (const place of placesOf(type)) {
    if (place.schema === schema && place.attribute.mutability === "readWrite") given.set(place.key, null);
  }
}

function readPlace(
  { attribute, key }: Place,
  input: unknown,
  as: string,
  given: Map<string, Value | null>,
  reading: Reading,
): void {
  if (attribute.mutability === "readOnly" || attribute.name === "schemas") return;
  if (given.has(key)) throw invalidSyntax(`${shown(as)} stands twice in the body`);
  const path = key;
  // userName "" is no name in any dialect (SCIM-071).
  const value = attribute.required && input === "" ? null : readValue(attribute, input, path, reading);
  if (attribute.stored.in !== "nowhere") given.set(key, value);
}

function checkSchemas(type: ResourceType, entries: readonly [string, unknown][], { dialect, trail }: Reading): void {
  const named = entries.find(([key]) => key.toLowerCase() === "schemas");
  if (!named || named[1] === null) {
    if (dialect.missingSchemas === "refuse") throw invalidSyntax(`schemas is missing, expected ["${type.core.urn}"]`);
    return trail.coerce("schemas", "missingSchemas", null, [type.core.urn]);
  }
  const urns = named[1];
  if (!Array.isArray(urns) || !urns.every((urn): urn is string => typeof urn === "string")) {
    throw invalidSyntax(`schemas is ${shown(urns)}, expected an array of URNs`);
  }
  if (!urns.some((urn) => sameUrn(urn, type.core.urn))) {
    throw invalidSyntax(`schemas is ${shown(urns)}, expected it to name ${type.core.urn}`);
  }
  // Entra names its own Group schema beside the RFC's (SCIM-EN16).
  for (const urn of urns) if (!findSchema(type, urn)) trail.warn("schemas", `unknown schema ${shown(urn)}; ignored`);
}

// Control characters make two names look alike; blanks alone are no name.
const unseen = /[\u0000-\u001f\u007f]/;

/** What a required attribute must be: assigned, and where it is a name, one that can be seen. */
export function checkRequired({ attribute, key }: Place, values: ReadonlyMap<string, unknown>): void {
  if (!attribute.required) return;
  const value = values.get(key);
  if (value === undefined || value === null) throw invalidValue(`${key} is required`);
  if (typeof value === "string" && (value.trim() === "" || unseen.test(value))) {
    throw invalidValue(`${key} is ${shown(value)}, expected 1 to ${attribute.maxLength} visible characters`);
  }
}

import type { ResourceType, Schema } from "../attributes/attribute";
import { findPlace, findSchema, placesOf, type Place } from "../attributes/registry";
import { distinctEntries, isObject, unknownAttribute } from "../read-value";
import type { Reading } from "../reading";
import { checkRequired } from "../read-resource";
import { invalidPath, invalidSyntax, invalidValue, mutability, noTarget, ScimRefusal, shown } from "../refusal";
import { sameUrn } from "../urns";
import type { Values } from "../values";
import { applyList } from "./apply-list";
import { applyMembers } from "./apply-members";
import { applySingle } from "./apply-single";
import { Draft } from "./draft";
import type { MembersStep } from "./members-step";
import type { Operation } from "./operation";
import { readPatchPath, type PatchTarget } from "./patch-path";

/** What a PATCH comes to: the resource as it shall be, and what happens to a group's members, in order. */
export interface PatchPlan {
  readonly values: Values;
  readonly steps: readonly MembersStep[];
}

/**
 * Applies operations one after the other to what the resource is now (SCIM-151). Nothing is written here: a refusal of
 * operation k leaves nothing of those before it.
 */
export function planPatch(
  type: ResourceType,
  current: Values,
  operations: readonly Operation[],
  reading: Reading,
): PatchPlan {
  const draft = new Draft(type, current, reading);
  for (const operation of operations) inPlace(operation, () => applyOperation(draft, operation));
  for (const place of placesOf(type)) checkRequired(place, draft.values);
  return { values: draft.values, steps: draft.steps };
}

function inPlace(operation: Operation, apply: () => void): void {
  try {
    apply();
  } catch (error) {
    throw error instanceof ScimRefusal ? error.at(operation.where) : error;
  }
}

function applyOperation(draft: Draft, operation: Operation): void {
  if (operation.path === undefined) return applyPathless(draft, operation);
  const target = readPatchPath(draft.type, operation.path, draft.reading);
  if (target.kind === "unknown") return unknownPath(draft, target.path);
  applyTarget(draft, operation, target);
}

function unknownPath({ reading }: Draft, path: string): void {
  if (reading.dialect.unknownPaths === "refuse") throw invalidPath(`unknown attribute ${shown(path)}`);
  reading.trail.warn(path, "unknown attribute; ignored");
}

function applyTarget(draft: Draft, operation: Operation, target: Exclude<PatchTarget, { kind: "unknown" }>): void {
  if (target.kind === "extension") return applyExtension(draft, operation, target.schema);
  const { place, sub, filter } = target;
  const { attribute } = place;
  if (attribute.name === "schemas") return applySchemas(draft, operation);
  if (attribute.mutability === "readOnly" || sub?.mutability === "readOnly") {
    throw mutability(`${place.key}${sub ? `.${sub.name}` : ""} is read-only`);
  }
  if (attribute.stored.in === "nowhere") return;
  if (attribute.stored.in === "edges") {
    if (sub && sub.name !== "value") throw mutability(`${place.key}.${sub.name} cannot be changed`);
    return applyMembers(draft, operation, place, filter);
  }
  if (attribute.multiValued) return applyList(draft, operation, target);
  applySingle(draft, operation, place, sub);
}

/** Each key of the value is an operation of its own, in their order (SCIM-160). */
function applyPathless(draft: Draft, operation: Operation): void {
  const { dialect } = draft.reading;
  if (dialect.pathlessPatch === "refuse") throw invalidSyntax("an operation needs a path in this dialect");
  if (operation.op === "remove" && (dialect.pathlessRemove === "refuse" || !isObject(operation.value))) {
    throw noTarget("remove needs a path");
  }
  if (!isObject(operation.value))
    throw invalidValue(`without a path, value is ${shown(operation.value)}, expected an object`);
  for (const [key, value] of distinctEntries(operation.value, "value")) applyKey(draft, operation, key, value);
}

function applyKey(draft: Draft, operation: Operation, key: string, value: unknown): void {
  const { type, reading } = draft;
  const schema = findSchema(type, key);
  const inner = { ...operation, path: key, value };
  if (schema) return applyExtension(draft, inner, schema);
  const place = findPlace(type, key);
  if (!place && reading.dialect.dottedKeys === "refuse") return unknownAttribute(key, reading);
  const target = place ? ({ kind: "attribute", place } as const) : targetOfKey(draft, key);
  if (target.kind === "unknown") return unknownAttribute(key, reading);
  if (target.kind === "attribute" && isLeftAlone(target.place)) return;
  applyTarget(draft, inner, target);
}

// A role, a licence and whether somebody may sign in are states: they end when named, not with everything around them.
function isState({ attribute }: Place): boolean {
  return attribute.stored.in === "computed";
}

// Okta sends `id` when it renames a group, authentik the whole object (SCIM-158).
function isLeftAlone({ attribute }: Place): boolean {
  return attribute.mutability === "readOnly" || attribute.name === "schemas";
}

function targetOfKey(draft: Draft, key: string): PatchTarget {
  try {
    return readPatchPath(draft.type, key, draft.reading);
  } catch (error) {
    // A key that is no path is an attribute that nobody knows; a filter that is wrong stays wrong.
    if (error instanceof ScimRefusal && error.scimType === "invalidPath") return { kind: "unknown", path: key };
    throw error;
  }
}

/** The URN as path: its keys are merged, replaced or cleared as a whole (SCIM-159). */
function applyExtension(draft: Draft, operation: Operation, schema: Schema): void {
  const { type } = draft;
  const own = placesOf(type).filter((place) => place.schema === schema && !isLeftAlone(place) && !isState(place));
  if (operation.op === "remove" && !isObject(operation.value)) {
    if (schema === type.core) throw mutability(`${schema.urn} cannot be removed`);
    return own.forEach((place) => draft.set(place.key, null));
  }
  if (operation.value === null && schema !== type.core) return own.forEach((place) => draft.set(place.key, null));
  if (!isObject(operation.value)) throw invalidValue(`${schema.urn} is ${shown(operation.value)}, expected an object`);
  const entries = distinctEntries(operation.value, schema.urn);
  const named = new Set(entries.map(([key]) => key.toLowerCase()));
  // The core named as if it were an extension is merged: replacing it whole would strip the member bare.
  if (operation.op === "replace" && schema !== type.core) {
    for (const place of own) if (!named.has(place.attribute.name.toLowerCase())) draft.set(place.key, null);
  }
  for (const [key, value] of entries) {
    const place = findPlace(type, key, schema.urn);
    if (!place) unknownAttribute(`${schema.urn}:${key}`, draft.reading);
    else if (!isLeftAlone(place)) applyTarget(draft, { ...operation, value }, { kind: "attribute", place });
  }
}

/** `schemas` follows from the data; only taking an extension out of it does something (13.3). */
function applySchemas(draft: Draft, { op, value }: Operation): void {
  const { type } = draft;
  const urns = Array.isArray(value) ? value : [value];
  const known = urns.map((urn) => (typeof urn === "string" ? findSchema(type, urn) : undefined));
  if (value === undefined || known.includes(undefined)) {
    throw op === "remove"
      ? mutability("schemas cannot be removed")
      : invalidValue(`schemas is ${shown(value)}, expected known URNs`);
  }
  const namesCore = urns.some((urn) => sameUrn(String(urn), type.core.urn));
  if (op === "remove" ? namesCore : op === "replace" && !namesCore) throw mutability(`schemas keeps ${type.core.urn}`);
  if (op !== "remove") return;
  for (const place of placesOf(type))
    if (known.includes(place.schema) && !isLeftAlone(place)) draft.set(place.key, null);
}

import type { Attribute, ResourceType, Schema } from "./attributes/attribute";
import { placesOf, type Place } from "./attributes/registry";
import type { Selection } from "./projection";
import { elementsOf, isComplex, type Complex, type Value, type Values } from "./values";

/** A resource as it goes over the wire; keys in the spelling of the schema, nothing unassigned (SCIM-026). */
export type Document = Record<string, unknown>;

/**
 * Writes a resource: `schemas` first, then the core, each extension under its URN, `meta` last. `values` holds what is
 * stored and what was computed alike.
 */
export function renderResource(type: ResourceType, values: Values, selection: Selection): Document {
  const document: Document = { schemas: schemasOf(type, values) };
  let meta: unknown;
  for (const { place, parts } of planOf(type, selection)) {
    const shown = renderValue(place, values.get(place.key), parts);
    if (shown === undefined) continue;
    if (place.attribute.name === "meta") meta = shown;
    else homeOf(type, place, document)[place.attribute.name] = shown;
  }
  if (meta !== undefined) document["meta"] = meta;
  return document;
}

/** Writes single elements of one attribute as a selection shows them, for lists that are too long for a document. */
export function elementWriter(type: ResourceType, place: Place, selection: Selection): (value: Complex) => string {
  const parts = planOf(type, selection).find((shown) => shown.place === place)?.parts ?? [];
  return (value) => JSON.stringify(pick(value, parts) ?? {});
}

interface Shown {
  readonly place: Place;
  readonly parts: readonly Attribute[];
}

// Which attributes a selection shows does not depend on the row: once for a page, and once for all who select nothing.
const plans = new WeakMap<Selection, Map<ResourceType, readonly Shown[]>>();

function planOf(type: ResourceType, selection: Selection): readonly Shown[] {
  const ofSelection = plans.get(selection) ?? new Map<ResourceType, readonly Shown[]>();
  plans.set(selection, ofSelection);
  const known = ofSelection.get(type);
  if (known) return known;
  const shown = placesOf(type).filter((place) => place.attribute.name !== "schemas" && selection.shows(place));
  const plan = shown.map((place) => {
    const parts = (place.attribute.subAttributes ?? []).filter((sub) => selection.showsSub(place, sub));
    return { place, parts };
  });
  ofSelection.set(type, plan);
  return plan;
}

/** The core schema and every extension that has data, whatever of it is shown (SCIM-060, SCIM-159). */
function schemasOf(type: ResourceType, values: Values): string[] {
  const has = (schema: Schema) => placesOf(type).some((place) => place.schema === schema && values.has(place.key));
  return [type.core.urn, ...type.extensions.filter(has).map(({ urn }) => urn)];
}

function homeOf(type: ResourceType, { schema }: Place, document: Document): Document {
  if (schema === type.core) return document;
  const home = (document[schema.urn] ?? {}) as Document;
  document[schema.urn] = home;
  return home;
}

function renderValue(place: Place, value: Value | undefined, parts: readonly Attribute[]): unknown {
  if (value === undefined) return undefined;
  if (place.attribute.type !== "complex") return Array.isArray(value) && value.length === 0 ? undefined : value;
  if (!place.attribute.multiValued) return isComplex(value) ? pick(value, parts) : undefined;
  const elements = elementsOf(value).flatMap((element) => pick(element, parts) ?? []);
  return elements.length === 0 ? undefined : elements;
}

function pick(value: Complex, parts: readonly Attribute[]): Document | undefined {
  const picked: Document = {};
  for (const { name } of parts) if (value[name] !== undefined) picked[name] = value[name];
  return Object.keys(picked).length === 0 ? undefined : picked;
}

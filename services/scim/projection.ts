import type { Attribute, ResourceType, Schema } from "./attributes/attribute";
import { findSchema, type Place } from "./attributes/registry";
import { findTarget } from "./attribute-path";
import { invalidValue, shown } from "./refusal";

/** Which attributes of a resource an answer shows (SCIM-102, SCIM-075). */
export interface Selection {
  readonly shows: (place: Place) => boolean;
  /** For the sub-attributes of an attribute that is shown. */
  readonly showsSub: (place: Place, sub: Attribute) => boolean;
}

/** Names as they stand in `attributes` or `excludedAttributes`: text separated by commas, or a list in a body. */
export function readNames(parameter: string, given: unknown): readonly string[] | undefined {
  if (given === undefined || given === null) return undefined;
  const list = typeof given === "string" ? given.split(",") : given;
  if (!Array.isArray(list) || !list.every((name): name is string => typeof name === "string")) {
    throw invalidValue(`${parameter} is ${shown(given)}, expected names of attributes`);
  }
  const names = list.map((name) => name.trim()).filter((name) => name !== "");
  return names.length === 0 ? undefined : names;
}

/** Reads both parameters for one resource type; names that nobody knows are ignored. */
export function readSelection(type: ResourceType, attributes: unknown, excludedAttributes: unknown): Selection {
  const included = readNames("attributes", attributes);
  const excluded = readNames("excludedAttributes", excludedAttributes);
  if (included && excluded) throw invalidValue("attributes and excludedAttributes exclude each other");
  if (included) return including(new Named(type, included));
  if (excluded) return excluding(new Named(type, excluded));
  const usual = usualSelections.get(type) ?? excluding(new Named(type, []));
  usualSelections.set(type, usual);
  return usual;
}

// What is shown to whoever names nothing, made once.
const usualSelections = new Map<ResourceType, Selection>();

function including(named: Named): Selection {
  return {
    shows: (place) => visible(place.attribute) && (isAlways(place.attribute) || named.touches(place)),
    showsSub: (place, sub) => visible(sub) && (isAlways(sub) || named.whole(place) || named.sub(place, sub)),
  };
}

function excluding(named: Named): Selection {
  return {
    shows: (place) =>
      isAlways(place.attribute) ||
      (visible(place.attribute) && place.attribute.returned !== "request" && !named.whole(place)),
    showsSub: (place, sub) => isAlways(sub) || (visible(sub) && sub.returned !== "request" && !named.sub(place, sub)),
  };
}

const visible = (attribute: Attribute): boolean => attribute.returned !== "never";
const isAlways = (attribute: Attribute): boolean => attribute.returned === "always";

/** The attributes, sub-attributes and whole extensions that a list of names means. */
class Named {
  private readonly schemas = new Set<Schema>();
  private readonly attributes = new Set<string>();
  private readonly subs = new Set<string>();
  private readonly parents = new Set<string>();

  constructor(type: ResourceType, names: readonly string[]) {
    for (const name of names) this.add(type, name);
  }

  private add(type: ResourceType, name: string): void {
    const schema = findSchema(type, name);
    // The core's own URN would name everything; it names nothing instead, as an unknown name does.
    if (schema && schema !== type.core) this.schemas.add(schema);
    if (schema) return;
    const target = findTarget(type, name);
    if (!target) return;
    if (!target.sub) {
      this.attributes.add(target.key);
      return;
    }
    this.subs.add(`${target.key}.${target.sub.name}`);
    this.parents.add(target.key);
  }

  whole(place: Place): boolean {
    return this.attributes.has(place.key) || this.schemas.has(place.schema);
  }

  sub(place: Place, sub: Attribute): boolean {
    return this.subs.has(`${place.key}.${sub.name}`);
  }

  touches(place: Place): boolean {
    return this.whole(place) || this.parents.has(place.key);
  }
}

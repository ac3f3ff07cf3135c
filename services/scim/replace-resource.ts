import type { ResourceType } from "./attributes/attribute";
import { placesOf, type Place } from "./attributes/registry";
import type { Given } from "./read-resource";
import { plenumUser } from "./urns";
import type { Value, Values } from "./values";

/**
 * What a PUT makes of a resource: what it names is set or cleared, what it omits is cleared, except what a client that
 * does not know it must not strip (SCIM-140 to SCIM-142).
 */
export function replacedValues(type: ResourceType, before: Values, given: Given): Values {
  const after = new Map<string, Value>();
  for (const place of placesOf(type)) {
    const { key, attribute } = place;
    if (attribute.mutability === "readOnly") continue;
    const value = given.has(key) ? given.get(key) : survivesOmission(place) ? before.get(key) : undefined;
    if (value !== undefined && value !== null) after.set(key, value);
  }
  // Null for a state is no state: whether somebody may sign in does not end by being unassigned.
  for (const key of ["active"]) if (!after.has(key) && before.has(key)) after.set(key, before.get(key) as Value);
  return after;
}

const surviving: ReadonlySet<string> = new Set(["active", "password", "roles", "entitlements"]);

function survivesOmission({ key, schema, attribute }: Place): boolean {
  return surviving.has(key) || schema.urn === plenumUser || attribute.stored.in === "edges";
}

import type { Attribute, ResourceType, Schema } from "./attributes/attribute";
import { findPlace, findSub, type Place } from "./attributes/registry";

/** What an attribute path names: an attribute, and maybe one of its sub-attributes. */
export interface Target extends Place {
  readonly sub?: Attribute;
}

/** A path cut into the schema that it names and the rest; before any dot is looked at, since URNs contain `2.0`. */
export function cutUrn(type: ResourceType, path: string): { schema?: Schema; rest: string } {
  const lower = path.toLowerCase();
  const schema = [type.core, ...type.extensions]
    .filter(({ urn }) => lower.startsWith(`${urn.toLowerCase()}:`))
    .sort((a, b) => b.urn.length - a.urn.length)[0];
  return schema ? { schema, rest: path.slice(schema.urn.length + 1) } : { rest: path };
}

const name = /^(?:\$ref|[A-Za-z][A-Za-z0-9_-]*)$/;

/** `attr`, `attr.sub`, either after `URN:`; nothing where it names no attribute. Dots in URNs count for nothing. */
export function findTarget(type: ResourceType, path: string): Target | undefined {
  const { schema, rest } = cutUrn(type, path);
  const [attributeName = "", subName, ...more] = rest.split(".");
  if (more.length > 0 || !name.test(attributeName)) return undefined;
  const place = findPlace(type, attributeName, schema?.urn);
  if (!place || subName === undefined) return place;
  const sub = name.test(subName) ? findSub(place.attribute, subName) : undefined;
  return sub && { ...place, sub };
}

/** Whether a text has the form of an attribute path, known or not. */
export function looksLikePath(path: string): boolean {
  const cut = path.lastIndexOf(":");
  const urn = path.slice(0, Math.max(cut, 0));
  const rest = path.slice(cut + 1).split(".");
  return rest.length <= 2 && rest.every((part) => name.test(part)) && (cut < 0 || /^urn:[A-Za-z0-9:._-]+$/i.test(urn));
}

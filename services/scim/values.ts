import type { Attribute } from "./attributes/attribute";
import { foldKey } from "../kernel/text";

export type Simple = string | number | boolean;
/** A complex value by sub-attribute, in the spelling of the schema. Keys come from the attribute table only. */
export type Complex = Readonly<Record<string, Simple>>;
export type Value = Simple | Complex | readonly Simple[] | readonly Complex[];

/** The assigned attributes of one resource by `Place.key`: canonical names, nothing unassigned, nothing read-only. */
export type Values = ReadonlyMap<string, Value>;

export function isComplex(value: unknown): value is Complex {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The elements of a multi-valued complex attribute; none when it is unassigned. */
export function elementsOf(value: Value | undefined): readonly Complex[] {
  return Array.isArray(value) ? (value as readonly unknown[]).filter(isComplex) : [];
}

/** The elements of a multi-valued simple attribute. */
export function simplesOf(value: Value | undefined): readonly Simple[] {
  return Array.isArray(value) ? (value as readonly (Simple | Complex)[]).filter((v): v is Simple => !isComplex(v)) : [];
}

/** Whether two values mean the same to a reader; the order of sub-attributes does not matter, that of elements does. */
export function sameValue(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (Array.isArray(a) || Array.isArray(b)) {
    return Array.isArray(a) && Array.isArray(b) && a.length === b.length && a.every((v, i) => sameValue(v, b[i]));
  }
  if (!isComplex(a) || !isComplex(b)) return false;
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((k) => Object.hasOwn(b, k) && sameValue(a[k], b[k]));
}

/** By what two values of an attribute are compared (SCIM-080). */
export function comparisonKey(attribute: Attribute, value: Simple): Simple {
  return typeof value === "string" && !attribute.caseExact ? foldKey(value) : value;
}

/**
 * Whether a text can be looked up by its key: keys are kept to 500 characters, since PostgreSQL refuses index entries
 * above some 2,700 bytes.
 */
export function fitsIndex(text: string): boolean {
  return foldKey(text).length <= 500;
}

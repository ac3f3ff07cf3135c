import type { Attribute } from "../attributes/attribute";
import type { Place } from "../attributes/registry";
import { compact, isUnassigned, readParts, readSingle, readValue, type Parts } from "../read-value";
import { invalidValue, mutability } from "../refusal";
import { isComplex, type Complex, type Value } from "../values";
import type { Draft } from "./draft";
import type { Operation } from "./operation";

/** Operations on an attribute with one value, or on a sub-attribute of it (SCIM-156, 13.3). */
export function applySingle(
  draft: Draft,
  { op, value, where }: Operation,
  place: Place,
  sub: Attribute | undefined,
): void {
  if (place.attribute.type === "complex") return applyComplex(draft, { op, value, where }, place, sub);
  if (op === "remove") return clear(draft, place);
  const read = readRequired(value, place, draft);
  if (read === null) return clear(draft, place);
  draft.set(place.key, read);
}

function readRequired(value: unknown, { attribute, key }: Place, draft: Draft): Value | null {
  if (value === undefined) throw invalidValue(`${key} has no value in the operation`);
  // A name may not be cleared by the empty string either (SCIM-071); it is a wrong value rather than a removal.
  if (attribute.required && value === "") throw invalidValue(`${key} is required, "" is no value for it`);
  return readValue(attribute, value, key, draft.reading);
}

function clear(draft: Draft, { attribute, key }: Place): void {
  if (attribute.required) throw mutability(`${key} is required and cannot be removed`);
  draft.set(key, null);
}

type Part = Pick<Operation, "op" | "value" | "where">;

function applyComplex(draft: Draft, { op, value }: Part, place: Place, sub: Attribute | undefined): void {
  const { attribute, key } = place;
  const before = draft.values.get(key);
  const current: Complex = isComplex(before) ? before : {};
  if (sub)
    return draft.set(key, merged(current, { [sub.name]: op === "remove" ? null : readSub(draft, place, sub, value) }));
  if (op === "remove") return draft.set(key, null);
  if (value === undefined) throw invalidValue(`${key} has no value in the operation`);
  if (isUnassigned(value, key, draft.reading)) return draft.set(key, null);
  const parts = readParts(attribute, value, key, draft.reading);
  const isWhole = op === "replace" && draft.reading.dialect.complexReplace === "whole";
  // Entra clears a manager with {"value": ""}: an object of cleared parts only is a cleared attribute by itself.
  draft.set(key, merged(isWhole ? {} : current, parts));
}

function readSub(draft: Draft, { key }: Place, sub: Attribute, value: unknown): Parts[string] {
  const path = `${key}.${sub.name}`;
  if (value === undefined) throw invalidValue(`${path} has no value in the operation`);
  return isUnassigned(value, path, draft.reading) ? null : readSingle(sub, value, path, draft.reading);
}

/** A complex value with some parts set and some cleared; null when nothing is left. */
export function merged(current: Complex, parts: Parts): Complex | null {
  return compact({ ...current, ...parts });
}

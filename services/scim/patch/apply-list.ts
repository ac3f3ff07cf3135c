import type { Attribute } from "../attributes/attribute";
import { findSub, type Place } from "../attributes/registry";
import { identityOf, normalElements } from "../elements";
import type { Filter } from "../filter/filter";
import { compact, isUnassigned, readElement, readParts, readSingle, readValue, type Parts } from "../read-value";
import { invalidValue, noTarget } from "../refusal";
import { comparisonKey, elementsOf, simplesOf, type Complex, type Simple, type Value } from "../values";
import { merged } from "./apply-single";
import type { Draft } from "./draft";
import { describedBy, matches } from "./match";
import type { Operation } from "./operation";

export interface ListTarget {
  readonly place: Place;
  readonly sub?: Attribute;
  readonly filter?: Filter;
}

/** Operations on a multi-valued attribute of a member, whole, by filter or by sub-attribute (13.3). */
export function applyList(draft: Draft, operation: Operation, target: ListTarget): void {
  const { place, sub, filter } = target;
  if (place.attribute.type !== "complex") return applySimples(draft, operation, target);
  if (filter || sub) return applyElements(draft, operation, target);
  const before = elementsOf(draft.values.get(place.key));
  draft.set(place.key, wholeList(draft, operation, place, before));
}

function wholeList(draft: Draft, { op, value }: Operation, place: Place, before: readonly Complex[]): Value | null {
  const { attribute, key } = place;
  if (op === "remove") return withoutListed(draft, place, before, value);
  if (value === undefined) throw invalidValue(`${key} has no value in the operation`);
  const given = elementsOf(readValue(attribute, asList(value), key, draft.reading) ?? undefined);
  if (op === "replace") return given;
  return normal(draft, place, addElements(attribute, before, given), primaryOf(given));
}

// RFC 7644 §3.5.2.1 lets `add` name one element without a list around it.
function asList(value: unknown): unknown {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? [value] : value;
}

/** Elements that are there already are merged with what is said of them, the others appended. */
function addElements(attribute: Attribute, before: readonly Complex[], given: readonly Complex[]): Complex[] {
  const result = [...before];
  for (const element of given) {
    const i = result.findIndex((e) => identityOf(attribute, e) === identityOf(attribute, element));
    if (i < 0) result.push(element);
    else result[i] = { ...result[i], ...element };
  }
  return result;
}

/** No value: all go. A value: only those that it lists, by their `value`; an empty list removes nobody (SCIM-162). */
function withoutListed(draft: Draft, place: Place, before: readonly Complex[], value: unknown): Value | null {
  if (value === undefined || value === null) return null;
  const { attribute, key } = place;
  const list = (Array.isArray(value) ? value : [value]) as unknown[];
  const listed = list.map((item, i) =>
    readElement(attribute, typeof item === "string" ? { value: item } : item, `${key}[${i}]`, draft.reading),
  );
  const keys = new Set(listed.flatMap((element) => (element ? [removalKey(attribute, element)] : [])));
  return before.filter((element) => !keys.has(removalKey(attribute, element)));
}

function removalKey(attribute: Attribute, element: Complex): string {
  const value = findSub(attribute, "value");
  const given = element["value"];
  return value && given !== undefined ? String(comparisonKey(value, given)) : identityOf(attribute, element);
}

/** `multi[filter]`, `multi[filter].sub` and `multi.sub`. */
function applyElements(draft: Draft, operation: Operation, target: ListTarget): void {
  const { place, filter } = target;
  const before = elementsOf(draft.values.get(place.key));
  const chosen = before.map((element) => !filter || matches(filter, element));
  if (!chosen.includes(true)) return applyToNone(draft, operation, target, before);
  if (operation.op === "remove" && !target.sub)
    return draft.set(
      place.key,
      before.filter((_, i) => !chosen[i]),
    );
  const change = changeOf(draft, operation, target);
  const changed = before.map((element, i) => (chosen[i] ? change(element) : element));
  const after = changed.filter((element) => element !== null);
  const touched = after.filter((element) => !before.includes(element));
  draft.set(place.key, normal(draft, place, after, primaryOf(touched)));
}

type Change = (element: Complex) => Complex | null;

function changeOf(draft: Draft, operation: Operation, { place, sub, filter }: ListTarget): Change {
  const path = place.key;
  if (sub && operation.op === "remove")
    return (element) => leftOver(place.attribute, merged(element, { [sub.name]: null }));
  const parts = readTargetParts(draft, operation, place, sub);
  if (sub || operation.op === "add") return (element) => leftOver(place.attribute, merged(element, parts));
  // The element becomes the value; what the filter found it by stays where the value does not say otherwise.
  const kept = (filter && describedBy(filter)) ?? {};
  const whole = compact({ ...kept, ...parts });
  if (!whole) throw invalidValue(`${path} has no value in the operation`);
  return () => whole;
}

function readTargetParts(draft: Draft, { value }: Operation, place: Place, sub: Attribute | undefined): Parts {
  const path = sub ? `${place.key}.${sub.name}` : place.key;
  if (value === undefined) throw invalidValue(`${path} has no value in the operation`);
  if (!sub) return readParts(place.attribute, value, path, draft.reading);
  return { [sub.name]: isUnassigned(value, path, draft.reading) ? null : readSingle(sub, value, path, draft.reading) };
}

/** An element of which only the type and the flag are left says nothing: it goes. */
function leftOver(attribute: Attribute, element: Complex | null): Complex | null {
  const says = Object.keys(element ?? {}).some(
    (name) => name !== "type" && name !== "primary" && findSub(attribute, name),
  );
  return says ? element : null;
}

/** No element is meant: the dialect decides whether that is nothing, an error or a new element. */
function applyToNone(draft: Draft, operation: Operation, target: ListTarget, before: readonly Complex[]): void {
  const { place, filter, sub } = target;
  const { dialect, trail } = draft.reading;
  const where = `no element of ${place.key} matches the path`;
  if (operation.op === "remove") {
    if (dialect.removeNoMatch === "refuse") throw noTarget(where);
    return trail.coerce(place.key, "removeNoMatch", null, null);
  }
  if (operation.op === "replace" && filter && dialect.replaceNoMatch === "refuse") throw noTarget(where);
  const described = filter ? describedBy(filter) : {};
  if (!described) throw noTarget(`${where}, and the filter does not say how a new one would look`);
  const parts = readTargetParts(draft, operation, place, sub);
  const element = compact({ ...described, ...parts });
  // Clearing what is not there is done already.
  if (!element || Object.values(parts).every((part) => part === null)) return;
  if (operation.op === "replace") trail.coerce(place.key, "replaceNoMatch", null, element);
  draft.set(place.key, normal(draft, place, [...before, element], primaryOf([element])));
}

/** The list with its rules; a primary that this operation set takes the flag from the others (SCIM-157). */
function normal(draft: Draft, place: Place, elements: readonly Complex[], primary: Complex | undefined): Complex[] {
  const isChosen = (e: Complex) => identityOf(place.attribute, e) === identityOf(place.attribute, primary as Complex);
  const demoted = primary
    ? elements.map((e) => (e["primary"] === true && !isChosen(e) ? { ...e, primary: false } : e))
    : elements;
  return normalElements(place.attribute, demoted, place.key, draft.reading);
}

function primaryOf(elements: readonly Complex[]): Complex | undefined {
  return elements.find((element) => element["primary"] === true);
}

/** Lists of plain values: they are compared by equality. */
function applySimples(draft: Draft, { op, value }: Operation, { place, filter }: ListTarget): void {
  const { attribute, key } = place;
  const before = simplesOf(draft.values.get(key));
  if (op === "remove" && filter)
    return draft.set(
      key,
      before.filter((item) => !matches(filter, item)),
    );
  if (op === "remove" && (value === undefined || value === null)) return draft.set(key, null);
  if (value === undefined) throw invalidValue(`${key} has no value in the operation`);
  const given = simplesOf(readValue(attribute, value, key, draft.reading) ?? undefined);
  const keys = new Set(given.map((item) => comparisonKey(attribute, item)));
  const others = (items: readonly Simple[]) => items.filter((item) => !keys.has(comparisonKey(attribute, item)));
  if (op === "remove") return draft.set(key, others(before));
  draft.set(key, op === "replace" && !filter ? given : [...before, ...given.filter((g) => !before.includes(g))]);
}

import type { Attribute } from "./attributes/attribute";
import { findSub } from "./attributes/registry";
import type { Reading } from "./reading";
import { invalidValue } from "./refusal";
import { comparisonKey, type Complex } from "./values";

/**
 * A list as it is stored: no pair of type and value twice, at most one primary, and where the dialect says so one
 * element per type (SCIM-072, SCIM-EN30).
 */
export function normalElements(
  attribute: Attribute,
  elements: readonly Complex[],
  path: string,
  reading: Reading,
): Complex[] {
  const distinct = mergedTwins(attribute, elements);
  const perType = reading.dialect.oneValuePerType ? lastPerType(attribute, distinct, path, reading) : distinct;
  return withOnePrimary(perType, path, reading);
}

/** By what an element is recognised: its type and value, or everything where it has no value, as an address. */
export function identityOf(attribute: Attribute, element: Complex): string {
  const value = element["value"];
  const parts: Complex = value === undefined ? { ...element, primary: false } : { value, type: element["type"] ?? "" };
  return JSON.stringify(
    Object.keys(parts)
      .sort()
      .map((name) => {
        const sub = findSub(attribute, name);
        const part = parts[name] as string;
        return [name, sub ? comparisonKey(sub, part) : part];
      }),
  );
}

function mergedTwins(attribute: Attribute, elements: readonly Complex[]): Complex[] {
  // Members are one by id, whatever type the client claims.
  const key = (e: Complex) => (attribute.stored.in === "edges" ? String(e["value"]) : identityOf(attribute, e));
  const byIdentity = new Map<string, Complex>();
  for (const element of elements) {
    const twin = byIdentity.get(key(element));
    byIdentity.set(key(element), twin ? { ...twin, ...element } : element);
  }
  return [...byIdentity.values()];
}

function lastPerType(attribute: Attribute, elements: readonly Complex[], path: string, { trail }: Reading): Complex[] {
  const type = findSub(attribute, "type");
  if (!type || attribute.stored.in !== "rows") return [...elements];
  const last = new Map<unknown, Complex>();
  const kept = new Set<Complex>();
  for (const element of elements) {
    const given = element["type"];
    // Elements without a type are not addressed by it, so that they do not push each other out.
    const key = given === undefined ? element : comparisonKey(type, given);
    const earlier = last.get(key);
    if (earlier) {
      kept.delete(earlier);
      trail.coerce(path, "oneValuePerType", earlier, element);
      trail.warn(path, `two elements of type ${String(given)}; the last is kept`);
    }
    last.set(key, element);
    kept.add(element);
  }
  return [...kept];
}

function withOnePrimary(elements: readonly Complex[], path: string, { dialect, trail }: Reading): Complex[] {
  const first = elements.findIndex((e) => e["primary"] === true);
  return elements.map((element, i) => {
    if (element["primary"] !== true || i === first) return element;
    if (dialect.secondPrimary === "refuse") throw invalidValue(`${path} has more than one element with primary true`);
    trail.coerce(`${path}[${i}].primary`, "secondPrimary", true, false);
    return { ...element, primary: false };
  });
}

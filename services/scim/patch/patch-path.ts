import type { Attribute, ResourceType, Schema } from "../attributes/attribute";
import { findPlace, findSchema, findSub, type Place } from "../attributes/registry";
import { cutUrn, findTarget, looksLikePath } from "../attribute-path";
import { readElementFilter } from "../filter/bind";
import type { Binding } from "../filter/binding";
import type { Filter } from "../filter/filter";
import { invalidPath, shown } from "../refusal";

/** What a PATCH path points at (RFC 7644 figure 1, SCIM-154). */
export type PatchTarget =
  | { readonly kind: "extension"; readonly schema: Schema }
  | { readonly kind: "attribute"; readonly place: Place; readonly sub?: Attribute; readonly filter?: Filter }
  /** Well-formed, but nobody knows it. */
  | { readonly kind: "unknown"; readonly path: string };

/** Reads a path; a bad filter within is refused as `invalidFilter`, everything else as `invalidPath`. */
export function readPatchPath(type: ResourceType, path: string, binding: Binding): PatchTarget {
  const trimmed = path.trim();
  const schema = findSchema(type, trimmed);
  if (schema) return { kind: "extension", schema };
  const open = trimmed.indexOf("[");
  if (open >= 0) return readFiltered(type, trimmed, open, binding);
  const target = findTarget(type, trimmed);
  if (target) return { kind: "attribute", place: target, ...(target.sub ? { sub: target.sub } : {}) };
  if (looksLikePath(trimmed)) return { kind: "unknown", path: trimmed };
  throw invalidPath(`the path ${shown(path)} does not parse`);
}

function readFiltered(type: ResourceType, path: string, open: number, binding: Binding): PatchTarget {
  const close = closingBracket(path, open);
  const tail = /^(?:\.(\$ref|[A-Za-z][A-Za-z0-9_-]*))?$/.exec(path.slice(close + 1));
  if (close < 0 || !tail) throw invalidPath(`the path ${shown(path)} does not parse`);
  const head = path.slice(0, open).trim();
  const { schema, rest } = cutUrn(type, head);
  const place = findPlace(type, rest, schema?.urn);
  if (!place) {
    if (looksLikePath(head) && !findTarget(type, head)) return { kind: "unknown", path: head };
    throw invalidPath(`the path ${shown(path)} does not parse`);
  }
  if (!place.attribute.multiValued)
    throw invalidPath(`${head} has one value, so that no filter can choose among several`);
  const filter = readElementFilter(place, path.slice(open + 1, close), binding);
  if (tail[1] === undefined) return { kind: "attribute", place, filter };
  const sub = findSub(place.attribute, tail[1]);
  return sub ? { kind: "attribute", place, filter, sub } : { kind: "unknown", path: `${head}.${tail[1]}` };
}

/** The bracket that closes the one at `open`; brackets inside strings do not count. */
function closingBracket(path: string, open: number): number {
  let quoted = false;
  for (let i = open + 1; i < path.length; i++) {
    if (path[i] === "\\" && quoted) i++;
    else if (path[i] === '"') quoted = !quoted;
    else if (path[i] === "]" && !quoted) return i;
  }
  return -1;
}

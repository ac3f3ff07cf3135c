import type { Attribute, ResourceType } from "../attributes/attribute";
import { findSub, type Place } from "../attributes/registry";
import { findTarget, type Target } from "../attribute-path";
import { invalidFilter, shown } from "../refusal";
import type { Binding } from "./binding";
import type { Comparison, Filter, Subject } from "./filter";
import { literalOf } from "./literal";
import { parseFilter, type Tree } from "./parse";

/** Reads a filter for one resource type. @throws ScimRefusal `invalidFilter`. */
export function readFilter(type: ResourceType, text: string, binding: Binding): Filter {
  return bind(parseFilter(text, binding.dialect, binding.trail), (path) => findSubject(type, path, binding), binding);
}

/** Reads the filter between the brackets of a PATCH path: its subjects are sub-attributes of the place. */
export function readElementFilter(place: Place, text: string, binding: Binding): Filter {
  return bind(parseFilter(text, binding.dialect, binding.trail), (path) => elementSubject(place, path), binding);
}

type Find = (path: string) => Target | undefined;

function bind(tree: Tree, find: Find, binding: Binding): Filter {
  switch (tree.kind) {
    case "and":
    case "or":
      return { kind: tree.kind, parts: tree.parts.map((part) => bind(part, find, binding)) };
    case "not":
      return { kind: "not", part: bind(tree.part, find, binding) };
    case "element":
      return bindElement(tree, find, binding);
    default:
      return bindCondition(tree, find, binding);
  }
}

function bindElement(tree: Tree & { kind: "element" }, find: Find, binding: Binding): Filter {
  const place = known(find(tree.path), tree.path, binding);
  if (!place) return { kind: "never" };
  if (place.sub || (!place.attribute.multiValued && place.attribute.type !== "complex")) {
    throw invalidFilter(`${tree.path} has no elements to choose from`);
  }
  return { kind: "element", place, part: bind(tree.part, (path) => elementSubject(place, path), binding) };
}

function bindCondition(tree: Tree & { kind: "compare" | "present" }, find: Find, binding: Binding): Filter {
  const target = known(find(tree.path), tree.path, binding);
  if (!target) return { kind: "never" };
  const { attribute, sub } = target;
  if ((sub ?? attribute).returned === "never") throw invalidFilter(`${tree.path} cannot be filtered on`);
  if (tree.kind === "present") return { kind: "present", subject: target };
  const subject = comparable(target, tree.path);
  const leaf = subject.sub ?? subject.attribute;
  const op = tree.op as Comparison;
  return { kind: "compare", subject, op, literal: literalOf(leaf, op, tree.literal, tree.path, binding) };
}

function known(target: Target | undefined, path: string, { lenient, unknown }: Binding): Target | undefined {
  if (!target) unknown?.add(path.toLowerCase());
  if (!target && !lenient) throw invalidFilter(`unknown attribute ${shown(path)}`);
  return target;
}

function findSubject(type: ResourceType, path: string, { dialect, trail }: Binding): Target | undefined {
  const target = findTarget(type, path);
  if (target) return target;
  const alias = Object.entries(dialect.attributeAliases).find(([name]) => name.toLowerCase() === path.toLowerCase());
  if (!alias) return undefined;
  trail.coerce("filter", "attributeAliases", path, alias[1]);
  return findTarget(type, alias[1]);
}

function elementSubject(place: Place, path: string): Target | undefined {
  if (place.attribute.type === "complex") {
    const sub = findSub(place.attribute, path);
    return sub && { ...place, sub };
  }
  // An element of a simple list is its own `value`.
  return path.toLowerCase() === "value" ? place : undefined;
}

/** A complex attribute without sub-attribute stands for its `value` (SCIM-114). */
function comparable(target: Target, path: string): Subject {
  if (target.sub || target.attribute.type !== "complex") return target;
  const value: Attribute | undefined = findSub(target.attribute, "value");
  if (!value) throw invalidFilter(`${path} is complex; name one of its sub-attributes`);
  return { ...target, sub: value };
}

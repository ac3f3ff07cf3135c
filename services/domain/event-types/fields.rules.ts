import { invalid } from "../../kernel/errors";
import { canonical } from "../../platform/outbox";
import {
  fieldNames,
  fields,
  parseFieldName,
  sections,
  type FieldName,
  type FieldValues,
  type Section,
  type TemplateKind,
} from "./fields";
import type { Diff, Lock, Locks } from "./template";

/** Stored values as a whole: a field that is younger than the row has its initial value. */
export function complete(stored: Partial<FieldValues>): FieldValues {
  const draft: Record<string, unknown> = {};
  for (const name of fieldNames) draft[name] = name in stored ? stored[name] : fields[name].initial;
  return draft as unknown as FieldValues;
}

/**
 * The fields that a change names, parsed. `mask` says which ones (EVT-12): a field in it that `set` leaves out goes back
 * to its initial value, a field outside it is refused. Without a mask, what `set` holds.
 * @throws PlenumError `invalid` naming the field.
 */
export function parseChange(
  kind: TemplateKind,
  set: Readonly<Record<string, unknown>>,
  mask: readonly string[] = Object.keys(set),
): Partial<FieldValues> {
  const names = mask.map(parseFieldName);
  const stray = Object.keys(set).find((key) => !mask.includes(key));
  if (stray !== undefined) throw invalid("fields", `every field of the change, also ${stray}`);
  const draft: Record<string, unknown> = {};
  for (const name of names) {
    draft[name] = Object.hasOwn(set, name) ? fields[name].parse(name, set[name], kind) : initialOf(name, kind);
  }
  return draft;
}

/** What a new template starts from: everything at its initial value but what is given. */
export function initialValues(kind: TemplateKind, set: Readonly<Record<string, unknown>>): FieldValues {
  const given = parseChange(kind, set);
  if (given.name === undefined) throw invalid("name", "a name");
  return complete({ capacity: initialOf("capacity", kind) as number, ...given });
}

function initialOf(name: FieldName, kind: TemplateKind): unknown {
  // The smallest group is two; a one-on-one has exactly one invitee.
  if (name === "capacity") return kind === "GROUP" ? 2 : 1;
  if (name === "name") throw invalid("name", "a name");
  return fields[name].initial;
}

/** @throws PlenumError `invalid`. */
export function parseLocks(given: Readonly<Record<string, unknown>>): Partial<Record<Section, Lock>> {
  const locks: Partial<Record<Section, Lock>> = {};
  for (const [key, value] of Object.entries(given)) {
    const section = sections.find((s) => s === key);
    if (!section) throw invalid("locks", `sections of ${sections.join(", ")}`, key);
    if (value !== "LOCKED" && value !== "UNLOCKED") throw invalid(`locks.${key}`, "LOCKED or UNLOCKED", value);
    locks[section] = value;
  }
  return locks;
}

/** An assignee's copy: no copy at all, but what to lay over the template. */
export interface Overlay {
  /** The template's values now. */
  readonly template: FieldValues;
  readonly locks: Locks;
  /** The template's values when it was assigned, and what was in force when a lock was lifted (EVT-09, EVT-10). */
  readonly base: Partial<FieldValues>;
  readonly overrides: Partial<FieldValues>;
}

/** Locked: the template's. Unlocked: the member's own, else what it was at assignment (EVT-11). */
export function effective({ template, locks, base, overrides }: Overlay): FieldValues {
  const draft: Record<string, unknown> = {};
  for (const name of fieldNames) {
    const from = locks[fields[name].section] === "LOCKED" ? [template] : [overrides, base, template];
    draft[name] = from.find((values) => name in values)?.[name];
  }
  return draft as unknown as FieldValues;
}

/** What differs between two states of a template, by field. */
export function diffOf(
  before: { slug: string; values: FieldValues; locks: Locks },
  after: { slug: string; values: FieldValues; locks: Locks },
): Diff {
  const diff: Record<string, { from: unknown; to: unknown }> = {};
  const note = (key: string, from: unknown, to: unknown) => {
    if (canonical(from) !== canonical(to)) diff[key] = { from, to };
  };
  note("slug", before.slug, after.slug);
  for (const name of fieldNames) note(name, before.values[name], after.values[name]);
  for (const section of sections) note(`lock:${section}`, before.locks[section], after.locks[section]);
  return diff;
}

/** Sections whose lock a change lifts. */
export function unlockedBy(before: Locks, after: Locks): Section[] {
  return sections.filter((section) => before[section] === "LOCKED" && after[section] === "UNLOCKED");
}

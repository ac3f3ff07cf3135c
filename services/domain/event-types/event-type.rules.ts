import type { EventTypeId, MemberId, TemplateId } from "../../kernel/ids";
import type { EventType, EventTypeStatus } from "./event-type";
import { fieldNames, fields, sections, type FieldValues, type Section, type TemplateKind } from "./fields";
import { complete, effective, type Overlay } from "./fields.rules";
import { initialLocks, type Locks } from "./template";

/** One row with all that its values in force are made of. */
export interface EventTypeRow {
  readonly id: EventTypeId;
  readonly memberId: MemberId;
  readonly templateId: TemplateId | null;
  readonly slug: string;
  readonly status: EventTypeStatus;
  readonly baseValues: Partial<FieldValues>;
  readonly overrides: Partial<FieldValues>;
  readonly createdAt: Date;
  readonly version: string;
  readonly templateKind: TemplateKind | null;
  readonly templateValues: Partial<FieldValues> | null;
  readonly templateLocks: Partial<Locks> | null;
  readonly templateEditedBy: MemberId | null;
  readonly templateEditedAt: Date | null;
  /** The template's values in the revision that was assigned; not copied into the row (EVT-11). */
  readonly assignedValues: Partial<FieldValues> | null;
}

/** The layers that make up what is in force. */
export type StoredEventType = Pick<
  EventTypeRow,
  "baseValues" | "overrides" | "templateKind" | "templateValues" | "templateLocks" | "assignedValues"
>;

const ownLocks = Object.fromEntries(sections.map((section) => [section, "UNLOCKED"])) as Locks;

/** The layers of a row: for a member's own event type there is no template, and nothing is locked. */
export function overlayOf(row: StoredEventType): Overlay {
  const { baseValues, overrides } = row;
  if (!row.templateValues) return { template: complete({}), locks: ownLocks, base: baseValues, overrides };
  return {
    template: complete(row.templateValues),
    locks: { ...initialLocks, ...row.templateLocks },
    base: { ...row.assignedValues, ...baseValues },
    overrides,
  };
}

/** What is in force for invitees, also for who reads the layers by a query of their own (EVT-11). */
export function eventTypeInForce(
  stored: StoredEventType,
): Pick<EventType, "kind" | "values" | "lockedSections" | "overriddenSections"> {
  const overlay = overlayOf(stored);
  const values = effective(overlay);
  return {
    values,
    kind: stored.templateKind ?? (values.capacity > 1 ? "GROUP" : "ONE_ON_ONE"),
    lockedSections: sections.filter((section) => overlay.locks[section] === "LOCKED"),
    overriddenSections: stored.templateKind === null ? [] : overriddenIn(overlay),
  };
}

/** An event type with the values in force. */
export function toEventType(row: EventTypeRow): EventType {
  const { id, memberId, templateId, slug, status, createdAt, version, templateEditedBy, templateEditedAt } = row;
  return {
    ...{ id, memberId, templateId, slug, status, createdAt, version, templateEditedBy, templateEditedAt },
    ...eventTypeInForce(row),
  };
}

function overriddenIn({ locks, overrides }: Overlay): Section[] {
  const touched = new Set(fieldNames.filter((name) => name in overrides).map((name) => fields[name].section));
  return sections.filter((section) => touched.has(section) && locks[section] === "UNLOCKED");
}

/** Splits a change of a managed event type into what its member may write and the first field that is locked. */
export function firstLocked(change: Partial<FieldValues>, locks: Locks): keyof FieldValues | undefined {
  return fieldNames.find((name) => name in change && locks[fields[name].section] === "LOCKED");
}

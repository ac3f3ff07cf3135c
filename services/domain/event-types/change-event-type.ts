import { notFound, PlenumError } from "../../kernel/errors";
import { publicId, type EventTypeId } from "../../kernel/ids";
import { parseSlug } from "../../kernel/text";
import type { Tx } from "../../platform/unit-of-work";
import { may, useCase } from "../access";
import { memberOf } from "./editor";
import type { EventType } from "./event-type";
import { firstLocked, overlayOf, toEventType, type EventTypeRow } from "./event-type.rules";
import { findEventTypeRow, insertRedirect, lockEventTypeRow, updateEventTypeRow } from "./event-types.store";
import { fields, type FieldName } from "./fields";
import { parseChange } from "./fields.rules";
import type { Locks } from "./template";

export interface EventTypeChange {
  readonly id: EventTypeId;
  readonly set?: Readonly<Record<string, unknown>>;
  readonly fields?: readonly string[];
  readonly slug?: string;
  readonly ifVersion?: string;
}

/**
 * Changes an event type for its member, who may differ from the template where it is not locked (EVT-09). An old path
 * goes on leading to it.
 * @throws PlenumError `field_locked` naming field and section; `not_found`; `stale_version`; `conflict` where it is no
 * longer offered; `duplicate` for a path in use; `invalid`.
 */
export const changeEventType = useCase(
  "event-type:own",
  async (tx: Tx, input: EventTypeChange): Promise<EventType> => {
    const row = await requireEditable(tx, input);
    const { kind } = toEventType(row);
    const overlay = overlayOf(row);
    const change = parseChange(kind, input.set ?? {}, input.fields);
    const locked = firstLocked(change, overlay.locks);
    if (locked) throw fieldLocked(row, locked, overlay.locks);
    const slug = input.slug === undefined ? row.slug : parseSlug("slug", input.slug);
    // The path is a detail like the name.
    if (slug !== row.slug && overlay.locks.DETAILS === "LOCKED") throw fieldLocked(row, "slug", overlay.locks);

    // An own event type has no template to lay values over: they are its own.
    const isOwn = row.templateId === null;
    const baseValues = isOwn ? { ...row.baseValues, ...change } : row.baseValues;
    const overrides = isOwn ? {} : { ...row.overrides, ...change };
    const after = toEventType({ ...row, slug, baseValues, overrides });
    await updateEventTypeRow(tx, row.id, { name: after.values.name, slug, overrides, baseValues });
    if (slug !== row.slug) await insertRedirect(tx, row.memberId, row.slug, row.id);

    tx.audit({
      action: "event-type.change",
      target: { kind: "eventType", id: row.id },
      facts: { changed: [...Object.keys(change), ...(slug === row.slug ? [] : ["slug"])] },
    });
    tx.emit({ name: "event_type.changed", eventTypeId: row.id });
    return { ...after, version: String(BigInt(row.version) + 1n) };
  },
  "changeEventType",
);

/** @throws PlenumError `not_found`, also for another member's when the caller may not read it. */
export const getEventType = useCase(
  "event-type:own",
  async (tx: Tx, input: { id: EventTypeId }): Promise<EventType> => {
    const found = await findEventTypeRow(tx, input.id);
    if (!found || (found.memberId !== memberOf(tx.caller) && !may(tx, "event-type:read"))) throw notFound("eventType");
    return found;
  },
  "getEventType",
);

async function requireEditable(tx: Tx, input: EventTypeChange): Promise<EventTypeRow> {
  const row = await lockEventTypeRow(tx, input.id);
  if (!row || (row.memberId !== memberOf(tx.caller) && !may(tx, "event-type:write"))) throw notFound("eventType");
  if (input.ifVersion !== undefined && input.ifVersion !== row.version) {
    throw new PlenumError("stale_version", "the event type has changed since", { version: row.version });
  }
  if (row.status === "ARCHIVED") {
    const facts = { eventType: publicId("eventType", row.id), status: row.status };
    throw new PlenumError("conflict", "this event type is no longer offered", facts);
  }
  return row;
}

function fieldLocked(row: EventTypeRow, field: FieldName | "slug", locks: Locks): PlenumError {
  const section = field === "slug" ? "DETAILS" : fields[field].section;
  return new PlenumError("field_locked", `${field} is set by the organization`, {
    ...{ field, section, lock: locks[section] },
    template: row.templateId && publicId("eventTypeTemplate", row.templateId),
  });
}

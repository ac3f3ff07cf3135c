import { templateInForce, type StoredTemplate } from "../../event-types";
import { computed, id, instant, needs, number, text, viewerMay, word } from "../columns";
import { byCreation, oneOf } from "../filters";
import type { Cell, Many, Noun } from "../noun";

const read = ([values, locks]: readonly Cell[]) =>
  templateInForce({
    values: JSON.parse(values ?? "{}") as StoredTemplate["values"],
    locks: JSON.parse(locks ?? "{}") as StoredTemplate["locks"],
  });

/** A managed event type, as the administrator keeps it (EVT-02). */
export const eventTypeTemplate: Noun = {
  name: "EventTypeTemplate",
  key: (row) => `${row}.id`,
  members: {
    id: id("eventTypeTemplate"),
    kind: word("kind"),
    name: text("name"),
    slug: text("slug"),
    capacity: number("capacity"),
    revision: number("revision"),
    status: word("status"),
    values: computed(["field_values", "locks"], (cells) => read(cells).values),
    locks: computed(
      ["field_values", "locks"],
      (cells) => Object.entries(read(cells).locks).map(([section, lock]) => ({ section, isLocked: lock === "LOCKED" })),
      "SectionLock",
    ),
    assignedCount: number(
      (t) =>
        `(select count(*) from event_type e where e.org_id = $1 and e.template_id = ${t}.id and e.status <> 'ARCHIVED')`,
    ),
    createdAt: instant("created_at"),
    updatedAt: instant("updated_at"),
    viewerMay: viewerMay("event-type:write"),
    lastEditedBy: {
      kind: "one",
      noun: "Member",
      join: (to, t) => `member ${to} on ${to}.org_id = $1 and ${to}.id = ${t}.edited_by`,
      gate: needs("member:read"),
    },
    eventTypes: {
      kind: "many",
      noun: "EventType",
      from: (to, t) => `event_type ${to} where ${to}.org_id = $1 and ${to}.template_id = ${t}.id`,
      filters: { status: oneOf("status", (to) => `${to}.status <> 'ARCHIVED'`) },
      orders: byCreation,
    },
  },
};

/** All managed event types in one view (EVT-03), archived ones only when they are asked for. */
export const eventTypeTemplates: Many = {
  kind: "many",
  noun: "EventTypeTemplate",
  gate: needs("event-type:read"),
  from: (to) => `event_type_template ${to} where ${to}.org_id = $1`,
  filters: {
    status: oneOf("status", (to) => `${to}.status <> 'ARCHIVED'`),
    kind: oneOf("kind"),
  },
  orders: byCreation,
};

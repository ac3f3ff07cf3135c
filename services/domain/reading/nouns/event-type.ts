import { eventTypeInForce, type StoredEventType } from "../../event-types";
import { id, instant, needs, text, viewerMay, word } from "../columns";
import { byCreation, oneOf, uuidOfKind } from "../filters";
import type { Bind, Cell, Computed, Many, Noun, Run } from "../noun";

const ofTemplate = (column: string) => (e: string) =>
  `(select t.${column} from event_type_template t where t.org_id = $1 and t.id = ${e}.template_id)`;
const ofRevision = (e: string) =>
  `(select r.field_values from event_type_template_revision r
    where r.org_id = $1 and r.template_id = ${e}.template_id and r.revision = ${e}.base_revision)`;

/** What is in force: computed from the template's layers and the member's own (EVT-11). */
const inForce = (pick: (eventType: ReturnType<typeof eventTypeInForce>) => unknown): Computed => ({
  kind: "computed",
  columns: [
    (e) => `${e}.base_values`,
    (e) => `${e}.overrides`,
    ofTemplate("kind"),
    ofTemplate("field_values"),
    ofTemplate("locks"),
    ofRevision,
  ],
  value: ([base, overrides, kind, values, locks, assigned]) =>
    pick(
      eventTypeInForce({
        baseValues: parse(base) ?? {},
        overrides: parse(overrides) ?? {},
        templateKind: (kind ?? null) as StoredEventType["templateKind"],
        templateValues: parse(values),
        templateLocks: parse(locks),
        assignedValues: parse(assigned),
      }),
    ),
});

function parse<T>(cell: Cell | undefined): T | null {
  return cell == null ? null : (JSON.parse(cell) as T);
}

/** What invitees book with one member. */
export const eventType: Noun = {
  name: "EventType",
  key: (row) => `${row}.id`,
  members: {
    id: id("eventType"),
    name: text("name"),
    slug: text("slug"),
    delivery: text("delivery"),
    status: word("status"),
    kind: inForce((e) => e.kind),
    values: inForce((e) => e.values),
    lockedSections: inForce((e) => e.lockedSections),
    overriddenSections: inForce((e) => e.overriddenSections),
    createdAt: instant("created_at"),
    version: word("version"),
    viewerMay: viewerMay("event-type:own", "event-type:write"),
    member: {
      kind: "one",
      noun: "Member",
      join: (to, e) => `member ${to} on ${to}.org_id = $1 and ${to}.id = ${e}.member_id`,
    },
    template: {
      kind: "one",
      noun: "EventTypeTemplate",
      join: (to, e) => `event_type_template ${to} on ${to}.org_id = $1 and ${to}.id = ${e}.template_id`,
      gate: needs("event-type:read"),
    },
  },
};

const ownId = ({ caller }: Pick<Run, "caller">): string | null =>
  caller.kind === "person" || caller.kind === "token" ? caller.memberId : null;

/** A member's event types; the caller's own where nobody is named. */
export const eventTypes: Many = {
  kind: "many",
  noun: "EventType",
  gate: (caller, args) => {
    const wanted = args["memberId"];
    const own = wanted == null || uuidOfKind("member", wanted) === ownId({ caller });
    return own ? "event-type:own" : "event-type:read";
  },
  from: (to, _from, bind, argument) => {
    const memberId = argument("memberId");
    const whose = bind((run) => {
      const wanted = memberId(run);
      return wanted == null ? ownId(run) : uuidOfKind("member", wanted);
    });
    return `event_type ${to} where ${to}.org_id = $1 and ${to}.member_id = ${whose}::uuid`;
  },
  filters: { status: oneOf("status", (to) => `${to}.status <> 'ARCHIVED'`) },
  orders: byCreation,
};

/** One of the caller's own, or any for who may read them all; somebody else's is not there (GQL-13). */
export function visibleEventType(to: string, bind: Bind): string {
  const own = bind(ownId);
  const all = bind((run) => run.caller.permissions.has("event-type:read"));
  return `(${to}.member_id = ${own}::uuid or ${all}::boolean)`;
}

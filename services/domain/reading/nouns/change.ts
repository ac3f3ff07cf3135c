import { publicId, type Id, type IdKind } from "../../../kernel/ids";
import { eventNames, type EventName } from "../../../platform/events";
import { computed, id, instant, needs, word } from "../columns";
import type { Many, Noun } from "../noun";

/** `MEMBER_SUSPENDED`, as the name of an event is shown at a door. */
export function shownEvent(name: EventName): string {
  return name.toUpperCase().replace(".", "_");
}

const nameOfShown = new Map(eventNames.map((name) => [shownEvent(name), name]));

// Which kind of thing an id in the payload of an event names.
const kinds: Readonly<Record<string, IdKind>> = {
  memberId: "member",
  invitationId: "invitation",
  subscriptionId: "subscription",
  groupId: "group",
  templateId: "eventTypeTemplate",
  eventTypeId: "eventType",
  connectionId: "connection",
  domainId: "domain",
};

/** One thing that happened: what, when and to whom; who wants more asks for the thing (GQL-20). */
export const change: Noun = {
  name: "Change",
  key: (row) => `${row}.id`,
  members: {
    eventId: id("domainEvent"),
    type: word((e) => `replace(upper(${e}.name), '.', '_')`),
    at: instant("at"),
    subjectIds: computed(["payload"], ([payload]) =>
      Object.entries(JSON.parse(payload ?? "{}") as Record<string, unknown>).flatMap(([key, uuid]) => {
        const kind = kinds[key];
        return kind && typeof uuid === "string" ? [publicId(kind, uuid as Id<IdKind>)] : [];
      }),
    ),
  },
};

/**
 * What happened, in the order in which the sealer has numbered it: a late commit stands at the end, so whoever goes on
 * behind the last cursor they saw misses nothing.
 */
export const changes: Many = {
  kind: "many",
  noun: "Change",
  gate: needs("audit:read"),
  from: (to, _from, bind, argument) => {
    const types = argument("types");
    const wanted = bind((run) => namesOf(types(run)));
    return `domain_event ${to} where ${to}.org_id = $1 and ${to}.feed_seq is not null
              and (${wanted}::text[] is null or ${to}.name = any(${wanted}::text[]))`;
  },
  filters: {},
  orders: { FEED: { column: (e) => `${e}.feed_seq`, type: "number" } },
};

function namesOf(shown: unknown): string[] | null {
  return Array.isArray(shown) ? shown.flatMap((name) => nameOfShown.get(String(name)) ?? []) : null;
}

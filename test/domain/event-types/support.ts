import {
  createTemplate,
  listEventTypes,
  type EventType,
  type EventTypeTemplate,
} from "../../../services/domain/event-types";
import { newId, type EventTypeId, type MemberId } from "../../../services/kernel/ids";
import { sql, statement } from "../../../services/platform/sql";
import { deliverEvents } from "../../../services/worker/deliver-events";
import type { TestOrg } from "../../support/world";

export { refusal } from "../subscriptions/support";

export const makeTemplate = (
  org: TestOrg,
  slug: string,
  more: { kind?: string; values?: Record<string, unknown>; locks?: Record<string, unknown> } = {},
): Promise<EventTypeTemplate> =>
  org.run((tx) =>
    createTemplate(tx, {
      kind: more.kind ?? "ONE_ON_ONE",
      slug,
      values: { name: `The ${slug}`, ...more.values },
      ...(more.locks ? { locks: more.locks } : {}),
    }),
  );

/** What a member sees. */
export const eventTypesOf = (org: TestOrg, memberId: MemberId, withArchived = false): Promise<EventType[]> =>
  org.run((tx) => listEventTypes(tx, { memberId, first: 100, withArchived }));

const pending = statement(
  "test-undelivered",
  `select e.id from domain_event e where e.org_id = $1 and not exists (
     select 1 from event_delivery d where d.org_id = $1 and d.event_id = e.id) order by e.id`,
);

/** Hands every event that nobody has taken yet to its handlers, as the worker does. */
export async function deliverAll(org: TestOrg): Promise<void> {
  const rows = await org.run((tx) => sql(tx).many<{ id: string }>(pending, [tx.orgId]), org.system);
  await deliverEvents(org.db, { orgId: org.orgId, eventIds: rows.map((row) => row.id) });
}

const own = statement(
  "test-own-event-type",
  `insert into event_type (org_id, id, member_id, base_values, name, slug, created_at, updated_at)
   values ($1, $2, $3, $4, $5, $6, $7, $7)`,
);

/** An event type that a member made themselves; making one is of a later issue. */
export async function ownEventType(org: TestOrg, memberId: MemberId, slug: string): Promise<EventTypeId> {
  const id = newId("eventType");
  const values = { name: `My ${slug}`, durationMinutes: 45 };
  await org.run((tx) => sql(tx).exec(own, [tx.orgId, id, memberId, values, values.name, slug, tx.now]), org.system);
  return id;
}

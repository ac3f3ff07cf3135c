import type { DomainEvents, EventName } from "../platform/events";
import { sql, statement } from "../platform/sql";
import type { Tx } from "../platform/unit-of-work";

const find = statement(
  "event-find",
  `select id, name, payload, request_id as "requestId" from domain_event
   where org_id = $1 and id = any($2::uuid[]) and name = any($3::text[]) order by id`,
);
const claim = statement(
  "event-delivery-claim",
  `insert into event_delivery (org_id, event_id, handler, done_at) values ($1, $2, $3, $4) on conflict do nothing`,
);

/** An event as its handlers get it: what was announced, and which one it is. */
export type Delivered<N extends EventName = EventName> = { readonly id: string; readonly name: N } & DomainEvents[N];

export interface StoredEvent {
  readonly id: string;
  readonly name: EventName;
  readonly payload: DomainEvents[EventName];
  readonly requestId: string;
}

/** The events of a job that somebody listens to. */
export async function findEvents(tx: Tx, ids: readonly string[], names: readonly string[]): Promise<StoredEvent[]> {
  return sql(tx).many<StoredEvent>(find, [tx.orgId, ids, names]);
}

/**
 * Notes that a handler has taken an event, in the handler's own unit of work; false where it had before. Two workers
 * with the same job wait for each other here, so the effect comes once.
 */
export async function claimDelivery(tx: Tx, eventId: string, handler: string): Promise<boolean> {
  return (await sql(tx).exec(claim, [tx.orgId, eventId, handler, tx.now])) === 1;
}

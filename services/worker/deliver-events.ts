import { systemOf } from "../domain/access";
import { isUuid, type OrgId } from "../kernel/ids";
import type { Database } from "../platform/unit-of-work";
import { claimDelivery, findEvents, type StoredEvent } from "./deliveries.store";
import { handlers, handlersOf } from "./handlers";

/** What a job says: ids only, so that the queue holds nothing of the tenant. */
export interface DeliverJob {
  readonly orgId: OrgId;
  readonly eventIds: readonly string[];
}

/** Reads a job; one that is not ours is a fault of ours. */
export function readDeliverJob(payload: unknown): DeliverJob {
  const { orgId, eventIds } = (payload ?? {}) as { orgId?: unknown; eventIds?: unknown };
  if (typeof orgId !== "string" || !isUuid(orgId)) throw new Error("a delivery names its organization");
  if (!Array.isArray(eventIds) || !eventIds.every((id) => typeof id === "string")) {
    throw new Error("a delivery names its events");
  }
  return { orgId: orgId as OrgId, eventIds };
}

/**
 * Hands events to their handlers, each in a unit of work of its own, so that one that fails neither undoes nor holds up
 * the others. The job fails when one of them did, and is tried again: those that are done are skipped then.
 */
export async function deliverEvents(db: Database, job: DeliverJob, table = handlers): Promise<void> {
  const { orgId, eventIds } = job;
  const names = Object.keys(table);
  const events = await db.run(systemOf(orgId, "deliver-events"), (tx) => findEvents(tx, eventIds, names));
  const failures: unknown[] = [];
  for (const event of events) {
    for (const handler of handlersOf(table, event.name)) {
      await deliverTo(db, orgId, event, handler).catch((error: unknown) => failures.push(error));
    }
  }
  if (failures.length > 0) throw new AggregateError(failures, `${failures.length} handlers failed`);
}

async function deliverTo(
  db: Database,
  orgId: OrgId,
  stored: StoredEvent,
  handler: ReturnType<typeof handlersOf>[number],
): Promise<void> {
  const { id, name, payload, requestId } = stored;
  // What follows from a request carries its id, so that one search in the log shows all of it.
  await db.run(systemOf(orgId, requestId), async (tx) => {
    if (!(await claimDelivery(tx, id, handler.name))) return;
    await handler.handle(tx, { event: { ...payload, id, name } });
  });
}

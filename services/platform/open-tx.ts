import { newId, type OrgId } from "../kernel/ids";
import type { Caller } from "./caller";
import type { DomainEvent } from "./events";
import { openClient } from "./open-client";
import type { AuditDraft, EventDraft } from "./outbox";
import type { AuditNote, Instance, Tx } from "./tx";

/** A unit of work that runs, as the platform sees it. */
export class OpenTx implements Tx {
  readonly events: EventDraft[] = [];
  readonly entries: AuditDraft[] = [];
  private known: Caller | undefined;

  constructor(
    readonly orgId: OrgId,
    readonly now: Date,
    readonly instance: Instance,
    caller: Caller | undefined,
    readonly shadowOf: OrgId | undefined,
  ) {
    this.known = caller;
  }

  get caller(): Caller {
    if (!this.known) throw new Error("the caller is not identified yet");
    return this.known;
  }

  identified(caller: Caller): void {
    this.known = caller;
  }

  emit(event: DomainEvent): void {
    if (this.shadowOf !== undefined) return;
    const { name, ...payload } = event;
    this.events.push({ id: newId("domainEvent"), name, payload });
  }

  audit(entry: AuditNote): void {
    if (this.shadowOf !== undefined) return;
    this.entries.push({ id: newId("auditEntry"), ...entry });
  }
}

/** Remembers what was announced so far; the answer takes back what is announced after this. For `savepoint.ts`. */
export function markAnnounced(tx: Tx): () => void {
  const { events, entries } = tx as OpenTx;
  const { closing } = openClient(tx);
  const [eventsSoFar, entriesSoFar, closingSoFar] = [events.length, entries.length, closing.length];
  return () => {
    events.length = eventsSoFar;
    entries.length = entriesSoFar;
    closing.length = closingSoFar;
  };
}

/**
 * Does a part of a unit of work as another caller of the same organization: an administrator who repeats what an
 * identity provider asked for. What is announced still names whoever opened the unit.
 */
export async function actingAs<T>(tx: Tx, caller: Caller, work: () => Promise<T>): Promise<T> {
  const opener = tx.caller;
  (tx as OpenTx).identified(caller);
  try {
    return await work();
  } finally {
    (tx as OpenTx).identified(opener);
  }
}

import { Client } from "pg";

interface Inside {
  _getActiveQuery(): object | null | undefined;
  readonly _queryQueue: readonly object[];
}

/** Where statements were sent on a connection that was still busy with another. */
const queued: string[] = [];

/**
 * Watches every connection of the suite: one awaited statement at a time (DB-15). pg queues a second one today, warns,
 * and will stop doing so; and what waits behind a failed statement of a transaction fails for no reason of its own.
 */
export function watchConnections(): void {
  const send = Client.prototype.query as (this: Client, ...args: unknown[]) => unknown;
  Client.prototype.query = function (this: Client & Inside, ...args: unknown[]): unknown {
    if (this._getActiveQuery() || this._queryQueue.length > 0) {
      queued.push(new Error("sent on a busy connection").stack ?? "");
    }
    return send.apply(this, args);
  } as typeof Client.prototype.query;
}

/** What was found since the last call. */
export function takeQueued(): string[] {
  return queued.splice(0);
}

import { dayMs, plusMs } from "../../kernel/clock";
import { notFound, PlenumError } from "../../kernel/errors";
import type { ConnectionId } from "../../kernel/ids";
import { putOnAgenda, releaseName } from "../../platform/lobby";
import type { Caller } from "../../platform/caller";
import type { Database, Tx } from "../../platform/unit-of-work";
import { useCase } from "../access";
import { lockOrganization } from "../organizations";
import { requireFreshSession } from "./administrator";
import type { Settle } from "./agenda-work";
import { lockLive } from "./change-connection";
import type { Connection } from "./connection";
import { undeleteDays } from "./connection.rules";
import {
  findConnection,
  listDeletedConnections,
  lockConnectionRow,
  purgeConnectionRow,
  restoreConnectionRow,
  softDeleteConnection,
} from "./connection.store";
import { endSessionsOfConnection } from "./sessions.store";
import { syncEnforcement } from "./sync-enforcement";

/**
 * Deletes a connection: its sessions end with the commit, SCIM and sign-in stop. For 30 days it can be brought back;
 * who its people were is kept for good (SAML-12).
 * @throws PlenumError `not_found`, `stale_version`.
 */
export const deleteConnection = useCase(
  "identity:write",
  async (tx: Tx, input: { id: ConnectionId; ifVersion?: string }): Promise<void> => {
    await requireFreshSession(tx);
    await lockLive(tx, input.id, input.ifVersion);

    await softDeleteConnection(tx, input.id);
    const ended = await endSessionsOfConnection(tx, input.id, "CONNECTION_DELETED");
    await putOnAgenda(tx, "PURGE_CONNECTIONS", plusMs(tx.now, undeleteDays * dayMs));
    await syncEnforcement(tx);

    const target = { kind: "connection", id: input.id } as const;
    tx.audit({ action: "connection.delete", target, facts: { sessionsEnded: ended } });
    tx.emit({ name: "connection.changed", connectionId: input.id });
  },
  "deleteConnection",
);

/**
 * Brings a deleted connection back, switched off.
 * @throws PlenumError `not_found` for one that is not deleted or deleted for good; `conflict` beside five others.
 */
export const restoreConnection = useCase(
  "identity:write",
  async (tx: Tx, input: { id: ConnectionId }): Promise<Connection> => {
    await requireFreshSession(tx);
    await lockOrganization(tx);
    const deleted = await lockConnectionRow(tx, input.id);
    if (!deleted?.deletedAt || deleted.options.purged === true) throw notFound("deleted connection");
    if (!(await restoreConnectionRow(tx, input.id))) {
      throw new PlenumError("conflict", "an organization has at most five connections", { max: 5 });
    }

    tx.audit({ action: "connection.restore", target: { kind: "connection", id: input.id } });
    tx.emit({ name: "connection.changed", connectionId: input.id });
    const restored = await findConnection(tx, input.id);
    if (!restored) throw notFound("connection");
    return restored;
  },
  "restoreConnection",
);

/** Erases the keys, certificates and tokens of connections that were deleted 30 days ago, and frees their names. */
export const purgeDeletedConnections = useCase(
  "operate",
  async (tx: Tx, _input: object): Promise<Date | null> => {
    let next = null as Date | null;
    for (const { id, deletedAt, spEntityId } of await listDeletedConnections(tx)) {
      const purgeAt = plusMs(deletedAt ?? tx.now, undeleteDays * dayMs);
      if (purgeAt > tx.now) {
        next = next && next < purgeAt ? next : purgeAt;
        continue;
      }
      await purgeConnectionRow(tx, id);
      await releaseName(tx, "CONNECTION", id);
      if (spEntityId) await releaseName(tx, "SP_ENTITY_ID", spEntityId);
      tx.audit({ action: "connection.purge", target: { kind: "connection", id } });
    }
    return next;
  },
  "purgeDeletedConnections",
);

/** The agenda's work of it. */
export async function purgeConnections(db: Database, caller: Caller, settle: Settle): Promise<void> {
  await db.run(caller, async (tx) => settle(tx, await purgeDeletedConnections(tx, {})));
}

import { notFound, PlenumError } from "../../kernel/errors";
import type { ConnectionId } from "../../kernel/ids";
import { claimName, putOnAgenda, releaseName } from "../../platform/lobby";
import type { Tx } from "../../platform/unit-of-work";
import { useCase } from "../access";
import { requireFreshSession } from "./administrator";
import type { Connection } from "./connection";
import { applyChange, type ConnectionChange } from "./connection-change";
import { hasActiveSpKey, lockConnectionRow, updateConnection } from "./connection.store";
import { leaveIdentityProvider } from "./leave-identity-provider";
import { requireUsable } from "./require-usable";
import { takesResponses } from "./connection.rules";
import { syncEnforcement } from "./sync-enforcement";

/**
 * Changes the settings of a connection, on the locked row. One that takes responses keeps what validating needs
 * (SAML-05). Another identity provider's entity id makes every known identity a stranger (SAML-60).
 * @throws PlenumError `not_found`, `stale_version`, `invalid`, `conflict`, `duplicate` for an entity id in use.
 */
export const changeConnection = useCase(
  "identity:write",
  async (tx: Tx, input: { id: ConnectionId; change: ConnectionChange; ifVersion?: string }): Promise<Connection> => {
    await requireFreshSession(tx);
    const before = await lockLive(tx, input.id, input.ifVersion);
    const after = applyChange(tx, before, input.change);
    const changed = (Object.keys(after) as (keyof Connection)[]).filter((key) => !same(before[key], after[key]));
    if (changed.length === 0) return before;
    if (takesResponses(after.samlState)) await requireUsable(tx, after);
    await requireKeys(tx, after);

    if (after.spEntityId !== before.spEntityId) await moveEntityId(tx, before, after);
    const version = await updateConnection(tx, after);
    if (after.metadataUrl !== before.metadataUrl && after.metadataUrl) {
      await putOnAgenda(tx, "REFRESH_METADATA", tx.now);
    }
    await leaveIdentityProvider(tx, after.id, { from: before.idpEntityId, to: after.idpEntityId });
    // What rules give through this connection's groups and edges depends on it (SCIM-048).
    if (after.roleCeiling !== before.roleCeiling) await putOnAgenda(tx, "APPLY_RULES", tx.now);
    await syncEnforcement(tx);

    tx.audit({
      action: "connection.change",
      target: { kind: "connection", id: after.id },
      facts: { before: pick(before, changed), after: pick(after, changed) },
    });
    tx.emit({ name: "connection.changed", connectionId: after.id });
    return { ...after, version, updatedAt: tx.now };
  },
  "changeConnection",
);

/**
 * The connection for writing.
 * @throws PlenumError `not_found` for an unknown or deleted one, `stale_version`.
 */
export async function lockLive(tx: Tx, id: ConnectionId, ifVersion?: string): Promise<Connection> {
  const connection = await lockConnectionRow(tx, id);
  if (!connection || connection.deletedAt) throw notFound("connection");
  if (ifVersion !== undefined && ifVersion !== connection.version) {
    throw new PlenumError("stale_version", "the connection has changed since", { version: connection.version });
  }
  return connection;
}

async function requireKeys(tx: Tx, { id, signRequests, requireEncryption }: Connection): Promise<void> {
  if (signRequests && !(await hasActiveSpKey(tx, id, "SIGNING"))) throw noKey("SIGNING");
  if (requireEncryption && !(await hasActiveSpKey(tx, id, "ENCRYPTION"))) throw noKey("ENCRYPTION");
}

function noKey(use: "SIGNING" | "ENCRYPTION"): PlenumError {
  return new PlenumError("conflict", `this needs a key of our own for ${use.toLowerCase()} first`, {
    missing: "spKey",
    use,
  });
}

// An override is claimed in the world's directory: two connections with one entity id could be taken for each other.
async function moveEntityId(tx: Tx, before: Connection, after: Connection): Promise<void> {
  if (after.spEntityId) await claimName(tx, "SP_ENTITY_ID", after.spEntityId, after.id);
  if (before.spEntityId) await releaseName(tx, "SP_ENTITY_ID", before.spEntityId);
}

function same(a: unknown, b: unknown): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}

function pick(connection: Connection, keys: readonly (keyof Connection)[]): Record<string, unknown> {
  return Object.fromEntries(keys.map((key) => [key, connection[key]]));
}

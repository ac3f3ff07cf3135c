import { PlenumError } from "../../kernel/errors";
import { newId, type ConnectionId } from "../../kernel/ids";
import { claimName, putOnAgenda } from "../../platform/lobby";
import type { Tx } from "../../platform/unit-of-work";
import { lockOrganization } from "../organizations";
import { connectionsMax } from "./connection.rules";
import { insertConnection, oldestConnection } from "./connections.store";

/**
 * Adds an empty identity connection and lists its id in the directory, where the SAML door finds the organization.
 * @throws PlenumError `conflict` at the sixth.
 */
export async function addConnection(tx: Tx, name: string): Promise<ConnectionId> {
  await lockOrganization(tx);
  const id = newId("connection");
  if (!(await insertConnection(tx, { id, name, vouchedByOperator: tx.caller.kind === "operator" }))) {
    throw new PlenumError("conflict", `an organization has at most ${connectionsMax} connections`, {
      max: connectionsMax,
    });
  }
  await claimName(tx, "CONNECTION", id, id);
  await putOnAgenda(tx, "EXPIRY_NOTICES", tx.now);

  tx.audit({ action: "connection.add", target: { kind: "connection", id }, facts: { name } });
  tx.emit({ name: "connection.changed", connectionId: id });
  return id;
}

/** The organization's oldest connection, made where there is none. */
export async function ensureConnection(tx: Tx, name: string): Promise<ConnectionId> {
  return (await oldestConnection(tx)) ?? addConnection(tx, name);
}

import { notFound, PlenumError } from "../../kernel/errors";
import type { ConnectionId } from "../../kernel/ids";
import type { Caller } from "../../platform/caller";
import { putOnAgenda } from "../../platform/lobby";
import type { Database, Tx } from "../../platform/unit-of-work";
import { useCase } from "../access";
import { changeMember } from "../members";
import { tellOfRun } from "./guard.mail";
import {
  findLeftBehind,
  finishSettlements,
  forgetAsked,
  nextToSettle,
  noteAsked,
  releaseMember,
  writeSettlement,
  type Settlement,
} from "./settlement.store";

/**
 * A connection was switched off or deleted: its members stay as they are, and the administrators are asked once what
 * shall become of them (SCIM-192). Reads the present state, so it may run late and twice.
 */
export const onConnectionChanged = useCase(
  "operate",
  async (tx: Tx, { event }: { event: { readonly connectionId: ConnectionId } }): Promise<void> => {
    const connection = await findLeftBehind(tx, event.connectionId);
    if (!connection) return;
    if (connection.provisions) return forgetAsked(tx, connection.id);
    if (connection.members === 0 || !(await noteAsked(tx, connection.id))) return;
    await tellOfRun(tx, "left_behind", { connection: connection.name, members: connection.members });
  },
  "onConnectionChanged",
);

/**
 * Says what becomes of the members of a connection that provisions no more: KEEP makes them local members,
 * DEACTIVATE suspends them first, owners excepted. The worker does it, a member at a time. Answers how many there are.
 * @throws PlenumError `not_found`; `conflict` while the connection still provisions.
 */
export const settleConnection = useCase(
  "identity:write",
  async (tx: Tx, input: { connectionId: ConnectionId; settlement: Settlement }): Promise<number> => {
    const { connectionId, settlement } = input;
    const connection = await findLeftBehind(tx, connectionId);
    if (!connection) throw notFound("connection");
    if (connection.provisions) {
      throw new PlenumError("conflict", "this connection still provisions its members; switch SCIM off first", {});
    }

    await writeSettlement(tx, connectionId, settlement);
    await putOnAgenda(tx, "SETTLE_CONNECTIONS", tx.now);

    const facts = { settlement, members: connection.members };
    tx.audit({ action: "connection.settle", target: { kind: "connection", id: connectionId }, facts });
    return connection.members;
  },
  "settleConnection",
);

/** Settles one member; false when nobody is left. */
export const settleNextMember = useCase(
  "operate",
  async (tx: Tx, _input: object): Promise<boolean> => {
    const next = await nextToSettle(tx);
    if (!next) {
      await finishSettlements(tx);
      return false;
    }
    const { memberId, settlement, status, role } = next;
    // Whoever could lock everybody out is left to the owners themselves (SCIM-189).
    if (settlement === "DEACTIVATE" && status !== "SUSPENDED" && role !== "OWNER") {
      await changeMember(tx, { id: memberId, changes: [{ kind: "suspend" }] });
    }
    await releaseMember(tx, memberId);
    return true;
  },
  "settleNextMember",
);

/** Works through everybody who is to be settled, one member per unit of work (ruling a10). */
export async function settleConnections(db: Database, caller: Caller): Promise<void> {
  while (await db.run(caller, (tx) => settleNextMember(tx, {})));
}

import { notFound } from "../../kernel/errors";
import type { ConnectionId } from "../../kernel/ids";
import { parseText } from "../../kernel/text";
import type { Tx } from "../../platform/unit-of-work";
import { useCase } from "../access";
import { requireEntitlement } from "../organizations";
import { addConnection } from "./add-connection";
import { requireFreshSession } from "./administrator";
import { findConnection, hasActiveSpKey } from "./connection.store";
import { oldestConnection } from "./connections.store";
import type { FreshKeys } from "./self-signed";
import { storeFirstKey } from "./sp-keys";

/**
 * Refuses what would be refused anyway before a second of work goes into a key, and says whether one is needed: a new
 * connection needs its own, one that signs already keeps it.
 * @throws PlenumError `entitlement_required`, `forbidden` for an old session, `not_found`.
 */
export const prepareConnection = useCase(
  "identity:write",
  async (tx: Tx, input: { id?: ConnectionId; isNew?: boolean }): Promise<{ needsKeys: boolean }> => {
    await requireFreshSession(tx);
    await requireEntitlement(tx, "sso");
    const id = input.isNew === true ? undefined : (input.id ?? (await oldestConnection(tx)));
    if (id === undefined) return { needsKeys: true };
    if (!(await findConnection(tx, id))) throw notFound("connection");
    return { needsKeys: !(await hasActiveSpKey(tx, id, "SIGNING")) };
  },
  "prepareConnection",
);

/**
 * Makes an empty connection, a draft with addresses and a signing key of its own: what somebody enters at the identity
 * provider before that has metadata to give.
 * @throws PlenumError `conflict` at the sixth; `entitlement_required`, `forbidden`, `invalid`.
 */
export const createConnection = useCase(
  "identity:write",
  async (tx: Tx, input: { name: string; keys: FreshKeys }): Promise<ConnectionId> => {
    await requireFreshSession(tx);
    await requireEntitlement(tx, "sso");
    const id = await addConnection(tx, parseText("name", input.name, { max: 120 }));
    await storeFirstKey(tx, id, "SIGNING", input.keys);
    return id;
  },
  "createConnection",
);

import { dayMs, plusMs } from "../../kernel/clock";
import { notFound, PlenumError } from "../../kernel/errors";
import { newId, publicId, type ConnectionId, type SpKeyId } from "../../kernel/ids";
import { putOnAgenda } from "../../platform/lobby";
import type { Tx } from "../../platform/unit-of-work";
import { requirePermission, useCase } from "../access";
import { requireFreshSession } from "./administrator";
import { bumpConnection } from "./certificate.store";
import { lockLive } from "./change-connection";
import { keyPlace } from "./saml-connection";
import { selfSigned } from "./self-signed";
import {
  findSpKey,
  insertSpKeyRow,
  listSpKeyRows,
  setSpKeyStatus,
  stepDownActiveKey,
  type SpKeyStatus,
  type SpKeyUse,
  type SpKeyView,
} from "./sp-key.store";

/** Three years, as `makeSpKey` gives the first one (SAML-15). */
const validDays = 3 * 365;
const keysMax = 10;

// Each step can be taken back. A key in use is not retired: another takes its place first, and it steps back to
// PUBLISHED, where identity providers that have not read the new metadata yet still find it.
const steps: Readonly<Record<SpKeyStatus, readonly SpKeyStatus[]>> = {
  NEXT: ["PUBLISHED", "RETIRED"],
  PUBLISHED: ["NEXT", "ACTIVE", "RETIRED"],
  ACTIVE: [],
  RETIRED: ["PUBLISHED"],
};

/**
 * Makes a key of our own for a connection: the first of its use is active at once, every other waits as NEXT, in nobody's
 * metadata, until it is published.
 * @throws PlenumError `not_found`, `conflict` with ten kept already.
 */
export const addSpKey = useCase(
  "identity:write",
  async (tx: Tx, input: { connectionId: ConnectionId; use: SpKeyUse }): Promise<SpKeyView> => {
    await requireFreshSession(tx);
    requirePermission(tx, "identity:write");
    // Made before anything is locked: 3072 bits take a second.
    const [validFrom, validTo] = [tx.now, plusMs(tx.now, validDays * dayMs)];
    const name = `Plenum ${publicId("connection", input.connectionId)}`;
    const made = await selfSigned(name, { from: validFrom, until: validTo });
    await lockLive(tx, input.connectionId);
    const kept = (await listSpKeyRows(tx, input.connectionId)).filter((key) => key.status !== "RETIRED");
    if (kept.length >= keysMax) throw new PlenumError("conflict", `at most ${keysMax} keys`, { max: keysMax });

    const id = newId("spKey");
    const isFirst = !kept.some((key) => key.use === input.use && key.status === "ACTIVE");
    const status = isFirst ? "ACTIVE" : "NEXT";
    const privateKeySealed = await tx.instance.keyring.seal(tx, keyPlace(id), made.privateKeyPem);
    const key = { ...input, id, status, certificate: made.certificatePem, validFrom, validTo } as const;
    await insertSpKeyRow(tx, { ...key, privateKeySealed });

    await putOnAgenda(tx, "EXPIRY_NOTICES", tx.now);
    await announce(tx, key, null);
    return { ...key, createdAt: tx.now };
  },
  "addSpKey",
);

/**
 * Takes a key one step further, or back: next → published → active → retired (SAML-15). The one that was active stays
 * published, so that the metadata carries both while identity providers follow.
 * @throws PlenumError `conflict` for a step that there is not, naming those that there are; `not_found`.
 */
export const moveSpKey = useCase(
  "identity:write",
  async (tx: Tx, input: { id: SpKeyId; to: SpKeyStatus }): Promise<SpKeyView> => {
    await requireFreshSession(tx);
    const looked = await findSpKey(tx, input.id);
    if (!looked) throw notFound("key");
    await lockLive(tx, looked.connectionId);
    const before = await findSpKey(tx, input.id);
    if (!before) throw notFound("key");
    if (before.status === input.to) return before;
    if (!steps[before.status].includes(input.to)) {
      const facts = { from: before.status, to: input.to, next: steps[before.status] };
      throw new PlenumError("conflict", `a key does not go from ${before.status} to ${input.to}`, facts);
    }

    if (input.to === "ACTIVE") await stepDownActiveKey(tx, before.connectionId, before.use);
    await setSpKeyStatus(tx, input.id, input.to);

    const after = { ...before, status: input.to };
    await announce(tx, after, before.status);
    return after;
  },
  "moveSpKey",
);

async function announce(tx: Tx, key: Omit<SpKeyView, "createdAt">, from: SpKeyStatus | null): Promise<void> {
  const { id, connectionId, use, status, validTo } = key;
  await bumpConnection(tx, connectionId);
  const facts = { key: publicId("spKey", id), use, from, to: status, validTo: validTo.toISOString() };
  tx.audit({ action: "sp_key.move", target: { kind: "connection", id: connectionId }, facts });
  tx.emit({ name: "connection.changed", connectionId });
}

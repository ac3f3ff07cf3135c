import { dayMs, plusMs } from "../../kernel/clock";
import { notFound, PlenumError } from "../../kernel/errors";
import { newId, publicId, type ConnectionId, type SpKeyId } from "../../kernel/ids";
import { putOnAgenda } from "../../platform/lobby";
import type { Caller } from "../../platform/caller";
import type { Entrance } from "../../platform/tx";
import type { Database, Tx } from "../../platform/unit-of-work";
import { useCase } from "../access";
import { requireFreshSession } from "./administrator";
import { bumpConnection } from "./certificate.store";
import { lockLive } from "./change-connection";
import { keyPlace } from "./saml-connection";
import { selfSigned, type SelfSigned } from "./self-signed";
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

interface NewKey {
  readonly connectionId: ConnectionId;
  readonly use: SpKeyUse;
}

/** Refuses what could not be kept, before a second of work goes into it. */
export const prepareSpKey = useCase(
  "identity:write",
  async (tx: Tx, input: NewKey): Promise<{ validFrom: Date; validTo: Date }> => {
    await requireFreshSession(tx);
    await lockLive(tx, input.connectionId);
    await keptKeys(tx, input.connectionId);
    return { validFrom: tx.now, validTo: plusMs(tx.now, validDays * dayMs) };
  },
  "prepareSpKey",
);

/** Keeps a key that was made. */
export const storeSpKey = useCase(
  "identity:write",
  async (tx: Tx, input: NewKey & { made: SelfSigned; validFrom: Date; validTo: Date }): Promise<SpKeyView> => {
    const { connectionId, use, made, validFrom, validTo } = input;
    await lockLive(tx, connectionId);
    const kept = await keptKeys(tx, connectionId);

    const id = newId("spKey");
    const isFirst = !kept.some((key) => key.use === use && key.status === "ACTIVE");
    const status = isFirst ? "ACTIVE" : "NEXT";
    const privateKeySealed = await tx.instance.keyring.seal(tx, keyPlace(id), made.privateKeyPem);
    const key = { id, connectionId, use, status, certificate: made.certificatePem, validFrom, validTo } as const;
    await insertSpKeyRow(tx, { ...key, privateKeySealed });

    await putOnAgenda(tx, "EXPIRY_NOTICES", tx.now);
    await announce(tx, key, null);
    return { ...key, createdAt: tx.now };
  },
  "storeSpKey",
);

/**
 * Makes a key of our own for a connection: the first of its use is active at once, every other waits as NEXT, in nobody's
 * metadata, until it is published. Between two units of work, since 3072 bits take a second or, on a busy machine, more
 * than a transaction may be idle.
 * @throws PlenumError `not_found`, `conflict` with ten kept already.
 */
export async function addSpKey(db: Database, who: Caller | Entrance, input: NewKey): Promise<SpKeyView> {
  const validity = await db.run(who, (tx) => prepareSpKey(tx, input));
  const name = `Plenum ${publicId("connection", input.connectionId)}`;
  const made = await selfSigned(name, { from: validity.validFrom, until: validity.validTo });
  return db.run(who, (tx) => storeSpKey(tx, { ...input, ...validity, made }));
}

async function keptKeys(tx: Tx, connectionId: ConnectionId): Promise<SpKeyView[]> {
  const kept = (await listSpKeyRows(tx, connectionId)).filter((key) => key.status !== "RETIRED");
  if (kept.length >= keysMax) throw new PlenumError("conflict", `at most ${keysMax} keys`, { max: keysMax });
  return kept;
}

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

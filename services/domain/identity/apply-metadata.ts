import { createHash, randomInt } from "node:crypto";
import type { ConnectionId } from "../../kernel/ids";
import { putOnAgenda } from "../../platform/lobby";
import type { Tx } from "../../platform/unit-of-work";
import { useCase } from "../access";
import {
  bumpConnection,
  insertCertificate,
  listCertificateRows,
  setCertificateAbsent,
  setCertificateStatus,
} from "./certificate.store";
import { lockLive } from "./change-connection";
import type { Connection } from "./connection";
import { updateConnection } from "./connection.store";
import { diffMetadata, type MetadataDiff } from "./metadata-diff";
import { cacheDurationMs, nextFetchAt, retryFetchAt } from "./metadata-schedule";
import { noteFetch } from "./metadata.store";
import { markNotice } from "./notices.store";
import { readMetadata } from "./read-metadata";
import type { IdpRecord } from "./saml-settings";
import { syncEnforcement } from "./sync-enforcement";
import { tellAdministrators } from "./tell-administrators";

/** What a refresh has brought. */
export interface MetadataOutcome {
  /** Fingerprints that vouch from now on. */
  readonly added: readonly string[];
  /** Fingerprints that wait for an administrator. */
  readonly pending: readonly string[];
  readonly retired: readonly string[];
  /** Settings that the metadata has otherwise and that only a person changes. */
  readonly differing: readonly string[];
}

/**
 * Applies fetched metadata to a connection, by its mode: `auto` takes new keys at once, `ask` lets them wait for an
 * administrator. Another entity id or another host is never taken over by itself; a key that is not listed any more
 * vouches for seven more days at least, and for good where it would be the last (SAML-06).
 * @throws PlenumError `invalid` where the text is no metadata of this identity provider.
 */
export const applyMetadata = useCase(
  "identity:write",
  async (tx: Tx, input: { id: ConnectionId; url: string; xml: string }): Promise<MetadataOutcome> => {
    const connection = await lockLive(tx, input.id);
    const { idpEntityId } = connection;
    const options = { now: tx.now, httpAllowed: tx.instance.publicUrl.startsWith("http:") };
    const record = readMetadata(input.xml, { ...options, ...(idpEntityId === null ? {} : { entityId: idpEntityId }) });
    if (connection.metadataUrl !== input.url) return nothing;

    const outcome = idpEntityId === null ? await fill(tx, connection, record) : await follow(tx, connection, record);
    const said = { cacheMs: cacheDurationMs(input.xml, tx.now), validUntil: record.validUntil };
    const dueAt = nextFetchAt(tx.now, said, randomInt(1_001) / 1_000);
    await noteFetch(tx, input.id, { dueAt, failures: 0, validUntil: record.validUntil });
    await putOnAgenda(tx, "REFRESH_METADATA", dueAt);
    return outcome;
  },
  "applyMetadata",
);

/** Notes that metadata could not be fetched or read, and when it is tried again. */
export const noteMetadataFailure = useCase(
  "identity:write",
  async (tx: Tx, input: { id: ConnectionId; reason: string }): Promise<void> => {
    const connection = await lockLive(tx, input.id);
    const failures = connection.metadataFailures + 1;
    await noteFetch(tx, input.id, { dueAt: retryFetchAt(tx.now, failures), failures, validUntil: null });

    tx.audit({
      action: "metadata.refresh",
      target: { kind: "connection", id: input.id },
      facts: { reason: input.reason, failures },
      result: "DENIED",
    });
  },
  "noteMetadataFailure",
);

const nothing: MetadataOutcome = { added: [], pending: [], retired: [], differing: [] };

// The first time there is nothing to compare with: an administrator has named the address of a draft.
async function fill(tx: Tx, connection: Connection, record: IdpRecord): Promise<MetadataOutcome> {
  const { certificates, validUntil: _, ...settings } = record;
  for (const certificate of certificates) await insertCertificate(tx, connection.id, certificate, "LIVE");
  // Signing needs a key of ours first; whoever makes one switches it on.
  await updateConnection(tx, { ...connection, ...settings, signRequests: connection.signRequests });
  const outcome = { ...nothing, added: certificates.map((c) => c.sha256) };
  await announce(tx, connection, outcome);
  return outcome;
}

async function follow(tx: Tx, connection: Connection, record: IdpRecord): Promise<MetadataOutcome> {
  const known = await listCertificateRows(tx, connection.id);
  const diff = diffMetadata(connection, known, record, tx.now);
  const isAuto = connection.metadataMode === "auto";
  const taken = await takeKeys(tx, connection, diff, isAuto);
  const retired = isAuto ? diff.outlived : [];
  for (const { id } of [...retired, ...diff.withdrawn]) await setCertificateStatus(tx, id, "RETIRED");
  for (const { id } of diff.absent.filter((c) => !retired.includes(c))) await setCertificateAbsent(tx, id, true);
  for (const { id } of diff.present) await setCertificateAbsent(tx, id, false);
  const moves = isAuto && Object.keys(diff.moved).length > 0;
  if (moves) await updateConnection(tx, { ...connection, ...diff.moved });

  const differing = [...diff.differing, ...(moves ? [] : Object.keys(diff.moved))];
  const outcome = { ...taken, retired: retired.map((c) => c.sha256), differing };
  if (outcome.added.length + outcome.pending.length + outcome.retired.length > 0 || moves) {
    await bumpConnection(tx, connection.id);
    await syncEnforcement(tx);
    await announce(tx, connection, outcome);
  }
  await tell(tx, connection, outcome);
  return outcome;
}

async function takeKeys(
  tx: Tx,
  connection: Connection,
  diff: MetadataDiff,
  isAuto: boolean,
): Promise<Pick<MetadataOutcome, "added" | "pending">> {
  const status = isAuto ? "LIVE" : "PENDING";
  const returned = diff.returned.slice(0, Math.max(0, diff.room));
  const fresh = diff.fresh.slice(0, Math.max(0, diff.room - returned.length));
  for (const { id } of returned) await setCertificateStatus(tx, id, status);
  for (const certificate of fresh) await insertCertificate(tx, connection.id, certificate, status);
  const names = [...returned, ...fresh].map((c) => c.sha256);
  return isAuto ? { added: names, pending: [] } : { added: [], pending: names };
}

async function announce(tx: Tx, { id }: Connection, outcome: MetadataOutcome): Promise<void> {
  await putOnAgenda(tx, "EXPIRY_NOTICES", tx.now);
  tx.audit({ action: "metadata.refresh", target: { kind: "connection", id }, facts: { ...outcome } });
  tx.emit({ name: "connection.changed", connectionId: id });
}

async function tell(tx: Tx, { id, name }: Connection, { pending, differing }: MetadataOutcome): Promise<void> {
  if (pending.length > 0) await tellAdministrators(tx, "certificate_pending", { connection: name });
  if (differing.length === 0) return;
  const digest = createHash("sha256").update(differing.join()).digest("hex").slice(0, 16);
  // The metadata goes on differing until somebody acts; saying so once is enough.
  if (!(await markNotice(tx, id, `differs:${digest}`))) return;
  await tellAdministrators(tx, "metadata_differs", { connection: name, what: differing.join(", ") });
  tx.audit({ action: "metadata.differs", target: { kind: "connection", id }, facts: { differing } });
}

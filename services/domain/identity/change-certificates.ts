import { notFound, PlenumError } from "../../kernel/errors";
import type { ConnectionId, IdpCertificateId } from "../../kernel/ids";
import { putOnAgenda } from "../../platform/lobby";
import type { Tx } from "../../platform/unit-of-work";
import { useCase } from "../access";
import { requireFreshSession } from "./administrator";
import {
  bumpConnection,
  findCertificate,
  insertCertificate,
  listCertificateRows,
  setCertificateStatus,
  type ConnectionCertificate,
} from "./certificate.store";
import { badConnection, certificatesMax, readCertificate } from "./certificates";
import { lockLive } from "./change-connection";
import { takesResponses } from "./connection.rules";
import { requireUsable } from "./require-usable";
import type { CertificateStatus } from "./saml-connections.store";
import { endSessionsOfConnection } from "./sessions.store";
import { syncEnforcement } from "./sync-enforcement";

/**
 * Adds a certificate of the identity provider: it vouches at once beside the others, so that its keys can change without
 * an hour in which nobody gets in (SAML-16). A retired one comes back; a compromised one never does.
 * @throws PlenumError `invalid` with the reason, `conflict` at the sixth, `not_found`.
 */
export const addCertificate = useCase(
  "identity:write",
  async (tx: Tx, input: { connectionId: ConnectionId; certificate: string }): Promise<ConnectionCertificate> => {
    await requireFreshSession(tx);
    const parsed = readCertificate("certificate", input.certificate);
    await lockLive(tx, input.connectionId);
    const listed = await listCertificateRows(tx, input.connectionId);
    const known = listed.find((certificate) => certificate.sha256 === parsed.sha256);
    if (known?.status === "COMPROMISED") {
      throw badConnection("certificate", "compromised_certificate", "a certificate that was not marked as compromised");
    }
    if (known?.status === "LIVE") {
      throw new PlenumError("duplicate", "this certificate is listed already", { field: "certificate" });
    }
    refuseSixth(listed.filter((certificate) => certificate.id !== known?.id));

    if (known) await setCertificateStatus(tx, known.id, "LIVE");
    const id = known?.id ?? (await insertCertificate(tx, input.connectionId, parsed, "LIVE"));

    await putOnAgenda(tx, "EXPIRY_NOTICES", tx.now);
    return conclude(tx, id, "certificate.add");
  },
  "addCertificate",
);

/** Takes a certificate that metadata announced into use; whoever does so has compared its fingerprint (SAML-06). */
export const acceptCertificate = useCase(
  "identity:write",
  async (tx: Tx, input: { id: IdpCertificateId }): Promise<ConnectionCertificate> => {
    await requireFreshSession(tx);
    const certificate = await lockWith(tx, input.id);
    if (certificate.status !== "PENDING") throw notPossible(certificate.status, "accepted");
    const listed = await listCertificateRows(tx, certificate.connectionId);
    refuseSixth(listed.filter(({ status }) => status === "LIVE"));

    await setCertificateStatus(tx, input.id, "LIVE");

    await putOnAgenda(tx, "EXPIRY_NOTICES", tx.now);
    return conclude(tx, input.id, "certificate.accept");
  },
  "acceptCertificate",
);

/**
 * Retires a certificate: what it signs is refused from now on, its sessions go on.
 * @throws PlenumError `conflict` for the last one of a connection that takes responses.
 */
export const retireCertificate = useCase(
  "identity:write",
  async (tx: Tx, input: { id: IdpCertificateId }): Promise<ConnectionCertificate> => {
    await requireFreshSession(tx);
    const certificate = await lockWith(tx, input.id);
    if (certificate.status !== "LIVE" && certificate.status !== "PENDING") {
      throw notPossible(certificate.status, "retired");
    }

    await setCertificateStatus(tx, input.id, "RETIRED");
    const connection = await lockLive(tx, certificate.connectionId);
    if (takesResponses(connection.samlState) && certificate.status === "LIVE") await requireUsable(tx, connection);

    return conclude(tx, input.id, "certificate.retire");
  },
  "retireCertificate",
);

/**
 * Says that a certificate's key is in wrong hands: it vouches for nothing any more, even where it was the last, and all
 * sessions of the connection end with this commit, since nobody can tell which of them were forged (SAML-10, A94).
 */
export const compromiseCertificate = useCase(
  "identity:write",
  async (tx: Tx, input: { id: IdpCertificateId }): Promise<{ sessionsEnded: number }> => {
    await requireFreshSession(tx);
    const certificate = await lockWith(tx, input.id);
    if (certificate.status === "COMPROMISED") return { sessionsEnded: 0 };

    await setCertificateStatus(tx, input.id, "COMPROMISED");
    const sessionsEnded = await endSessionsOfConnection(tx, certificate.connectionId, "CERTIFICATE_COMPROMISED");

    await conclude(tx, input.id, "certificate.compromise", { severity: "high", sessionsEnded });
    return { sessionsEnded };
  },
  "compromiseCertificate",
);

// The connection's row is the lock for everything that verifying rests on.
async function lockWith(tx: Tx, id: IdpCertificateId): Promise<ConnectionCertificate> {
  const before = await findCertificate(tx, id);
  if (!before) throw notFound("certificate");
  await lockLive(tx, before.connectionId);
  const certificate = await findCertificate(tx, id);
  if (!certificate) throw notFound("certificate");
  return certificate;
}

function refuseSixth(others: readonly ConnectionCertificate[]): void {
  const counted = others.filter(({ status }) => status === "LIVE" || status === "PENDING");
  if (counted.length >= certificatesMax) {
    throw new PlenumError("conflict", `at most ${certificatesMax} certificates; retire one first`, {
      max: certificatesMax,
    });
  }
}

function notPossible(status: CertificateStatus, what: string): PlenumError {
  return new PlenumError("conflict", `a ${status.toLowerCase()} certificate cannot be ${what}`, { status });
}

async function conclude(tx: Tx, id: IdpCertificateId, action: string, more = {}): Promise<ConnectionCertificate> {
  const certificate = await findCertificate(tx, id);
  if (!certificate) throw notFound("certificate");
  const { connectionId, sha256, subject, status } = certificate;
  await bumpConnection(tx, connectionId);
  await syncEnforcement(tx);

  tx.audit({ action, target: { kind: "connection", id: connectionId }, facts: { sha256, subject, status, ...more } });
  tx.emit({ name: "connection.changed", connectionId });
  return certificate;
}

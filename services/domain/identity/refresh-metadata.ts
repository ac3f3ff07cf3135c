import { PlenumError, notFound } from "../../kernel/errors";
import type { ConnectionId } from "../../kernel/ids";
import type { Caller } from "../../platform/caller";
import { fetchSafely, metadataFetch, OutboundRefused, type OutboundResponse } from "../../platform/outbound";
import type { Entrance } from "../../platform/tx";
import type { Database, Tx } from "../../platform/unit-of-work";
import { useCase } from "../access";
import { hasEntitlement } from "../organizations";
import type { Settle } from "./agenda-work";
import { badConnection } from "./certificates";
import { findConnection } from "./connection.store";
import { applyMetadata, noteMetadataFailure, type MetadataOutcome } from "./apply-metadata";
import { readEndpoint } from "./saml-settings";
import { listDueMetadata, nextMetadataDue, type DueMetadata } from "./metadata.store";

/** Fetches one address; tests put their own network here. */
export type MetadataFetcher = (url: string) => Promise<OutboundResponse>;

// Only the operator can open their own network, for the whole installation and never from within an organization.
const metadataFetcher =
  ({ instance }: Database): MetadataFetcher =>
  (url) =>
    fetchSafely({
      ...metadataFetch,
      url,
      headers: { Accept: "application/samlmetadata+xml, application/xml, text/xml" },
      privateAllowed: instance.privateMetadata === true,
    });

/** Which address a connection's metadata is fetched from. */
export const metadataAddress = useCase(
  "identity:write",
  async (tx: Tx, input: { id: ConnectionId }): Promise<DueMetadata> => {
    const connection = await findConnection(tx, input.id);
    if (!connection) throw notFound("connection");
    if (connection.metadataUrl === null) {
      throw new PlenumError("conflict", "this connection has no metadata address", { missing: "metadataUrl" });
    }
    return { id: input.id, url: connection.metadataUrl };
  },
  "metadataAddress",
);

/** The connections whose metadata is due. */
export const dueMetadata = useCase(
  "operate",
  async (tx: Tx, _input: object): Promise<DueMetadata[]> =>
    (await hasEntitlement(tx, "sso")) ? listDueMetadata(tx) : [],
  "dueMetadata",
);

/**
 * Fetches a connection's metadata now and applies what may follow by itself; a short unit of work before and one after,
 * none while the network is waited for (SAML-06).
 * @throws PlenumError `invalid` with the reason where it cannot be fetched or read; the failure is noted.
 */
export async function refreshMetadata(
  db: Database,
  who: Caller | Entrance,
  input: { id: ConnectionId },
  fetcher: MetadataFetcher = metadataFetcher(db),
): Promise<MetadataOutcome> {
  const { id, url } = await db.run(who, (tx) => metadataAddress(tx, input));
  try {
    const xml = await fetchText(url, fetcher);
    return await db.run(who, (tx) => applyMetadata(tx, { id, url, xml }));
  } catch (error) {
    if (error instanceof PlenumError && error.code === "invalid") {
      await db.run(who, (tx) => noteMetadataFailure(tx, { id, reason: String(error.facts["reason"]) }));
    }
    throw error;
  }
}

/** The agenda's work: every due connection, one after the other; one that fails waits longer each time. */
export async function refreshDueMetadata(
  db: Database,
  caller: Caller,
  settle: Settle,
  fetcher: MetadataFetcher = metadataFetcher(db),
): Promise<void> {
  for (const { id } of await db.run(caller, (tx) => dueMetadata(tx, {}))) {
    await refreshMetadata(db, caller, { id }, fetcher).catch((error: unknown) => {
      if (!(error instanceof PlenumError)) throw error;
    });
  }
  await db.run(caller, async (tx) => settle(tx, await nextMetadataDue(tx)));
}

/**
 * The metadata behind an address, fetched as one that somebody else chose is (SAML-07).
 * @throws PlenumError `invalid` with the reason where it cannot be had.
 */
export async function fetchMetadataText(
  db: Database,
  url: string,
  fetcher: MetadataFetcher = metadataFetcher(db),
): Promise<string> {
  readEndpoint("metadataUrl", url, { httpAllowed: false });
  return fetchText(url, fetcher);
}

async function fetchText(url: string, fetcher: MetadataFetcher): Promise<string> {
  try {
    const { status, body } = await fetcher(url);
    if (status !== 200) throw bad("status", { status });
    return body.toString("utf8");
  } catch (error) {
    if (error instanceof OutboundRefused) throw bad(error.reason);
    throw error;
  }
}

function bad(reason: string, more = {}): PlenumError {
  return badConnection("metadataUrl", reason, "an address on the internet that answers with metadata", more);
}

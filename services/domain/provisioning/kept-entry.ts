import { PlenumError } from "../../kernel/errors";
import type { KeptRequest } from "../../platform/kept-request";
import type { Tx } from "../../platform/unit-of-work";
import type { KeptEntry } from "./log.store";
import { placeOfRequest } from "./record-request";

/** What the log keeps of a request: never its secrets, they were taken out before it was sealed. */
export interface OpenedRequest {
  readonly query: Readonly<Record<string, unknown>>;
  readonly body: object | null;
  /** The beginning of a request that was too long to be kept; it cannot be done again. */
  readonly truncated?: string;
}

const nothing: OpenedRequest = { query: {}, body: null };

/** Opens the request of an entry. */
export async function openRequest(tx: Tx, { id, sealed }: Pick<KeptEntry, "id" | "sealed">): Promise<OpenedRequest> {
  if (!sealed) return nothing;
  const plain = await tx.instance.keyring.open(tx, placeOfRequest(id), sealed);
  return { ...nothing, ...(JSON.parse(plain.toString("utf8")) as Partial<OpenedRequest>) };
}

const writing: ReadonlySet<string> = new Set(["POST", "PUT", "PATCH", "DELETE"]);
const resource = /^\/(?:users|groups)(?:\/[^/]+)?$/i;

/** Why a request cannot be done again, or nothing. */
export function reasonAgainstReplay({ method, path }: KeptEntry, request: OpenedRequest): string | undefined {
  if (!writing.has(method) || !resource.test(path)) return "it wrote nothing, so there is nothing to repeat";
  if (request.truncated !== undefined) return "it was too long to be kept whole";
  if (method !== "DELETE" && request.body === null) return "its body could not be read, so it was not kept";
  return undefined;
}

/**
 * The request of an entry as the engine does it again, under what its connection is today.
 * @throws PlenumError `conflict` saying why it cannot be.
 */
export function keptRequestOf(entry: KeptEntry, request: OpenedRequest): KeptRequest {
  const reason = reasonAgainstReplay(entry, request);
  if (reason) throw new PlenumError("conflict", `this request cannot be done again: ${reason}`, { field: "entryId" });
  const { connectionName: name, roleCeiling, preset, switches, method, path, tokenId } = entry;
  return {
    connection: { id: entry.connectionId, name, roleCeiling, preset, switches },
    ...{ tokenId, method, path, query: request.query, body: request.body },
  };
}

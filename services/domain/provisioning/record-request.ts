import { newId, type ProvisioningEntryId } from "../../kernel/ids";
import type { SealPlace } from "../../platform/tx";
import type { Tx } from "../../platform/unit-of-work";
import { useCase } from "../access";
import { insertEntry, insertEntryLast, type RequestEntry } from "./entries.store";

export interface RequestToRecord extends Omit<RequestEntry, "id" | "requestSealed"> {
  /** The request without secrets; encrypted before it is stored. Null keeps none. */
  readonly request: unknown;
  /** Whether it is kept in full length, because it will be done again. */
  readonly whole?: boolean;
  /** Of a line that was written before, in the copy of a preview. */
  readonly id?: ProvisioningEntryId;
  /** Whether the line may be written together with the commit: nobody reads it before. */
  readonly last?: boolean;
}

const requestBytesMax = 65_536;

/** Writes one line of the provisioning log: in the transaction of a success, in the aftermath of a refusal. */
export const recordRequest = useCase(
  "provisioning:write",
  async (tx: Tx, { request, whole = false, last = false, ...entry }: RequestToRecord): Promise<ProvisioningEntryId> => {
    const id = entry.id ?? newId("provisioningEntry");
    const line = { ...entry, id, requestSealed: await sealed(tx, id, { request, whole }) };
    if (last) insertEntryLast(tx, line);
    else await insertEntry(tx, line);
    return id;
  },
  "recordRequest",
);

/** Where the request of an entry is sealed. */
export function placeOfRequest(id: string): SealPlace {
  return { table: "provisioning_entry", column: "request_enc", rowId: id };
}

async function sealed(
  tx: Tx,
  id: string,
  { request, whole }: { request: unknown; whole: boolean },
): Promise<Buffer | null> {
  if (request === null || request === undefined) return null;
  const text = JSON.stringify(request);
  const kept =
    whole || text.length <= requestBytesMax ? text : JSON.stringify({ truncated: text.slice(0, requestBytesMax) });
  return tx.instance.keyring.seal(tx, placeOfRequest(id), kept);
}

import { newId } from "../../kernel/ids";
import type { Tx } from "../../platform/unit-of-work";
import { useCase } from "../access";
import { insertEntry, type RequestEntry } from "./entries.store";

export interface RequestToRecord extends Omit<RequestEntry, "id" | "requestSealed"> {
  /** The request without secrets; encrypted before it is stored. Null keeps none. */
  readonly request: unknown;
}

const requestBytesMax = 65_536;

/** Writes one line of the provisioning log: in the transaction of a success, in the aftermath of a refusal. */
export const recordRequest = useCase(
  "provisioning:write",
  async (tx: Tx, { request, ...entry }: RequestToRecord): Promise<void> => {
    const id = newId("domainEvent");
    await insertEntry(tx, { ...entry, id, requestSealed: await sealed(tx, id, request) });
  },
  "recordRequest",
);

async function sealed(tx: Tx, id: string, request: unknown): Promise<Buffer | null> {
  if (request === null || request === undefined) return null;
  const text = JSON.stringify(request);
  const kept = text.length <= requestBytesMax ? text : JSON.stringify({ truncated: text.slice(0, requestBytesMax) });
  return tx.instance.keyring.seal(tx, { table: "provisioning_entry", column: "request_enc", rowId: id }, kept);
}

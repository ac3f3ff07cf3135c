import { assert, PlenumError } from "../../kernel/errors";
import { stopwatchMs } from "../../kernel/clock";
import { publicId, type ConnectionId, type ProvisioningEntryId } from "../../kernel/ids";
import type { Caller } from "../../platform/caller";
import type { KeptAnswer, KeptRequest } from "../../platform/kept-request";
import type { RequestEngine } from "../../platform/tx";
import { rehearse } from "../../platform/savepoint";
import type { Tx } from "../../platform/unit-of-work";
import { useCase } from "../access";
import { keptRequestOf, openRequest } from "./kept-entry";
import { findKeptEntry, type KeptEntry } from "./log.store";
import { recordRequest } from "./record-request";
import { blockDeprovisioning } from "./watch-deprovisioning";

export interface Replayed {
  /** The new line of the log; null where it was only tried. */
  readonly entryId: ProvisioningEntryId | null;
  readonly answer: KeptAnswer;
}

/**
 * Does a request of the log again, after its cause was mended (SCIM-196): by the code that did it first, under the
 * dialect that its connection has today, without the version that it named. What comes of it is a new line, linked to
 * the old; a second refusal is an answer, too. With `dryRun` it is done and undone.
 * @throws PlenumError `not_found`, `connection_inactive`, `conflict` saying why it cannot be done again.
 */
export const replayRequest = useCase(
  "provisioning:write",
  async (tx: Tx, input: { id: ProvisioningEntryId; dryRun?: boolean }): Promise<Replayed> => {
    const entry = await findKeptEntry(tx, input.id);
    if (!entry) throw new PlenumError("not_found", "no such provisioning entry", { field: "entryId" });
    requireOn(entry);
    const request = keptRequestOf(entry, await openRequest(tx, entry));
    if (input.dryRun) return { entryId: null, answer: await rehearse(tx, () => engineOf(tx).run(tx, request)) };

    const began = stopwatchMs();
    const answer = await engineOf(tx).run(tx, request);

    const entryId = await recordReplay(tx, { entry, request, answer, durationMs: stopwatchMs() - began });
    await followGuard(tx, entry.connectionId, answer);
    const facts = { entry: publicId("provisioningEntry", entry.id), status: answer.status };
    tx.audit({ action: "provisioning.replay", target: { kind: "provisioningEntry", id: entry.id }, facts });
    return { entryId, answer };
  },
  "replayRequest",
);

// While it is in preview the connection's requests belong to the copy, and are done again by applying it.
function requireOn({ scimState: state }: KeptEntry): void {
  if (state !== "ON") throw new PlenumError("connection_inactive", "SCIM is not on for this connection", { state });
}

/** Who does kept requests again in this installation. */
export function engineOf(tx: Tx): RequestEngine {
  const { requests } = tx.instance;
  assert(requests, "this installation does kept requests again");
  return requests;
}

/**
 * A request that the guard refuses closes the door behind it, whoever does it: an administrator sees the run, and what
 * they agree to can be done again (SCIM-190).
 */
export async function followGuard(tx: Tx, connectionId: ConnectionId, { refusal }: KeptAnswer): Promise<void> {
  if (refusal?.code !== "mass_deprovision_guard") return;
  await blockDeprovisioning(tx, { connectionId, hits: Number(refusal.facts["hits"]) });
}

interface ReplayToRecord {
  readonly entry: KeptEntry;
  readonly request: KeptRequest;
  readonly answer: KeptAnswer;
  readonly durationMs: number;
}

/** Writes the line of a request that was done again. */
export async function recordReplay(
  tx: Tx,
  { entry, request, answer, durationMs }: ReplayToRecord,
): Promise<ProvisioningEntryId> {
  const { connectionId, tokenId, method, path } = entry;
  const { status, scimType, detail, coercions, warnings, changed, seatEffect, resource } = answer;
  return recordRequest(tx, {
    ...{ connectionId, tokenId, method, path, status, scimType, detail, coercions, warnings, changed, seatEffect },
    tokenName: `replay by ${repeaterOf(tx.caller)}`,
    resource,
    request: { query: request.query, body: request.body },
    durationMs: Math.round(durationMs),
    userAgent: null,
    requestId: tx.caller.origin.requestId,
    replayOf: entry.id,
  });
}

function repeaterOf(caller: Caller): string {
  if (caller.kind === "person") return publicId("member", caller.memberId);
  return caller.kind === "token" ? publicId("token", caller.tokenId) : caller.kind;
}

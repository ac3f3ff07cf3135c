import { plusMs } from "../../kernel/clock";
import { PlenumError } from "../../kernel/errors";
import { publicId, type ConnectionId } from "../../kernel/ids";
import type { Tx } from "../../platform/unit-of-work";
import { useCase } from "../access";
import { guardSlack, guardWindowMs, thresholdOf } from "./guard.rules";
import {
  beginRun,
  extendRun,
  findGuard,
  noteLeaving,
  raiseRun,
  recount,
  writeThreshold,
  type GuardSettings,
  type Leaving,
  type OpenRun,
} from "./guard.store";
import { tellOfRun } from "./guard.mail";

/**
 * Notes who leaves through a connection and watches that they are not too many in an hour (SCIM-190). Called last in
 * the transaction that takes them out, because from here on, close to the threshold, others wait for it. What was taken
 * stays taken in mode `alert`: access ends at once, and the administrators are asked to agree or to undo.
 * @throws PlenumError `mass_deprovision_guard` in mode `block`; nobody has left then.
 */
export async function watchDeprovisioning(
  tx: Tx,
  connectionId: ConnectionId,
  leaving: readonly Leaving[],
): Promise<void> {
  // A rehearsal asks nobody.
  if (leaving.length === 0 || tx.shadowOf !== undefined) return;
  const run = (await noteLeaving(tx, connectionId, leaving)) ?? (await beginWatching(tx, connectionId, leaving));
  if (!run) return;
  switch (run.state) {
    case "BLOCKED":
      throw refused(connectionId, run.hits, run.threshold);
    case "ALERTED":
    case "APPROVED":
      if (run.endsAt < plusMs(tx.now, guardWindowMs / 2)) await extendRun(tx, run.id, plusMs(tx.now, guardWindowMs));
      return;
    case "WATCHING":
      // The first of a quiet hour looks how many there are; the threshold of months ago says nothing about today.
      if (run.hits > leaving.length && run.hits <= run.threshold - guardSlack) return;
      await judge(tx, connectionId, run);
      return;
    case "UNDONE":
      throw new Error("an undone run takes nobody in");
  }
}

async function beginWatching(
  tx: Tx,
  connectionId: ConnectionId,
  leaving: readonly Leaving[],
): Promise<OpenRun | undefined> {
  const guard = await findGuard(tx, connectionId);
  if (!guard || guard.mode === "off") return undefined;
  const baseline = guard.managed + leaving.length;
  await beginRun(tx, connectionId, { baseline, threshold: thresholdOf(guard, baseline) });
  return noteLeaving(tx, connectionId, leaving);
}

async function judge(tx: Tx, connectionId: ConnectionId, run: OpenRun): Promise<void> {
  const [guard, { state, hits }] = await Promise.all([findGuard(tx, connectionId), recount(tx, run.id)]);
  if (!guard || guard.mode === "off") return;
  // Somebody else has raised the alarm while this one waited.
  if (state === "BLOCKED") throw refused(connectionId, hits, run.threshold);
  if (state !== "WATCHING") return;
  const baseline = guard.managed + hits;
  const threshold = thresholdOf(guard, baseline);
  if (threshold !== run.threshold) await writeThreshold(tx, run.id, { baseline, threshold });
  if (hits <= threshold) return;
  if (guard.mode === "block") throw refused(connectionId, hits, threshold);
  if (await raiseRun(tx, run.id, "ALERTED", hits)) await announce(tx, connectionId, guard, { ...run, hits, threshold });
}

async function announce(
  tx: Tx,
  connectionId: ConnectionId,
  guard: GuardSettings,
  run: Pick<OpenRun, "id" | "hits" | "threshold">,
): Promise<void> {
  const { hits, threshold } = run;
  await tellOfRun(tx, guard.mode === "block" ? "blocked" : "alerted", {
    connection: guard.connection,
    hits,
    threshold,
  });
  const facts = { connection: publicId("connection", connectionId), hits, threshold, mode: guard.mode };
  tx.audit({ action: "provisioning.mass_deprovision", target: { kind: "provisioningRun", id: run.id }, facts });
}

/**
 * Closes the door behind a refusal: from now on the connection takes nobody out until somebody agrees. The refused
 * request was rolled back, so this is its aftermath (ruling 5). Saying it again changes nothing.
 */
export const blockDeprovisioning = useCase(
  "provisioning:write",
  async (tx: Tx, input: { connectionId: ConnectionId; hits: number }): Promise<void> => {
    const { connectionId, hits } = input;
    const guard = await findGuard(tx, connectionId);
    if (guard?.mode !== "block") return;
    const threshold = thresholdOf(guard, guard.managed);
    // A single request may have been too many, with no run before it.
    await beginRun(tx, connectionId, { baseline: guard.managed, threshold });
    const run = await noteLeaving(tx, connectionId, []);
    if (run?.state !== "WATCHING" || !(await raiseRun(tx, run.id, "BLOCKED", run.hits))) return;
    await announce(tx, connectionId, guard, { id: run.id, hits, threshold });
  },
  "blockDeprovisioning",
);

function refused(connectionId: ConnectionId, hits: number, threshold: number): PlenumError {
  return new PlenumError(
    "mass_deprovision_guard",
    `more than ${threshold} members would leave within an hour; an administrator has to approve this in Plenum first`,
    { connection: publicId("connection", connectionId), threshold, hits },
  );
}

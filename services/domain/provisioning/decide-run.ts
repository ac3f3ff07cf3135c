import { plusMs } from "../../kernel/clock";
import { notFound, PlenumError } from "../../kernel/errors";
import type { ProvisioningRunId } from "../../kernel/ids";
import { putOnAgenda } from "../../platform/lobby";
import type { Tx } from "../../platform/unit-of-work";
import { may, useCase } from "../access";
import { approvalMs, type RunState } from "./guard.rules";
import { decideRun, findRun, holdsOwner, listRunRows, type ProvisioningRun } from "./runs.store";

/** The runs that somebody was asked about, newest first. */
export const listProvisioningRuns = useCase(
  "provisioning:read",
  async (tx: Tx, _input: object): Promise<ProvisioningRun[]> => listRunRows(tx),
  "listProvisioningRuns",
);

/** @throws PlenumError `not_found`. */
export const getProvisioningRun = useCase(
  "provisioning:read",
  async (tx: Tx, input: { id: ProvisioningRunId }): Promise<ProvisioningRun> => {
    const run = await findRun(tx, input.id);
    if (!run) throw notFound("provisioning run");
    return run;
  },
  "getProvisioningRun",
);

/**
 * Agrees to a mass departure: it was meant. A blocked connection goes on, for as long as identity providers repeat what
 * was refused (SCIM-190).
 * @throws PlenumError `not_found`; `conflict` where it was decided already.
 */
export const approveDeprovisioning = useCase(
  "identity:write",
  async (tx: Tx, input: { id: ProvisioningRunId }): Promise<ProvisioningRun> => {
    const run = await decide(tx, input.id, "APPROVED", ["ALERTED", "BLOCKED"]);
    // Whoever was to be erased meanwhile waited for this.
    await putOnAgenda(tx, "PURGE_MEMBERS", tx.now);
    return run;
  },
  "approveDeprovisioning",
);

/**
 * Takes a mass departure back: the worker restores one member after the other to what they were, with groups and, where
 * one is free, their seat; the others wait for one (ruling c14). A run that was agreed to can be taken back as well.
 * @throws PlenumError `not_found`; `conflict` where it is undone already; `forbidden` where an owner would come back
 * by the word of somebody who is none.
 */
export const undoDeprovisioning = useCase(
  "identity:write",
  async (tx: Tx, input: { id: ProvisioningRunId }): Promise<ProvisioningRun> => {
    if (!may(tx, "owner:transfer") && (await holdsOwner(tx, input.id))) {
      throw new PlenumError("forbidden", "an owner left in this run; only an owner can take it back");
    }
    const run = await decide(tx, input.id, "UNDONE", ["ALERTED", "BLOCKED", "APPROVED"]);
    await putOnAgenda(tx, "UNDO_RUNS", tx.now);
    return run;
  },
  "undoDeprovisioning",
);

async function decide(
  tx: Tx,
  id: ProvisioningRunId,
  to: "APPROVED" | "UNDONE",
  from: readonly RunState[],
): Promise<ProvisioningRun> {
  const before = await findRun(tx, id);
  // A run that nobody was asked about is nobody's to decide.
  if (!before || before.state === "WATCHING") throw notFound("provisioning run");
  if (!(await decideRun(tx, id, { to, from, endsAt: plusMs(tx.now, to === "APPROVED" ? approvalMs : 0) }))) {
    const { state } = (await findRun(tx, id)) ?? before;
    throw new PlenumError("conflict", `this run is ${state.toLowerCase()} already`, { state });
  }

  const action = to === "APPROVED" ? "provisioning.approve" : "provisioning.undo";
  tx.audit({ action, target: { kind: "provisioningRun", id }, facts: { members: before.members, from: before.state } });
  return { ...before, state: to, decidedAt: tx.now };
}

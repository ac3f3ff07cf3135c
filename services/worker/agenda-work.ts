import { sealEntries, type HeadSigner } from "../domain/audit";
import { driftedPools, serveWaitlist } from "../domain/seats";
import { applyDueChanges, nextDueChange } from "../domain/subscriptions";
import { dayMs, hourMs, plusMs, secondMs } from "../kernel/clock";
import { makeDue, type AgendaKind } from "../platform/lobby";
import type { Log } from "../platform/log";
import type { Tx } from "../platform/unit-of-work";
import { pruneOrganization } from "./prune.store";

export interface AgendaTools {
  readonly signer: HeadSigner;
  readonly log: Log;
}

/** Does one kind of due work and answers when the next is due; null: when something lowers it. */
type AgendaWork = (tx: Tx, tools: AgendaTools) => Promise<Date | null>;

/** What is done for each kind; each runs in one unit of work, as the system, in one organization. */
export const agendaWork: Readonly<Record<AgendaKind, AgendaWork>> = {
  async SEAL(tx, { signer }) {
    const { entries, events, more } = await sealEntries(tx, { signer });
    if (more) return tx.now;
    // Somebody may have written before this look and committed after it: look once more when that is over.
    return entries + events > 0 ? plusMs(tx.now, secondMs) : null;
  },
  async RENEW(tx) {
    return (await applyDueChanges(tx, {})).nextDueAt;
  },
  async PRUNE(tx) {
    await pruneOrganization(tx);
    return plusMs(tx.now, hourMs);
  },
  async RECONCILE(tx, { log }) {
    // Reported, never silently mended: a counter that drifts is a fault of ours (INV-01).
    for (const pool of await driftedPools(tx)) log.error({ orgId: tx.orgId, ...pool }, "a seat counter has drifted");
    const nextRenewal = await nextDueChange(tx);
    if (nextRenewal) await makeDue(tx, "RENEW", nextRenewal);
    return plusMs(tx.now, dayMs);
  },
  async SERVE_WAITLIST(tx) {
    await serveWaitlist(tx);
    return null;
  },
};

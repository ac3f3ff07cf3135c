import { auditTip, sealEntries, type HeadSigner } from "../domain/audit";
import { applyAllRules } from "../domain/groups";
import { giveExpiryNotices, purgeConnections, recheckDomains, refreshDueMetadata } from "../domain/identity";
import { settleConnections, undoRuns } from "../domain/provisioning";
import { endPreviews, expirePreviews } from "../domain/provisioning";
import { purgeMembers } from "../domain/members";
import { driftedPools, nextLookAtWaitlist, serveWaitlist } from "../domain/seats";
import { applyDueChanges, nextDueChange } from "../domain/subscriptions";
import { dayMs, hourMs, plusMs, secondMs } from "../kernel/clock";
import type { Caller } from "../platform/caller";
import { makeDue, type AgendaKind } from "../platform/lobby";
import type { Log } from "../platform/log";
import type { Database, Tx } from "../platform/unit-of-work";
import { pruneOrganization } from "./prune.store";

export interface AgendaTools {
  readonly signer: HeadSigner;
  readonly log: Log;
}

/** Ends the claim in the last unit of work; null: nothing is due until something lowers it. */
export type Settle = (tx: Tx, nextDueAt: Date | null) => Promise<void>;

/** One kind of due work of one organization; `caller` is the system inside that organization. */
export type AgendaWork = (db: Database, caller: Caller, settle: Settle, tools: AgendaTools) => Promise<void>;

/** Work that is one unit of work, and answers when the next is due. */
function inOneUnit(work: (tx: Tx, tools: AgendaTools) => Promise<Date | null>): AgendaWork {
  return (db, caller, settle, tools) => db.run(caller, async (tx) => settle(tx, await work(tx, tools)));
}

/** What is done for each kind. */
export const agendaWork: Readonly<Partial<Record<AgendaKind, AgendaWork>>> = {
  SEAL: inOneUnit(async (tx, { signer }) => {
    const { entries, events, more } = await sealEntries(tx, { signer });
    if (more) return tx.now;
    // Somebody may have written before this look and committed after it: look once more when that is over.
    return entries + events > 0 ? plusMs(tx.now, secondMs) : null;
  }),
  RENEW: inOneUnit(async (tx) => (await applyDueChanges(tx, {})).nextDueAt),
  PRUNE: inOneUnit(async (tx) => {
    await pruneOrganization(tx);
    await expirePreviews(tx, {});
    return plusMs(tx.now, hourMs);
  }),
  RECONCILE: inOneUnit(async (tx, { log }) => {
    // Reported, never silently mended: a counter that drifts is a fault of ours (INV-01).
    for (const pool of await driftedPools(tx)) log.error({ orgId: tx.orgId, ...pool }, "a seat counter has drifted");
    // Kept outside of the database, the day's tip shows a chain that was cut and signed anew (`verify` takes it).
    const tip = await auditTip(tx);
    if (tip) log.info({ orgId: tx.orgId, ...tip }, "audit head of the day");
    const nextRenewal = await nextDueChange(tx);
    if (nextRenewal) await makeDue(tx, "RENEW", nextRenewal);
    return plusMs(tx.now, dayMs);
  }),
  RECHECK_DOMAINS: (db, caller, settle) => recheckDomains(db, caller, settle),
  SERVE_WAITLIST: inOneUnit(async (tx) => {
    await serveWaitlist(tx);
    return nextLookAtWaitlist(tx);
  }),
  REFRESH_METADATA: (db, caller, settle) => refreshDueMetadata(db, caller, settle),
  EXPIRY_NOTICES: (db, caller, settle) => giveExpiryNotices(db, caller, settle),
  APPLY_RULES: async (db, caller, settle) => {
    await applyAllRules(db, caller);
    await db.run(caller, (tx) => settle(tx, null));
  },
  SETTLE_CONNECTIONS: async (db, caller, settle) => {
    await settleConnections(db, caller);
    await db.run(caller, (tx) => settle(tx, null));
  },
  UNDO_RUNS: async (db, caller, settle) => {
    await undoRuns(db, caller);
    await db.run(caller, (tx) => settle(tx, null));
  },
  END_PREVIEWS: (db, caller, settle) => endPreviews(db, caller, settle),
  PURGE_MEMBERS: inOneUnit((tx) => purgeMembers(tx, {})),
  PURGE_CONNECTIONS: (db, caller, settle) => purgeConnections(db, caller, settle),
};

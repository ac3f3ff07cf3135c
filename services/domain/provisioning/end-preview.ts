import { notFound, PlenumError } from "../../kernel/errors";
import { dayMs, hourMs, plusMs, stopwatchMs } from "../../kernel/clock";
import { publicId, type PreviewId, type ProvisioningEntryId } from "../../kernel/ids";
import type { Caller } from "../../platform/caller";
import { putOnAgenda } from "../../platform/lobby";
import type { Database, Tx } from "../../platform/unit-of-work";
import { useCase } from "../access";
import { requireMaySwitchOn, type AgendaWork } from "../identity";
import { takeOverLines } from "./copied-lines";
import { keptRequestOf, openRequest } from "./kept-entry";
import { findKeptEntry } from "./log.store";
import {
  entriesToApply,
  lockForgotten,
  lockPreview,
  markErased,
  movePreview,
  outcomeOf,
  pointConnection,
  unfinishedPreviews,
  wasApplied,
  type Preview,
} from "./preview.store";
import { engineOf, followGuard, recordReplay } from "./replay-request";
import { eraseShadow } from "./shadow.store";
import { inShadow } from "./in-shadow";

/**
 * Asks for a preview to be applied: what was done in the copy is done again here, request by request, with the ids that
 * the provider was told (SCIM-197). The worker does it; until it has, the connection's requests are answered 503.
 * @throws PlenumError `not_found`, `conflict` where it is not open; what switching SCIM on would refuse.
 */
export const applyPreview = useCase(
  "identity:write",
  async (tx: Tx, input: { id: PreviewId }): Promise<Preview> => {
    const preview = await lockOpen(tx, input.id);
    // Asked again: a preview is open for up to a month, and applying it is what switches on.
    await requireMaySwitchOn(tx, { id: preview.connectionId, wasOn: preview.resumeState === "ON" });

    await movePreview(tx, preview.id, "APPLYING");
    await pointConnection(tx, preview.connectionId, { scimState: "PREVIEW", copy: null });
    await putOnAgenda(tx, "END_PREVIEWS", tx.now);

    tell(tx, preview, "provisioning.preview_apply");
    return { ...preview, state: "APPLYING", updatedAt: tx.now };
  },
  "applyPreview",
);

/**
 * Gives a preview up: nothing of it happens here, and provisioning is what it was before.
 * @throws PlenumError `not_found`, `conflict` where it is not open.
 */
export const discardPreview = useCase(
  "identity:write",
  async (tx: Tx, input: { id: PreviewId }): Promise<Preview> => {
    const preview = await lockOpen(tx, input.id);

    await movePreview(tx, preview.id, "DISCARDED");
    await pointConnection(tx, preview.connectionId, { scimState: preview.resumeState, copy: null });
    await putOnAgenda(tx, "END_PREVIEWS", tx.now);

    tell(tx, preview, "provisioning.preview_discard");
    return { ...preview, state: "DISCARDED", updatedAt: tx.now, endedAt: tx.now };
  },
  "discardPreview",
);

const openMs = 30 * dayMs;

/**
 * Gives up what somebody forgot: previews open for a month, those of connections that are gone, copies that were never
 * finished. A copy holds everybody's personal data, so none stays for ever.
 */
export const expirePreviews = useCase(
  "operate",
  async (tx: Tx, _input: object): Promise<number> => {
    const forgotten = await lockForgotten(tx, plusMs(tx.now, -openMs), plusMs(tx.now, -hourMs));
    for (const preview of forgotten) {
      await movePreview(tx, preview.id, "DISCARDED");
      if (preview.state === "OPEN") {
        await pointConnection(tx, preview.connectionId, { scimState: preview.resumeState, copy: null });
      }
      await putOnAgenda(tx, "END_PREVIEWS", tx.now);
      tell(tx, preview, "provisioning.preview_expire");
    }
    return forgotten.length;
  },
  "expirePreviews",
);

async function lockOpen(tx: Tx, id: PreviewId): Promise<Preview> {
  const preview = await lockPreview(tx, id);
  if (!preview) throw notFound("preview");
  const { state } = preview;
  if (state !== "OPEN") throw new PlenumError("conflict", "the preview is not open", { field: "previewId", state });
  return preview;
}

function tell(tx: Tx, { id, connectionId }: Preview, action: string, more: object = {}): void {
  const facts = { preview: publicId("preview", id), ...more };
  tx.audit({ action, target: { kind: "connection", id: connectionId }, facts });
  tx.emit({ name: "connection.changed", connectionId });
}

/** Does again what is left of the previews that are being applied, and erases the copies of those that have ended. */
export const endPreviews: AgendaWork = async (db, caller, settle) => {
  await finishPreviews(db, caller);
  await db.run(caller, (tx) => settle(tx, null));
};

/** The same, for whoever does not wait for the worker. */
export async function finishPreviews(db: Database, caller: Caller): Promise<void> {
  for (const preview of await db.run(caller, unfinished)) {
    if (preview.state === "APPLYING") await applyAll(db, caller, preview);
    await inShadow(db, { id: preview.id, orgId: caller.orgId }, eraseShadow);
    await db.run(caller, (tx) => markErased(tx, preview.id));
  }
}

const unfinished = (tx: Tx): Promise<Preview[]> => unfinishedPreviews(tx);

// A unit of work for each request, as it was when it came; where the process ends in between, the rest is left to do.
async function applyAll(db: Database, caller: Caller, { id }: Preview): Promise<void> {
  await takeOverLines(db, caller, { id, orgId: caller.orgId });
  for (;;) {
    const entries = await db.run(caller, (tx) => entriesToApply(tx, id));
    for (const entryId of entries) await db.run(caller, (tx) => applyEntry(tx, id, entryId));
    if (entries.length === 0) break;
  }
  await db.run(caller, (tx) => closeApplied(tx, id));
}

async function applyEntry(tx: Tx, previewId: PreviewId, id: ProvisioningEntryId): Promise<void> {
  // Two workers may have come: the row decides who does it, and the other finds it done.
  const preview = await lockPreview(tx, previewId);
  if (preview?.state !== "APPLYING" || (await wasApplied(tx, id))) return;
  const entry = await findKeptEntry(tx, id);
  if (!entry) return;
  const kept = keptRequestOf(entry, await openRequest(tx, entry));
  // The provider was told an id when it created something: that is the id it will have.
  const created = entry.method === "POST" && entry.resourceId !== null ? { newId: entry.resourceId } : {};
  const request = { ...kept, ...created };
  const began = stopwatchMs();
  const answer = await engineOf(tx).run(tx, request);
  await recordReplay(tx, { entry, request, answer, durationMs: stopwatchMs() - began });
  await followGuard(tx, entry.connectionId, answer);
}

async function closeApplied(tx: Tx, id: PreviewId): Promise<void> {
  const preview = await lockPreview(tx, id);
  if (preview?.state !== "APPLYING") return;
  await movePreview(tx, id, "APPLIED");
  await pointConnection(tx, preview.connectionId, {
    scimState: "ON",
    copy: null,
    begins: preview.resumeState === "OFF",
  });
  const { requests, refused } = await outcomeOf(tx, id);
  tell(tx, preview, "provisioning.preview_applied", { requests, refused });
}

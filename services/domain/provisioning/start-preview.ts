import { minuteMs } from "../../kernel/clock";
import { notFound, PlenumError } from "../../kernel/errors";
import { newId, publicId, type ConnectionId, type OrgId, type PreviewId } from "../../kernel/ids";
import type { Caller } from "../../platform/caller";
import { putOnAgenda } from "../../platform/lobby";
import type { Database, Entrance, Tx } from "../../platform/unit-of-work";
import { useCase } from "../access";
import { requireMaySwitchOn } from "../identity";
import { inShadow } from "./in-shadow";
import {
  insertPreview,
  lockPreview,
  lockScimState,
  movePreview,
  newestPreview,
  pointConnection,
  type Preview,
} from "./preview.store";
import { liveMembers, takeSnapshot, writeSnapshot, type Snapshot } from "./shadow.store";

/** Larger organizations are not copied (ruling d1): single requests can be run dry in any. */
export const previewMembersMax = 20_000;

const copyMs = 10 * minuteMs;

interface Begun {
  readonly id: PreviewId;
  readonly orgId: OrgId;
  readonly snapshot: Snapshot;
  readonly members: number;
}

const beginPreview = useCase(
  "identity:write",
  async (tx: Tx, input: { connectionId: ConnectionId }): Promise<Begun> => {
    const { connectionId } = input;
    const state = await lockScimState(tx, connectionId);
    if (state === undefined) throw notFound("connection");
    await requireMaySwitchOn(tx, { id: connectionId, wasOn: state === "ON" || state === "PREVIEW" });
    if (state === "PREVIEW") throw new PlenumError("conflict", "the connection is in a preview already", { state });
    await giveUpCopying(tx, connectionId);
    const members = await liveMembers(tx);
    if (members > previewMembersMax) {
      const facts = { field: "connectionId", members, limit: previewMembersMax };
      throw new PlenumError("too_large", `a preview copies at most ${previewMembersMax} members`, facts);
    }

    const id = newId("preview");
    await insertPreview(tx, { id, connectionId, resumeState: state });
    return { id, orgId: tx.orgId, members, snapshot: await takeSnapshot(tx, id) };
  },
  "beginPreview",
);

// A copy that its process did not finish keeps nobody from making another.
async function giveUpCopying(tx: Tx, connectionId: ConnectionId): Promise<void> {
  const before = await newestPreview(tx, connectionId);
  if (before?.state !== "COPYING") return;
  if (tx.now.getTime() - before.updatedAt.getTime() < copyMs) {
    throw new PlenumError("conflict", "the organization is being copied for a preview", { state: "COPYING" });
  }
  await movePreview(tx, before.id, "DISCARDED");
  await putOnAgenda(tx, "END_PREVIEWS", tx.now);
}

const openPreview = useCase(
  "identity:write",
  async (tx: Tx, input: { id: PreviewId; members: number }): Promise<Preview> => {
    const { id, members } = input;
    const preview = await lockPreview(tx, id);
    if (preview?.state !== "COPYING") throw new PlenumError("conflict", "the preview was given up meanwhile");
    const { connectionId } = preview;

    await movePreview(tx, id, "OPEN", members);
    await pointConnection(tx, connectionId, { scimState: "PREVIEW", copy: id });

    const facts = { preview: publicId("preview", id), members };
    tx.audit({ action: "provisioning.preview_start", target: { kind: "connection", id: connectionId }, facts });
    tx.emit({ name: "connection.changed", connectionId });
    return { ...preview, state: "OPEN", members, updatedAt: tx.now };
  },
  "openPreview",
);

/**
 * Puts a connection into preview (SCIM-197, ruling d1): the organization is copied into a hidden one, and from then on
 * the connection's requests meet the copy. Three units of work, because no transaction sees two organizations.
 * @throws PlenumError `not_found`, `conflict` where one is under way, `too_large`; what switching SCIM on would refuse.
 */
export async function startPreview(
  db: Database,
  who: Caller | Entrance,
  input: { connectionId: ConnectionId },
): Promise<Preview> {
  const { id, orgId, members, snapshot } = await db.run(who, (tx) => beginPreview(tx, input));
  await inShadow(db, { id, orgId }, (tx) => writeSnapshot(tx, snapshot));
  return db.run(who, (tx) => openPreview(tx, { id, members }));
}

import { publicId } from "../kernel/ids";
import {
  applyPreview,
  discardPreview,
  finishPreviews,
  planPreview,
  startPreview,
  type PreviewPlan,
} from "../domain/provisioning";
import type { Command } from "./command";
import { orgOption } from "./organization";
import { connectionIn, connectionOption } from "./saml-connection";

/** `plenum scim preview start`: the connection's requests meet a hidden copy from now on. */
export const scimPreviewStart: Command = {
  name: "scim preview start",
  summary: "let a connection rehearse in a hidden copy of the organization",
  options: [orgOption, connectionOption],
  async run(context, options) {
    const { db, caller, id: connectionId } = await connectionIn(context, options);
    const { id, members } = await startPreview(db, caller, { connectionId });
    const json = { preview: publicId("preview", id), connection: publicId("connection", connectionId), members };
    return { json, text: `${json.preview}: ${members} members were copied` };
  },
};

/** `plenum scim preview show`: what applying the newest preview of a connection would do. */
export const scimPreviewShow: Command = {
  name: "scim preview show",
  summary: "say what applying the newest preview of a connection would do",
  options: [orgOption, connectionOption],
  async run(context, options) {
    const { db, caller, id: connectionId } = await connectionIn(context, options);
    return toldPlan(await planPreview(db, caller, { connectionId }));
  },
};

/** `plenum scim preview apply`: done by this command, whether or not a worker runs. */
export const scimPreviewApply: Command = {
  name: "scim preview apply",
  summary: "do in the organization what was done in the newest preview of a connection",
  options: [orgOption, connectionOption],
  run: async (context, options) => {
    const { db, caller, id: connectionId } = await connectionIn(context, options);
    const { preview } = await planPreview(db, caller, { connectionId });
    await db.run(caller, (tx) => applyPreview(tx, { id: preview.id }));
    await finishPreviews(db, caller);
    const told = toldPlan(await planPreview(db, caller, { connectionId }));
    return { ...told, failed: told.json.refusedLater > 0 };
  },
};

/** `plenum scim preview discard`: nothing of it happens. */
export const scimPreviewDiscard: Command = {
  name: "scim preview discard",
  summary: "forget the newest preview of a connection",
  options: [orgOption, connectionOption],
  async run(context, options) {
    const { db, caller, id: connectionId } = await connectionIn(context, options);
    const { preview } = await planPreview(db, caller, { connectionId });
    const { state } = await db.run(caller, (tx) => discardPreview(tx, { id: preview.id }));
    await finishPreviews(db, caller);
    const json = { preview: publicId("preview", preview.id), state };
    return { json, text: `${json.preview} is discarded` };
  },
};

function toldPlan({ preview, outcome, counts, seats, members, groups, refusals }: PreviewPlan) {
  const json = {
    preview: publicId("preview", preview.id),
    connection: publicId("connection", preview.connectionId),
    state: preview.state,
    ...{ requests: outcome.requests, applied: outcome.applied, refusedLater: outcome.refused },
    ...{ counts, seats, refusals },
    members: members.map(({ id, ...member }) => ({ id: publicId("member", id), ...member })),
    groups: groups.map(({ id, ...group }) => ({ id: publicId("group", id), ...group })),
  };
  const words = Object.entries(counts).map(([kind, n]) => `${n} ${kind.toLowerCase()}`);
  const lines = [
    `${json.preview} is ${preview.state.toLowerCase()}: ${outcome.requests} writes, ${outcome.applied} applied`,
    `members: ${words.join(", ")}; ${groups.length} groups`,
    `seats: ${seats.needed} needed, ${seats.available} free${seats.short > 0 ? `, ${seats.short} SHORT` : ""}`,
    ...refusals.map(
      ({ count, status, scimType, detail }) => `refused: ${count} × ${status} ${scimType ?? ""} ${detail ?? ""}`,
    ),
  ];
  return { json, text: lines.join("\n") };
}

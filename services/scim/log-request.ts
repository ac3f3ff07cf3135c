import { PlenumError } from "../kernel/errors";
import type { ConnectionId, OrgId, ProvisioningEntryId, ScimTokenId } from "../kernel/ids";
import { permissionsOfKind } from "../domain/access";
import type { ScimTokenRow } from "../domain/identity";
import { blockDeprovisioning, findNameHolder, holdOpen, recordRequest, storableText } from "../domain/provisioning";
import type { Caller } from "../platform/caller";
import type { Database, Tx } from "../platform/unit-of-work";
import { replyTo } from "./errors";
import type { RequestNote, ScimRequest } from "./request";
import type { Trail } from "./trail";

/** How a request ended, as far as the provisioning log keeps it (SCIM-195). */
export interface Ending {
  readonly status: number;
  readonly scimType?: string;
  readonly detail?: string;
  readonly durationMs: number;
}

export interface Logged {
  readonly orgId: OrgId;
  readonly request: ScimRequest;
  readonly connection: { readonly id: ScimTokenId; readonly name: string; readonly connectionId: ConnectionId };
  readonly trail: Trail;
  readonly note: RequestNote;
  /** The preview in whose copy the request was done: it is kept whole, to be done again. */
  readonly previewId?: OrgId;
}

/** Writes the log line of a request that succeeded, in its own transaction. */
export async function logSuccess(tx: Tx, logged: Logged, ending: Ending): Promise<Written> {
  const id = await recordRequest(tx, { ...entryOf(logged, ending), last: true });
  return { logged, ending, id };
}

/** A line that stands, with what it takes to write it once more elsewhere. */
export interface Written {
  readonly logged: Logged;
  readonly ending: Ending;
  readonly id: ProvisioningEntryId;
}

/**
 * Writes the line of a request that was done in another organization, the copy of a preview, where it stands with what
 * was done. Only after this is anything acknowledged; where the process ends before it, applying the preview finds the
 * line in the copy.
 */
export async function logPreviewed(db: Database, { logged, ending, id }: Written): Promise<void> {
  await db.run(recorderOf(logged), async (tx) => {
    // What is not in the log when the preview is closed is not done by applying it, so its sender must come again.
    if (logged.previewId !== undefined && !(await holdOpen(tx, logged.previewId))) {
      throw new PlenumError("unavailable", "the preview of this connection has ended meanwhile");
    }
    await recordRequest(tx, { ...entryOf(logged, ending), id, last: true });
  });
}

/**
 * Writes the log line of a refused request, after everything it did was rolled back (ruling 5). The token may be one
 * that only reads, or the connection paused: the log is ours, not theirs. Answers the refusal, completed by what only
 * the database knows.
 */
export async function logRefusal(db: Database, logged: Logged, refusal: unknown, durationMs: number): Promise<unknown> {
  const { request, connection } = logged;
  const told = await completeRefusal(db, logged, refusal);
  return db.run(recorderOf(logged), async (tx) => {
    const { status, scimType, body } = replyTo(told, request.origin.requestId, request.publicUrl);
    const ending = { status, detail: body.detail, durationMs, ...(scimType === undefined ? {} : { scimType }) };
    await recordRequest(tx, { ...entryOf(logged, ending), changed: null, seatEffect: null });
    if (told instanceof PlenumError && told.code === "mass_deprovision_guard") {
      const { hits } = told.facts;
      await blockDeprovisioning(tx, { connectionId: connection.connectionId, hits: Number(hits) });
    }
    if (status === 403) {
      const facts = { method: request.method, path: storableText(request.path), reason: scimType ?? "forbidden" };
      tx.audit({ action: "scim.request", facts, result: "DENIED" });
    }
    return told;
  });
}

function recorderOf({ request, connection, orgId }: Logged): Caller {
  return {
    kind: "scim",
    orgId,
    origin: request.origin,
    permissions: permissionsOfKind.scim,
    tokenId: connection.id,
    tokenName: connection.name,
    connectionId: connection.connectionId,
  };
}

/** A name that is taken: the refusal also says by whom, looked up where the request was done. */
export async function completeRefusal(db: Database, logged: Logged, refusal: unknown): Promise<unknown> {
  const { name } = logged.note;
  if (!(refusal instanceof PlenumError) || refusal.code !== "duplicate" || name === undefined) return refusal;
  const { field } = refusal.facts;
  if (typeof field !== "string") return refusal;
  const caller = recorderOf(logged);
  const there = { ...caller, orgId: logged.previewId ?? caller.orgId };
  const id = await db.run(there, (tx) => findNameHolder(tx, { field, name }));
  return id === undefined ? refusal : new PlenumError("duplicate", refusal.message, { ...refusal.facts, id });
}

type Entry = Parameters<typeof recordRequest>[1];

function entryOf({ request, connection, trail, note, previewId }: Logged, ending: Ending): Entry {
  return {
    connectionId: connection.connectionId,
    tokenId: connection.id,
    tokenName: connection.name,
    method: request.method,
    path: request.path.slice(0, 500),
    resource: note.resource ?? null,
    request: { query: Object.fromEntries(request.query), body: redacted(note.body) },
    status: ending.status,
    scimType: ending.scimType ?? null,
    detail: ending.detail ?? null,
    coercions: trail.coercions,
    warnings: trail.warnings,
    changed: note.changed ?? null,
    seatEffect: note.seatEffect ?? null,
    durationMs: Math.round(ending.durationMs),
    userAgent: request.origin.userAgent ?? null,
    requestId: request.origin.requestId,
    ...(previewId === undefined ? {} : { previewId, whole: true }),
  };
}

const hidden = "[redacted]";

/** A body without passwords, wherever they stand: as attribute, in a path-less value, or named by a path. */
export function redacted(body: unknown): unknown {
  return JSON.parse(
    JSON.stringify(body ?? null, function (this: unknown, key: string, value: unknown) {
      if (key.toLowerCase().endsWith("password")) return hidden;
      const path = (this as { path?: unknown }).path;
      const isNamed = typeof path === "string" && /(^|:)password$/i.test(path.trim());
      return key.toLowerCase() === "value" && isNamed ? hidden : value;
    }),
  ) as unknown;
}

/** What the log needs of an identified token. */
export function loggedToken({ id, name, connectionId }: ScimTokenRow): Logged["connection"] {
  return { id, name, connectionId };
}

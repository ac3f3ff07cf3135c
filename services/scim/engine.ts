import { PlenumError } from "../kernel/errors";
import type { ScimTokenId } from "../kernel/ids";
import { publicId } from "../kernel/ids";
import { permissionsOfKind } from "../domain/access";
import type { Caller } from "../platform/caller";
import type { KeptAnswer, KeptRequest } from "../platform/kept-request";
import type { RequestEngine } from "../platform/tx";
import { attempt } from "../platform/savepoint";
import { actingAs } from "../platform/open-tx";
import type { Tx } from "../platform/unit-of-work";
import { dialectOf, fits, presets } from "./dialects";
import { replyTo } from "./errors";
import { scimJson, segmentsOf } from "./http";
import type { Answer, Exchange, RequestNote } from "./request";
import { findRoute } from "./routes";
import { Trail } from "./trail";

// Walks by cursor are not done again: the pages of another day would be others.
const noCursors = Buffer.alloc(32);

/** Does a kept request again by the code that did it the first time: same routes, same dialect, same refusals. */
export const scimEngine: RequestEngine = {
  dialects: {
    presets: Object.keys(presets),
    fits,
    effective: (preset, switches) => ({ ...dialectOf(preset, switches) }),
  },
  async run(tx, request) {
    const note: RequestNote = {};
    const trail = new Trail();
    const outcome = await attempt(tx, () =>
      actingAs(tx, providerOf(tx, request), async () => {
        const exchange = exchangeOf(tx, request, { note, trail });
        const route = findRoute(request.method, exchange.segments);
        if (route.kind !== "work") throw new Error("only requests on resources are kept to be done again");
        return route.work(exchange, route.id);
      }),
    );
    return outcome.done
      ? succeeded(outcome.value, note, trail)
      : refused(tx, outcome.refusal, { resource: note.resource ?? null, trail });
  },
};

function providerOf(tx: Tx, { connection, tokenId }: KeptRequest): Caller {
  const { orgId, caller } = tx;
  return {
    kind: "scim",
    orgId,
    origin: caller.origin,
    permissions: permissionsOfKind.scim,
    // What we think up ourselves has no token; the connection stands for it, and nothing is looked up by it.
    tokenId: tokenId ?? (connection.id as string as ScimTokenId),
    tokenName: connection.name,
    connectionId: connection.id,
  };
}

function exchangeOf(tx: Tx, request: KeptRequest, { note, trail }: { note: RequestNote; trail: Trail }): Exchange {
  const { connection, method, path, query, body, newId } = request;
  const { publicUrl } = tx.instance;
  return {
    tx,
    method,
    path,
    segments: segmentsOf(path.split("/").map(encodeURIComponent).join("/")),
    query: new Map(Object.entries(query)),
    contentType: scimJson,
    ifMatch: undefined,
    ifNoneMatch: undefined,
    bytes: body === null ? Buffer.alloc(0) : Buffer.from(JSON.stringify(body)),
    baseUrl: `${publicUrl}/scim/v2/${publicId("connection", connection.id)}`,
    publicUrl,
    origin: tx.caller.origin,
    dryRun: false,
    by: { connectionId: connection.id, name: connection.name, roleCeiling: connection.roleCeiling },
    dialect: dialectOf(connection.preset, connection.switches),
    trail,
    note,
    cursorKey: noCursors,
    ...(newId === undefined ? {} : { newId }),
  };
}

function succeeded({ status, document }: Answer, note: RequestNote, trail: Trail): KeptAnswer {
  return {
    status,
    document: document ?? null,
    scimType: null,
    detail: null,
    refusal: null,
    coercions: trail.coercions,
    warnings: trail.warnings,
    changed: note.changed ?? null,
    seatEffect: note.seatEffect ?? null,
    resource: note.resource ?? null,
  };
}

interface Undone {
  readonly resource: KeptAnswer["resource"];
  readonly trail: Trail;
}

function refused(tx: Tx, refusal: unknown, { resource, trail }: Undone): KeptAnswer {
  const { status, scimType, body } = replyTo(refusal, tx.caller.origin.requestId, tx.instance.publicUrl);
  return {
    status,
    document: { ...body },
    scimType: scimType ?? null,
    detail: body.detail,
    refusal: refusal instanceof PlenumError ? { code: refusal.code, facts: refusal.facts } : null,
    coercions: trail.coercions,
    warnings: trail.warnings,
    changed: null,
    seatEffect: null,
    resource,
  };
}

import { hkdfSync } from "node:crypto";
import type { ServerResponse } from "node:http";
import { Router } from "express";
import { parseId, publicId } from "../kernel/ids";
import { PlenumError } from "../kernel/errors";
import { RecentTokens } from "../domain/identity";
import type { Door, OpenDoor } from "../platform/door";
import type { DirectDoor, DirectRequest } from "../platform/http/direct";
import { noteAccess, originOf, requestIdOf } from "../platform/http/request";
import type { Log } from "../platform/log";
import type { Database } from "../platform/unit-of-work";
import { openGate } from "./authenticate";
import { runBulk } from "./bulk/bulk-door";
import { discover } from "./discovery-routes";
import { replyTo } from "./errors";
import { readQuery, segmentsOf } from "./http";
import { limits } from "./limits";
import { tokenDoor } from "./oauth/token-door";
import { RateLimiter } from "./rate-limit";
import { readBytes } from "./read-bytes";
import { ScimRefusal, shown } from "./refusal";
import type { Answer } from "./request";
import { findRoute } from "./routes";
import { checkToken, runRequest } from "./run-request";
import { sendAnswer } from "./send";

/** SCIM 2.0 at `/scim/v2/{connectionId}` (contract §3). */
export const scimDoor = (({ db, config, log, masterSecret }): OpenDoor => {
  const house = {
    db,
    publicUrl: config.publicUrl,
    log,
    limiter: new RateLimiter(),
    recent: new RecentTokens(),
    cursorKey: cursorKeyOf(masterSecret),
    perSecond: config.scimRate ?? limits.ratePerSecond,
  };
  return {
    router: Router().use(tokenDoor({ db, log, config })),
    direct: { prefix, serve: (request, response) => void serve(request, response, house) },
  };
}) satisfies Door;

const prefix = "/scim";

/** What answers while the database is away, or more requests wait than can be served (SCIM-028, SCIM-033). */
export const scimAway: DirectDoor = {
  prefix,
  serve(request, response) {
    noteAccess(response, { door: "scim" });
    const away = new PlenumError("unavailable", "the service is not ready; try again shortly", {});
    const { status, headers, body } = replyTo(away, requestIdOf(response), "");
    sendAnswer(request, response, { status, document: { ...body }, ...(headers ? { headers } : {}) });
  },
};

/** Every process of an installation opens the cursors of every other. */
function cursorKeyOf(secret: string): Buffer {
  return Buffer.from(hkdfSync("sha256", secret, "plenum", "scim-cursor", 32));
}

interface House {
  readonly db: Database;
  readonly publicUrl: string;
  readonly log: Log;
  readonly limiter: RateLimiter;
  readonly recent: RecentTokens;
  readonly cursorKey: Buffer;
  /** Requests a second of a connection that has no share of its own. */
  readonly perSecond: number;
}

async function serve(request: DirectRequest, response: ServerResponse, house: House): Promise<void> {
  noteAccess(response, { door: "scim" });
  try {
    sendAnswer(request, response, await answerTo(request, response, house));
  } catch (error) {
    const { status, headers, body } = replyTo(error, requestIdOf(response), house.publicUrl);
    if (status >= 500 && !response.destroyed)
      house.log.error({ err: error, requestId: requestIdOf(response) }, "a SCIM request failed");
    sendAnswer(request, response, { status, document: { ...body }, ...(headers ? { headers } : {}) });
  }
}

async function answerTo(request: DirectRequest, response: ServerResponse, house: House): Promise<Answer> {
  const { db, publicUrl } = house;
  const { url = "/", method = "" } = request;
  if (url.length > limits.urlBytes) {
    throw new ScimRefusal(414, undefined, `the URL is longer than ${limits.urlBytes} bytes; search by POST /.search`);
  }
  const [path = "", search = ""] = url.slice(prefix.length).split(/\?(.*)/s);
  const [version = "", connection = "", ...segments] = segmentsOf(path);
  checkVersion(version);
  const connectionId = parseId("connection", connection);
  const baseUrl = `${publicUrl}/scim/v2/${publicId("connection", connectionId)}`;
  const route = findRoute(method, segments);
  noteAccess(response, { operation: `${method} /${resourceOf(segments[0] ?? "")}`, connection });

  const { authorization } = request.headers;
  const origin = originOf(request, response);
  const common = {
    method,
    segments,
    path: `/${segments.join("/")}`,
    query: readQuery(search),
    contentType: request.headers["content-type"],
    ifMatch: request.headers["if-match"],
    ifNoneMatch: request.headers["if-none-match"],
    baseUrl,
    publicUrl,
    origin,
    dryRun: readDryRun(request.headers["x-plenum-dry-run"]),
  };
  if (common.dryRun) response.setHeader("X-Plenum-Dry-Run", "true");
  if (route.kind === "discovery") {
    if (authorization !== undefined) await checkToken(db, openGate(authorization, connectionId, origin));
    return discover({ ...common, bytes: Buffer.alloc(0) });
  }
  const gate = openGate(authorization, connectionId, origin, house.recent);
  noteAccess(response, { org: gate.entrance.orgId });
  const hasBody = method === "POST" || method === "PUT" || method === "PATCH";
  const bytesMax = route.kind === "bulk" ? limits.bulkBodyBytes : route.bodyBytes;
  // What is more than a few values is taken from known senders only: others could fill our memory with it.
  if (hasBody && !(Number(request.headers["content-length"]) <= limits.strangerBytes)) await checkToken(db, gate);
  const bytes = hasBody ? await readBytes(request, bytesMax) : Buffer.alloc(0);
  if (route.kind === "bulk") return runBulk(house, gate, { ...common, bytes });
  return runRequest(house, gate, { ...common, bytes }, route);
}

const resources = [
  ...["Users", "Groups", "Me", "Bulk", ".search", "Schemas", "ResourceTypes", "ServiceProviderConfig"],
  ...["Entitlements", "Roles"],
];

// Clients write paths as they like, and each spelling would be an operation of its own in the figures.
function resourceOf(segment: string): string {
  return segment === "" ? "" : (resources.find((name) => name.toLowerCase() === segment.toLowerCase()) ?? "other");
}

// Whoever writes something else means that nothing be stored, so it is not taken for a no.
function readDryRun(header: string | string[] | undefined): boolean {
  const value = String(header ?? "false")
    .trim()
    .toLowerCase();
  if (value === "true" || value === "false") return value === "true";
  throw new ScimRefusal(400, "invalidValue", `X-Plenum-Dry-Run is ${shown(header)}, expected true or false`);
}

/** Other versions of the protocol are told so, anything else is nothing of ours (SCIM-010). */
function checkVersion(version: string): void {
  if (version.toLowerCase() === "v2") return;
  if (/^v\d+$/i.test(version))
    throw new ScimRefusal(400, "invalidVers", `version ${version.slice(0, 20)} is not served, v2 is`);
  throw new ScimRefusal(404, undefined, "no such endpoint");
}

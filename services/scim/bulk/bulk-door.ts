import { stopwatchMs } from "../../kernel/clock";
import type { ScimGate } from "../authenticate";
import { dialectBehind } from "../authenticate";
import { replyTo } from "../errors";
import { readBody, scimJson } from "../http";
import { limits } from "../limits";
import { ScimRefusal } from "../refusal";
import type { Document } from "../render-resource";
import type { Answer, ScimRequest } from "../request";
import { findRoute } from "../routes";
import { checkToken, runRequest, type RequestHouse } from "../run-request";
import { Trail } from "../trail";
import { messages } from "../urns";
import { readBulk, type BulkEntry } from "./read-bulk";
import { BulkRun, type Attempt, type Outcome } from "./run-bulk";
import { runTogether, type Prepared } from "./run-together";

/** `POST /Bulk`: each entry is a request like any other, with its own transaction and its own line in the log. */
export async function runBulk(house: RequestHouse, gate: ScimGate, request: ScimRequest): Promise<Answer> {
  // Its entries are transactions of their own, of which the later ones build on the earlier.
  if (request.dryRun)
    throw new ScimRefusal(400, "invalidValue", "/Bulk cannot be run dry; send its entries one by one");
  const began = stopwatchMs();
  await checkToken(house.db, gate);
  const { dialect } = dialectBehind(gate);
  const reading = { dialect, trail: new Trail() };
  const bulk = readBulk(readBody(request.contentType, request.bytes, dialect, reading.trail), reading);
  const run = new BulkRun(bulk, {
    attempt: (attempt) => attemptOf(house, gate, request, attempt),
    together: (attempts) => allOf(house, gate, request, attempts),
    refuse: (refusal) => outcomeOf(refusal, request),
    hasTime: () => stopwatchMs() - began < limits.bulkMs,
  });
  await run.run();
  await run.close();
  const Operations = bulk.entries.flatMap((entry) => entryDocument(entry, run.outcomes.get(entry), request));
  return { status: 200, document: { schemas: [messages.bulkResponse], Operations } };
}

async function attemptOf(
  house: RequestHouse,
  gate: ScimGate,
  request: ScimRequest,
  attempt: Attempt,
): Promise<Outcome> {
  try {
    const { request: inner, route } = prepare(request, attempt);
    return succeeded(await runRequest(house, gate, inner, route), attempt.segments, request.baseUrl);
  } catch (error) {
    return outcomeOf(error, request);
  }
}

async function allOf(
  house: RequestHouse,
  gate: ScimGate,
  request: ScimRequest,
  attempts: readonly Attempt[],
): Promise<readonly Outcome[] | undefined> {
  const prepared = attempts.map((attempt) => orNothing(() => prepare(request, attempt)));
  const known = prepared.filter((it) => it !== undefined);
  const answers = known.length === attempts.length ? await runTogether(house, gate, known) : undefined;
  return answers?.map((answer, n) => succeeded(answer, attempts[n]?.segments ?? [], request.baseUrl));
}

function orNothing<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}

/** @throws ScimRefusal where the path takes no bulk operations. */
function prepare(request: ScimRequest, { method, segments, data, version }: Attempt): Prepared {
  const route = findRoute(method, segments);
  if (route.kind !== "work" || route.reads)
    throw new ScimRefusal(400, "invalidValue", "this path takes no bulk operations");
  const path = `/${segments.join("/")}`;
  const bytes = Buffer.from(JSON.stringify(method === "PATCH" ? withSchemas(data) : (data ?? {})));
  const own = { method, segments, path, bytes, query: new Map(), contentType: scimJson, ifMatch: version };
  return { request: { ...request, ...own }, route };
}

// The data of a PATCH may leave out the schemas of its envelope (RFC 7644 erratum 5050).
function withSchemas(data: unknown): unknown {
  const named = Object.keys(data ?? {}).some((key) => key.toLowerCase() === "schemas");
  return named ? data : { schemas: [messages.patchOp], ...(data as object) };
}

function succeeded({ status, headers }: Answer, segments: readonly string[], baseUrl: string): Outcome {
  const location = headers?.["Location"] ?? `${baseUrl}/${segments.join("/")}`;
  const version = headers?.["ETag"];
  const id = location.slice(location.lastIndexOf("/") + 1);
  return { status, id, location, ...(version === undefined ? {} : { version }) };
}

function outcomeOf(error: unknown, { origin, publicUrl }: ScimRequest): Outcome {
  const { status, body } = replyTo(error, origin.requestId, publicUrl);
  return { status, error: body };
}

/** An entry of the response; a failed POST has no place, and only a failure has a response (SCIM-176). */
function entryDocument(entry: BulkEntry, outcome: Outcome | undefined, { baseUrl }: ScimRequest): Document[] {
  if (!outcome) return [];
  const { method, bulkId, segments } = entry;
  const place = outcome.location ?? (method === "POST" ? undefined : `${baseUrl}/${segments.join("/")}`);
  return [
    {
      method,
      ...(bulkId === undefined ? {} : { bulkId }),
      ...(outcome.version === undefined ? {} : { version: outcome.version }),
      ...(place === undefined ? {} : { location: place }),
      status: String(outcome.status),
      ...(outcome.error === undefined ? {} : { response: outcome.error }),
    },
  ];
}

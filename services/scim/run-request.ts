import { stopwatchMs } from "../kernel/clock";
import { PlenumError } from "../kernel/errors";
import type { OrgId } from "../kernel/ids";
import type { Caller } from "../platform/caller";
import { meaningful } from "../platform/postgres-errors";
import { rehearse } from "../platform/savepoint";
import type { Database, Tx } from "../platform/unit-of-work";
import { badToken, dialectBehind, type ScimGate } from "./authenticate";
import { limits } from "./limits";
import {
  completeRefusal,
  loggedToken,
  logPreviewed,
  logRefusal,
  logSuccess,
  type Logged,
  type Written,
} from "./log-request";
import { rateOf, type RateLimiter } from "./rate-limit";
import { ScimRefusal } from "./refusal";
import type { Answer, Exchange, RequestNote, ScimRequest } from "./request";
import type { Route } from "./routes";
import { Trail } from "./trail";

export interface RequestHouse {
  readonly db: Database;
  readonly limiter: RateLimiter;
  readonly perSecond: number;
  readonly cursorKey: Buffer;
}

/**
 * Runs a request as one unit of work: the token is identified in it, the work is done in it, and the log line of a
 * write stands or falls with it. A refusal rolls back, and its line is written afterwards (SCIM-195, ruling 5).
 */
export async function runRequest(
  { db, limiter, perSecond, cursorKey }: RequestHouse,
  gate: ScimGate,
  request: ScimRequest,
  { work, id, reads }: Route & { kind: "work" },
): Promise<Answer> {
  const began = stopwatchMs();
  let attempt: Attempt = { trail: new Trail(), note: {} };
  const inPreview = async (caller: Caller): Promise<Answer> => {
    const copy = copyOf(gate);
    const { answer, written } = await db.run({ ...caller, orgId: copy }, inCopy, { shadowOf: caller.orgId, reads });
    if (written) await logPreviewed(db, written);
    return answer;
  };
  const inCopy = async (tx: Tx): Promise<{ answer: Answer; written?: Written }> => {
    attempt = { trail: new Trail(), note: {} };
    const exchange = { ...exchangeOf(tx, gate, request, attempt), cursorKey };
    if (request.dryRun && !reads) return { answer: await rehearse(tx, () => work(exchange, id)) };
    const answer = await work(exchange, id);
    const durationMs = stopwatchMs() - began;
    if (durationMs > limits.requestMs) throw tooSlow();
    const logged = loggedOf(gate, request, attempt);
    if (reads || !logged) return { answer };
    return { answer, written: await logSuccess(tx, logged, { status: answer.status, durationMs }) };
  };
  let share: Readonly<Record<string, string>> | undefined;
  try {
    const inOrganization = async (tx: Tx): Promise<Answer | Caller> => {
      // The whole unit may run again; what an earlier attempt noted is void.
      attempt = { trail: new Trail(), note: {} };
      share ??= takeShare(limiter, gate, perSecond);
      // In preview the token is identified here, and the request is done in the copy (SCIM-197).
      if (dialectBehind(gate).connection.scimState === "PREVIEW") return tx.caller;
      const exchange = { ...exchangeOf(tx, gate, request, attempt), cursorKey };
      if (request.dryRun && !reads) return rehearse(tx, () => work(exchange, id));
      const answer = await work(exchange, id);
      const durationMs = stopwatchMs() - began;
      if (durationMs > limits.requestMs) throw tooSlow();
      const logged = loggedOf(gate, request, attempt);
      if (!reads && logged) await logSuccess(tx, logged, { status: answer.status, durationMs });
      return answer;
    };
    const done = await db.run(gate.entrance, inOrganization, { reads });
    const answer = "kind" in done ? await inPreview(done) : done;
    return { ...answer, headers: { ...share, ...answer.headers } };
  } catch (error) {
    const refusal = refusalOf(error);
    // Who has no good token leaves no line, even where it was good a moment ago and the work had begun.
    const logged = isStranger(error) ? undefined : loggedOf(gate, request, attempt);
    // A flood must not become a flood of log lines.
    if (refusal instanceof ScimRefusal && refusal.status === 429) throw refusal;
    if (logged && request.dryRun) throw await completeRefusal(db, logged, refusal);
    throw logged ? await afterRefusal(db, logged, refusal, stopwatchMs() - began) : refusal;
  }
}

/** Only identifies the token: discovery is open to all, but not to a wrong token (SCIM-045). */
export async function checkToken(db: Database, gate: ScimGate): Promise<void> {
  try {
    await db.run(gate.entrance, async () => Promise.resolve(dialectBehind(gate)));
  } catch (error) {
    throw refusalOf(error);
  }
}

/** @throws PlenumError `unavailable` while the copy is made, applied or given up: the provider comes again. */
function copyOf(gate: ScimGate): OrgId {
  const { previewOrgId } = dialectBehind(gate).connection;
  if (previewOrgId === null) throw new PlenumError("unavailable", "a preview of this connection is being ended");
  return previewOrgId;
}

function takeShare(limiter: RateLimiter, { entrance }: ScimGate, perSecond: number): Readonly<Record<string, string>> {
  const { connection } = entrance;
  return connection ? limiter.take(connection.connectionId, rateOf(connection.options, perSecond)) : {};
}

interface Attempt {
  readonly trail: Trail;
  readonly note: RequestNote;
}

/** A request inside its unit of work. */
export function exchangeOf(
  tx: Tx,
  gate: ScimGate,
  request: ScimRequest,
  { trail, note }: Attempt,
): Omit<Exchange, "cursorKey"> {
  const { connection, dialect } = dialectBehind(gate);
  const by = {
    connectionId: connection.connectionId,
    name: connection.connectionName,
    roleCeiling: connection.roleCeiling,
  };
  return { ...request, tx, by, dialect, trail, note };
}

/** What its line in the log says of who asked. */
export function loggedOf({ entrance }: ScimGate, request: ScimRequest, { trail, note }: Attempt): Logged | undefined {
  const { connection, orgId } = entrance;
  if (!connection) return undefined;
  const preview = connection.scimState === "PREVIEW" ? connection.previewOrgId : null;
  const logged = { orgId, request, connection: loggedToken(connection), trail, note };
  return preview === null ? logged : { ...logged, previewId: preview };
}

/** What the token's own look-up refuses is said as this protocol says it, with its header. */
function refusalOf(error: unknown): unknown {
  return isStranger(error) ? badToken() : meaningful(error);
}

function isStranger(error: unknown): boolean {
  const refusal = meaningful(error);
  return refusal instanceof PlenumError && refusal.code === "unauthenticated" && !(refusal instanceof ScimRefusal);
}

// A log that cannot be written must not hide why the request failed: the database may be what failed (SCIM-033).
async function afterRefusal(db: Database, logged: Logged, refusal: unknown, durationMs: number): Promise<unknown> {
  return logRefusal(db, logged, refusal, durationMs).catch(() => refusal);
}

function tooSlow(): PlenumError {
  return new PlenumError("unavailable", `the request took longer than ${limits.requestMs / 1_000} seconds`);
}

import type { IncomingMessage, ServerResponse } from "node:http";
import type { RequestHandler } from "express";
import { stopwatchMs } from "../../kernel/clock";
import { newUuid } from "../../kernel/ids";
import type { Origin } from "../caller";
import type { Log } from "../log";
import type { Metrics } from "../metrics";

/** What a door adds to the access line of its request (OPS-03): ids, names and counts only. */
export interface AccessFacts {
  door?: string;
  operation?: string;
  org?: string;
  [fact: string]: string | number | boolean | undefined;
}

interface Locals {
  requestId: string;
  access: AccessFacts;
}

const localsOf = (res: ServerResponse): Locals => (res as unknown as { locals: Locals }).locals;

/** The number under which this request stands in the log, in the audit log and in error bodies. */
export function requestIdOf(res: ServerResponse): string {
  return localsOf(res).requestId;
}

/** Adds to the access line. */
export function noteAccess(res: ServerResponse, facts: AccessFacts): void {
  Object.assign(localsOf(res).access, facts);
}

const userAgentMax = 200;

/** Where a request came from, for the caller and the audit log; the address counts proxies that are trusted only. */
export function originOf(req: IncomingMessage & { readonly ip?: string | undefined }, res: ServerResponse): Origin {
  const userAgent = req.headers["user-agent"]?.slice(0, userAgentMax);
  return {
    requestId: requestIdOf(res),
    ...(req.ip === undefined ? {} : { ip: req.ip }),
    ...(userAgent === undefined ? {} : { userAgent }),
  };
}

const givenId = /^[A-Za-z0-9][A-Za-z0-9._-]{7,63}$/;

/** The access line as a step of Express. */
export function accessLine(log: Log, metrics: Metrics): RequestHandler {
  return (req, res, next) => {
    beginAccess(req, res, { log, metrics });
    next();
  };
}

/**
 * Numbers a request, keeps a client's own `X-Request-Id` where it has a harmless form, and writes one access line when
 * it ends. The line has the path without its query: `?email=` and codes stay out of the log.
 */
export function beginAccess(
  req: IncomingMessage,
  res: ServerResponse,
  { log, metrics }: { readonly log: Log; readonly metrics: Metrics },
): void {
  const began = stopwatchMs();
  const given = req.headers["x-request-id"];
  const requestId = typeof given === "string" && givenId.test(given) ? given : newUuid();
  const access: AccessFacts = {};
  const locals = (res as unknown as { locals?: object }).locals ?? {};
  Object.assign(res, { locals: Object.assign(locals, { requestId, access } satisfies Locals) });
  res.setHeader("X-Request-Id", requestId);
  const [path] = (req.url ?? "/").split("?", 1);
  res.once("close", () => {
    const ms = stopwatchMs() - began;
    // A client that went away got nothing, whatever status was prepared.
    const status = res.writableFinished ? res.statusCode : 499;
    const { door = "http", operation = req.method ?? "", ...facts } = access;
    // Balancers ask every second: their requests are no service to anybody, and no news.
    const isProbe = door === "probe";
    if (!isProbe) metrics.request(door, operation, status, ms / 1000);
    const level = isProbe ? "debug" : "info";
    if (!log.isLevelEnabled(level)) return;
    log[level]({ requestId, door, operation, method: req.method, path, status, ms: round(ms), ...facts }, "request");
  });
}

const round = (ms: number): number => Math.round(ms * 10) / 10;

import type { Request, RequestHandler, Response } from "express";
import { uuidv7 } from "uuidv7";
import { stopwatchMs } from "../../kernel/clock";
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

const localsOf = (res: Response): Locals => res.locals as Locals;

/** The number under which this request stands in the log, in the audit log and in error bodies. */
export function requestIdOf(res: Response): string {
  return localsOf(res).requestId;
}

/** Adds to the access line. */
export function noteAccess(res: Response, facts: AccessFacts): void {
  Object.assign(localsOf(res).access, facts);
}

const userAgentMax = 200;

/** Where a request came from, for the caller and the audit log; the address counts proxies that are trusted only. */
export function originOf(req: Request, res: Response): Origin {
  const userAgent = req.headers["user-agent"]?.slice(0, userAgentMax);
  return {
    requestId: requestIdOf(res),
    ...(req.ip === undefined ? {} : { ip: req.ip }),
    ...(userAgent === undefined ? {} : { userAgent }),
  };
}

const givenId = /^[A-Za-z0-9][A-Za-z0-9._-]{7,63}$/;

/**
 * Numbers each request, keeps a client's own `X-Request-Id` where it has a harmless form, and writes one access line
 * when it ends. The line has the path without its query: `?email=` and codes stay out of the log.
 */
export function accessLine(log: Log, metrics: Metrics): RequestHandler {
  return (req, res, next) => {
    const began = stopwatchMs();
    const given = req.headers["x-request-id"];
    const requestId = typeof given === "string" && givenId.test(given) ? given : uuidv7();
    const access: AccessFacts = {};
    Object.assign(res.locals, { requestId, access } satisfies Locals);
    res.setHeader("X-Request-Id", requestId);
    const path = req.path;
    res.once("close", () => {
      const ms = stopwatchMs() - began;
      // A client that went away got nothing, whatever status was prepared.
      const status = res.writableFinished ? res.statusCode : 499;
      const { door = "http", operation = req.method, ...facts } = access;
      // Balancers ask every second: their requests are no service to anybody, and no news.
      const isProbe = door === "probe";
      if (!isProbe) metrics.request(door, operation, status, ms / 1000);
      log[isProbe ? "debug" : "info"](
        { requestId, door, operation, method: req.method, path, status, ms: round(ms), ...facts },
        "request",
      );
    });
    next();
  };
}

const round = (ms: number): number => Math.round(ms * 10) / 10;

import type { RequestHandler } from "express";
import type { Pool } from "pg";
import type { ReadinessProbe } from "../readiness";
import { sendUnavailable } from "./replies";

/** More waiting requests than this for each connection are refused rather than queued (DB-10). */
export const waitingPerConnectionMax = 4;

/** Lets a request in where it can be served: the database was there at the last look, and the queue is short. */
export function admission(readiness: ReadinessProbe, pool: Pool): RequestHandler {
  const waitingMax = waitingPerConnectionMax * pool.options.max;
  return (_req, res, next) => {
    if (readiness.migrated && pool.waitingCount <= waitingMax) return next();
    sendUnavailable(res);
  };
}

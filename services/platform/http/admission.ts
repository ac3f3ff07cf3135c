import type { RequestHandler } from "express";
import type { Pool } from "pg";
import type { ReadinessProbe } from "../readiness";
import { sendUnavailable } from "./replies";

/** More waiting requests than this for each connection are refused rather than queued (DB-10). */
export const waitingPerConnectionMax = 4;

/** Whether a request can be served: the database was there at the last look, and the queue is short. */
export function isAdmitting(readiness: ReadinessProbe, pool: Pool): boolean {
  return readiness.migrated && pool.waitingCount <= waitingPerConnectionMax * pool.options.max;
}

/** Lets a request in where it can be served. */
export function admission(readiness: ReadinessProbe, pool: Pool): RequestHandler {
  return (_req, res, next) => {
    if (isAdmitting(readiness, pool)) return next();
    sendUnavailable(res);
  };
}

import { Router, type RequestHandler } from "express";
import type { Metrics } from "../metrics";
import type { ReadinessProbe } from "../readiness";
import { noteAccess } from "./request";

const asProbe: RequestHandler = (_req, res, next) => {
  noteAccess(res, { door: "probe" });
  next();
};

/** What balancers and orchestrators ask (contract §3, OPS-02). */
export function probes(readiness: ReadinessProbe): Router {
  const router = Router();
  router.use(["/healthz", "/livez", "/readyz"], asProbe);
  // Both say that the process lives, also while the database is away: restarting it would help nobody (REL-21).
  router.get(["/healthz", "/livez"], (_req, res) => {
    res.json({ status: "ok" });
  });
  router.get("/readyz", async (_req, res) => {
    const { ready, reasons } = await readiness.check();
    res.status(ready ? 200 : 503).json(ready ? { status: "ready" } : { status: "not ready", reasons });
  });
  return router;
}

/** Prometheus text: on the admin port, or on the main one in development. */
export function metricsPage({ registry }: Metrics): Router {
  const router = Router();
  router.use("/metrics", asProbe);
  router.get("/metrics", async (_req, res) => {
    res.setHeader("Content-Type", registry.contentType);
    res.end(await registry.metrics());
  });
  return router;
}

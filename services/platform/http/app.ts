import type { RequestListener } from "node:http";
import express, { type Express, type RequestHandler } from "express";
import type { Config } from "../config";
import type { Log } from "../log";
import type { Metrics } from "../metrics";
import type { ReadinessProbe } from "../readiness";
import { directFirst, type DirectDoor, type DirectParts } from "./direct";
import { metricsPage, probes } from "./probes";
import { publicOrigin } from "./public-origin";
import { lastResort, nothingHere, safeHeaders } from "./replies";
import { accessLine } from "./request";

export interface AppParts {
  readonly config: Config;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly readiness: ReadinessProbe;
}

/** The application around the doors: what holds for every request stands here and nowhere else. */
export function makeApp(
  parts: AppParts,
  doors: RequestHandler,
  direct: () => readonly DirectDoor[] = () => [],
): RequestListener {
  const { config, metrics, readiness } = parts;
  const app = bareApp(parts);
  app.use(probes(readiness));
  if (!config.production && config.adminPort === undefined) app.use(metricsPage(metrics));
  app.use(publicOrigin(config.publicUrl));
  app.use(doors);
  const trusts = app.get("trust proxy fn") as DirectParts["trusts"];
  return directFirst({ ...parts, publicUrl: config.publicUrl, trusts }, direct, closed(app, parts) as RequestListener);
}

/** Probes and metrics on a port of their own (OPS-02). */
export function makeAdminApp(parts: AppParts): Express {
  const app = bareApp(parts);
  app.use(probes(parts.readiness), metricsPage(parts.metrics));
  return closed(app, parts);
}

function bareApp({ config, log, metrics }: AppParts): Express {
  const app = express();
  app.disable("x-powered-by");
  // An entity tag costs a hash over each answer, and what we send is not to be stored anyway (PIT-12, GQL-07).
  app.disable("etag");
  app.set("trust proxy", config.trustProxy.length > 0 ? [...config.trustProxy] : false);
  app.use(accessLine(log, metrics), safeHeaders(config.publicUrl));
  return app;
}

function closed(app: Express, { log }: AppParts): Express {
  app.use(nothingHere);
  app.use(lastResort(log));
  return app;
}

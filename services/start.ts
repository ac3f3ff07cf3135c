import type { RequestListener } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { Router } from "express";
import { entities } from "./domain/entities";
import { awayDoors, doors } from "./doors";
import { instanceOf } from "./instance";
import { minuteMs, systemClock, type Clock } from "./kernel/clock";
import type { Config } from "./platform/config";
import { doorNames, type DoorName } from "./platform/settings/variables";
import type { DoorContext, OpenDoor } from "./platform/door";
import { admission, isAdmitting } from "./platform/http/admission";
import { makeAdminApp, makeApp, type AppParts } from "./platform/http/app";
import type { DirectDoor } from "./platform/http/direct";
import { sendUnavailable } from "./platform/http/replies";
import { openServer, type DrainingServer } from "./platform/http/server";
import { keyringOf } from "./platform/keys";
import type { Log } from "./platform/log";
import { checkMasterKey } from "./platform/lobby";
import { openMailer } from "./platform/mailer";
import { masterSecret } from "./platform/master-secret";
import { openMetrics, type Metrics } from "./platform/metrics";
import { openDatabase } from "./platform/open-database";
import { openPools } from "./platform/pools";
import { ReadinessProbe } from "./platform/readiness";
import type { Ending } from "./platform/shutdown";
import { readVersion } from "./platform/version";

export interface StartOptions {
  readonly config: Config;
  readonly log: Log;
  readonly clock?: Clock;
  /** The embedded database does not stay up. */
  readonly onFailure: (error: Error) => void;
}

/** A process with its doors open. */
export interface Plenum {
  /** With the port that was really taken. */
  readonly config: Config;
  readonly context: DoorContext;
  readonly readiness: ReadinessProbe;
  /** What a clean end does, in order. */
  readonly endings: readonly Ending[];
}

// A balancer goes on sending for a few seconds after it has seen `/readyz` fail (GQL-08); at a desk nobody waits.
const turnAwayMs = 5_000;

/**
 * Listens, opens the database, opens the doors. Listening comes first: while the database is away the process says
 * that it lives and is not ready, instead of refusing connections (REL-21).
 */
export async function start(options: StartOptions): Promise<Plenum> {
  const { log, clock = systemClock } = options;
  const metrics = openMetrics(readVersion());
  const readiness = new ReadinessProbe(clock);
  readiness.hold();
  const front = await listen(options.config, { log, metrics, readiness });
  const { config } = front;
  const secret = masterSecret(config);

  const place = await openDatabase(config, log, options.onFailure);
  const quiet = (): boolean => readiness.isStopping();
  const pools = await openPools({
    target: place.target,
    max: config.poolMax,
    pooled: !config.prepared,
    log,
    quiet,
    entities: [...entities],
  });
  metrics.watchPool("requests", pools.requests);
  metrics.watchPool("background", pools.background);
  readiness.watch(pools.probe);
  // Asked twice: what a role owns is known only once the tables are there.
  await pools.checkRole();
  await untilMigrated(readiness, log);
  await pools.checkRole();

  const mailer = openMailer(config.smtpUrl, config.publicUrl, log);
  const instance = instanceOf(config.publicUrl, keyringOf(secret, config.previousSecretKey), config);
  const shared = { config, log, clock, masterSecret: secret, mailer, metrics, server: front.http.server };
  const context: DoorContext = { ...shared, db: pools.database("requests", clock, instance) };
  await checkMasterKey(context.db, secret, config.previousSecretKey);
  const forWorker: DoorContext = { ...shared, db: pools.database("background", clock, instance) };
  const opened = await openDoors(config, context, forWorker);
  const isOpen = () => isAdmitting(readiness, pools.requests);
  front.open({
    routed: Router().use(admission(readiness, pools.requests), ...opened.map(({ router }) => router ?? Router())),
    direct: opened.flatMap(({ direct }) => (direct ? [guarded(direct, front.away, isOpen)] : [])),
  });
  readiness.opened();
  const stopMinutes = everyMinute(metrics, readiness, log);

  const endings: Ending[] = [
    { name: "balancer", end: () => turnAway(readiness, front.http, config.production ? turnAwayMs : 0) },
    { name: "requests", end: () => front.http.drain() },
    { name: "doors", end: () => Promise.all(opened.map(async (door) => door.close?.())) },
    { name: "admin port", end: async () => front.admin?.drain(0) },
    { name: "pools", end: () => pools.close() },
    { name: "database", end: () => place.close() },
    { name: "rest", end: async () => [mailer.close(), stopMinutes()] },
  ];
  return { config, context, readiness, endings };
}

interface Front {
  /** With the port that was really taken. */
  readonly config: Config;
  readonly http: DrainingServer;
  readonly admin: DrainingServer | undefined;
  /** What answers below the paths of direct doors while they cannot. */
  readonly away: readonly DirectDoor[];
  /** Lets requests through to the doors. */
  open(doors: Doors): void;
}

interface Doors {
  readonly routed: Router;
  readonly direct: readonly DirectDoor[];
}

async function listen(given: Config, shared: Omit<AppParts, "config">): Promise<Front> {
  const away = doorNames.flatMap((name) => (given.doors.has(name) && awayDoors[name]) || []);
  let doors: Doors = { routed: Router().use((_req, res) => sendUnavailable(res)), direct: away };
  // Made once the port is known, which the public URL may depend on; until then nothing is read from a connection.
  const late: { app?: RequestListener } = {};
  const http = openServer((req, res) => late.app?.(req, res));
  const config = withPort(given, await http.listen(given.port, given.host));
  shared.log.info({ host: config.host, port: config.port, doors: [...config.doors] }, "listening");
  const parts = { ...shared, config };
  late.app = makeApp(
    parts,
    (req, res, next) => doors.routed(req, res, next),
    () => doors.direct,
  );
  const admin = config.adminPort === undefined ? undefined : openServer(makeAdminApp(parts));
  await admin?.listen(config.adminPort as number, config.host);
  return { config, http, admin, away, open: (opened) => void (doors = opened) };
}

/** A direct door behind admission: what is not let in hears so in the door's own protocol. */
function guarded(door: DirectDoor, away: readonly DirectDoor[], isOpen: () => boolean): DirectDoor {
  const closed = away.find(({ prefix }) => prefix === door.prefix);
  return { ...door, serve: (req, res) => (isOpen() || !closed ? door : closed).serve(req, res) };
}

function withPort(config: Config, port: number): Config {
  const publicUrl = config.publicUrl === "http://localhost:0" ? `http://localhost:${port}` : config.publicUrl;
  return { ...config, port, publicUrl };
}

// With an external database the start does not migrate (ruling c2): it waits for `plenum migrate`, not ready meanwhile.
async function untilMigrated(readiness: ReadinessProbe, log: Log): Promise<void> {
  await readiness.check();
  if (!readiness.migrated) log.warn("the database is not migrated: run `plenum migrate`");
  while (!readiness.migrated) {
    await sleep(500);
    await readiness.check();
  }
}

async function openDoors(config: Config, context: DoorContext, forWorker: DoorContext): Promise<OpenDoor[]> {
  const opened: OpenDoor[] = [];
  for (const name of doorNames.filter((door) => config.doors.has(door))) {
    const open = doors[name];
    if (!open) continue;
    const door = await open(name === "worker" ? forWorker : context);
    opened.push(typeof door === "function" ? { router: door } : door);
  }
  return opened;
}

async function turnAway(readiness: ReadinessProbe, http: DrainingServer, ms: number): Promise<void> {
  readiness.stop();
  http.turnAway();
  await sleep(ms);
}

// Service levels of the minute that ended, and a look at database and clock where nobody else asks (ruling a13).
function everyMinute(metrics: Metrics, readiness: ReadinessProbe, log: Log): () => void {
  const timer = setInterval(() => {
    const { requests, errorRatio, down, operations } = metrics.closeMinute();
    if (requests > 0) log.info({ requests, errorRatio, down, operations }, "service level of the minute");
    void readiness.check().then(({ ready, reasons }) => {
      if (!ready) log.warn({ reasons }, "not ready");
    });
  }, minuteMs);
  timer.unref();
  return () => clearInterval(timer);
}

/** Which doors this release has. */
export function hasDoor(config: Config, name: DoorName): boolean {
  return config.doors.has(name) && doors[name] !== undefined;
}

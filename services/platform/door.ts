import type { Server } from "node:http";
import type { Router } from "express";
import type { Clock } from "../kernel/clock";
import type { Config } from "./config";
import type { DirectDoor } from "./http/direct";
import type { Log } from "./log";
import type { Mailer } from "./mailer";
import type { Metrics } from "./metrics";
import type { Database } from "./unit-of-work";

/** All that a door may know of the process it runs in. */
export interface DoorContext {
  readonly config: Config;
  /** Over the pool for requests; the worker's door gets one over the background pool (DB-11). */
  readonly db: Database;
  readonly log: Log;
  readonly clock: Clock;
  /** `PLENUM_SECRET_KEY`, from which a door derives keys of its own, e.g. to sign cursors. */
  readonly masterSecret: string;
  readonly mailer: Mailer;
  readonly metrics: Metrics;
  /** For a door that drains its requests itself; the process closes it. */
  readonly server: Server;
}

/** A door that has more to it than its routes. */
export interface OpenDoor {
  readonly router?: Router;
  /** What it answers past the routing of the others. */
  readonly direct?: DirectDoor;
  /** Ends what runs behind the door; called once requests have finished. */
  close?(): Promise<void>;
}

/** Opens a door: its routes are mounted at the root, so it names whole paths. */
export type Door = (context: DoorContext) => Router | OpenDoor | Promise<Router | OpenDoor>;

import { Pool } from "pg";
import type { DataSource } from "typeorm";
import type { Clock } from "../kernel/clock";
import { openDataSource, poolConfig, poolOf, poolSizes, type PoolOptions } from "./data-source";
import type { Log } from "./log";
import { patiently } from "./open-database";
import { checkRole } from "./role-check";
import type { PgTarget } from "./targets";
import type { Instance } from "./tx";
import { Database } from "./unit-of-work";

const probeMs = 1_500;

/** The two pools of a process: requests never wait for the worker's queries (DB-11). */
export interface Pools {
  readonly requests: Pool;
  readonly background: Pool;
  /** One connection for asking whether the database is there: busy pools must not look like a lost database. */
  readonly probe: Pool;
  /** Units of work over one of them. */
  database(which: "requests" | "background", clock: Clock, instance: Instance): Database;
  /** @throws RoleTooStrong */
  checkRole(): Promise<void>;
  close(): Promise<void>;
}

export interface PoolsOptions {
  readonly target: PgTarget;
  /** Connections for requests; the rule of DB-10 where nothing is given. */
  readonly max: number | undefined;
  /** Through a transaction pooler. */
  readonly pooled: boolean;
  readonly log: Log;
  readonly entities: PoolOptions["entities"];
  /** Whether lost connections are news: not while we stop, when the server sends its clients away. */
  readonly quiet: () => boolean;
}

/** Opens both pools, waiting for the database where it is not there yet. */
export async function openPools({ target, max, pooled, log, quiet, entities = [] }: PoolsOptions): Promise<Pools> {
  const sizes = poolSizes(max);
  const open = (name: "requests" | "background"): Promise<DataSource> =>
    patiently(
      () =>
        openDataSource({
          target,
          pooled,
          entities,
          max: name === "requests" ? sizes.interactive : sizes.background,
          applicationName: `plenum ${name}`,
          onError: (error) => {
            if (!quiet()) log.warn({ err: error, pool: name }, "a connection to the database was lost");
          },
        }),
      log,
    );
  // A path that went silent must not leave the probe waiting while new connections would be answered.
  const probe = new Pool({
    ...poolConfig({ target, pooled, max: 1, applicationName: "plenum probe" }),
    query_timeout: probeMs,
  });
  probe.on("error", () => undefined); // the next probe says so
  const sources = { requests: await open("requests"), background: await open("background") };
  return {
    requests: poolOf(sources.requests),
    background: poolOf(sources.background),
    probe,
    database: (which, clock, instance) => new Database(sources[which], clock, instance),
    checkRole: () => checkRole(poolOf(sources.requests)),
    async close() {
      await Promise.all([probe.end(), ...Object.values(sources).map((source) => source.destroy())]);
    },
  };
}

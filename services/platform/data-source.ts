import { availableParallelism } from "node:os";
import type { Pool, PoolConfig } from "pg";
import { DataSource, type DataSourceOptions } from "typeorm";
import type { PostgresDriver } from "typeorm/driver/postgres/PostgresDriver";
import { columnTypes } from "./column-types";
import { PooledClient } from "./pooled-client";
import type { PgTarget } from "./targets";

/** Milliseconds after which a pool gives up: nobody waits for the database for ever (DB-10). */
export const databaseLimits = {
  connectMs: 2_000,
  statementMs: 5_000,
  idleInTransactionMs: 10_000,
  lockMs: 2_000,
} as const;

/** Connections of one replica for requests, and a quarter of that for the worker (DB-10, DB-11). */
export function poolSizes(interactive: number = defaultPoolSize()): { interactive: number; background: number } {
  // The queue keeps one for itself to hear of new jobs, two jobs run at a time, and the agenda is read beside them.
  return { interactive, background: Math.max(4, Math.ceil(interactive / 4)) };
}

// The embedded server runs on our own cores; of an external one nothing is known, and the rule is the same guess.
const defaultPoolSize = (): number => Math.min(10, 2 * availableParallelism() + 1);

export interface PoolOptions {
  readonly target: PgTarget;
  readonly max: number;
  /** Shown by pg_stat_activity. */
  readonly applicationName: string;
  /** Through a transaction pooler: nothing of ours may live in a session (DB-12, DB-13). */
  readonly pooled?: boolean;
  readonly entities?: NonNullable<DataSourceOptions["entities"]>;
  /** An idle connection was lost; without a handler the process would end (PIT-19). */
  readonly onError?: (error: Error) => void;
}

const sessionLimits = {
  statement_timeout: databaseLimits.statementMs,
  idle_in_transaction_session_timeout: databaseLimits.idleInTransactionMs,
  lock_timeout: databaseLimits.lockMs,
};
// Every statement of ours has an index. A plan that was made while a table was empty would read all of it for as long as
// nobody counts its rows: the first thousand users of a new installation took 2,000 row visits each (measured).
const planning = { enable_seqscan: "off" } as const;
const localLimits = Object.entries({ ...sessionLimits, ...planning }).map(([name, ms]) => `set local ${name} = ${ms}`);

/** What a transaction says behind its `begin`: through a pooler the limits are its own, not those of a session. */
export function limitsOf(source: DataSource): readonly string[] {
  return poolOf(source).options.Client === PooledClient ? localLimits : [];
}

/** The pool's configuration with all limits; the worker's library takes it without TypeORM. */
export function poolConfig({ target, max, applicationName, pooled = false }: PoolOptions): PoolConfig {
  return {
    ...target,
    max,
    application_name: applicationName,
    connectionTimeoutMillis: databaseLimits.connectMs,
    ...(pooled
      ? { Client: PooledClient }
      : { ...sessionLimits, options: `-c enable_seqscan=${planning.enable_seqscan}` }),
    keepAlive: true,
    types: columnTypes,
  };
}

/** Opens a pool behind TypeORM. TypeORM neither makes nor changes tables. */
export async function openDataSource(options: PoolOptions): Promise<DataSource> {
  const source = new DataSource({
    type: "postgres",
    entities: options.entities ?? [],
    synchronize: false,
    installExtensions: false,
    logging: false,
    poolErrorHandler: options.onError ?? (() => undefined),
    extra: poolConfig(options),
  });
  await source.initialize();
  return source;
}

/** The pg pool behind a data source: for the queue's library and for measuring. */
export function poolOf(source: DataSource): Pool {
  return (source.driver as PostgresDriver).master as Pool;
}

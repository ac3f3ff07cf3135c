import type { PoolClient } from "pg";
import type { Statement } from "./statement";
import { openClient, type Database, type Tx } from "./unit-of-work";

export { massStatement, statement, type Statement } from "./statement";

/** The queries of one unit of work, one awaited statement at a time (DB-15). */
export interface Queries {
  many<R extends object>(statement: Statement, values?: readonly unknown[]): Promise<R[]>;
  /** The row, or undefined. */
  maybe<R extends object>(statement: Statement, values?: readonly unknown[]): Promise<R | undefined>;
  /** The row; its absence is a fault of ours. */
  one<R extends object>(statement: Statement, values?: readonly unknown[]): Promise<R>;
  /** How many rows were written. */
  exec(statement: Statement, values?: readonly unknown[]): Promise<number>;
}

type Run = <R extends object>(
  statement: Statement,
  values?: readonly unknown[],
) => Promise<{ rows: R[]; count: number }>;

/** The hand-written queries of a store inside a unit of work. */
export function sql(tx: Tx): Queries {
  const { connection, observe } = openClient(tx);
  return queries(async <R extends object>(statement: Statement, values?: readonly unknown[]) => {
    openClient(tx); // a tx kept after its end throws
    if (!statement.isMass) return send<R>(connection, statement, values, observe);
    await connection.query("set local enable_nestloop = off");
    const result = await send<R>(connection, statement, values, observe);
    // After a refusal of the database the transaction is lost, and the setting with it.
    await connection.query("set local enable_nestloop = on");
    return result;
  });
}

/** Single statements on the lobby's tables, outside any tenant. */
export function lobbySql(db: Database): Queries {
  return queries((statement, values) =>
    db.withConnection((connection, observe) => send(connection, statement, values, observe)),
  );
}

async function send<R extends object>(
  connection: PoolClient,
  statement: Statement,
  values: readonly unknown[] = [],
  observe?: (text: string) => void,
): Promise<{ rows: R[]; count: number }> {
  observe?.(statement.text);
  const result = await connection.query<R>({ name: statement.name, text: statement.text, values: values as unknown[] });
  return { rows: result.rows, count: result.rowCount ?? 0 };
}

function queries(run: Run): Queries {
  return {
    many: async <R extends object>(statement: Statement, values?: readonly unknown[]) =>
      (await run<R>(statement, values)).rows,
    maybe: async <R extends object>(statement: Statement, values?: readonly unknown[]) =>
      (await run<R>(statement, values)).rows[0],
    one: async <R extends object>(statement: Statement, values?: readonly unknown[]) => {
      const row = (await run<R>(statement, values)).rows[0];
      if (row === undefined) throw new Error(`${statement.name} gave no row`);
      return row;
    },
    exec: async (statement, values) => (await run(statement, values)).count,
  };
}

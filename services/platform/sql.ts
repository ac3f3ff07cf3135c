import type { Statement } from "./statement";
import { askIn, openClient } from "./open-client";
import type { Database, Tx } from "./unit-of-work";
import { ask, type Question, type Reply } from "./wire";

export { massStatement, statement, type Statement } from "./statement";

/**
 * The queries of one unit of work (DB-15). Statements that do not need each other's answers may be asked for in one
 * `Promise.all`: they go in one round trip and run one after the other, in that order.
 */
export interface Queries {
  many<R extends object>(statement: Statement, values?: readonly unknown[]): Promise<R[]>;
  /** The row, or undefined. */
  maybe<R extends object>(statement: Statement, values?: readonly unknown[]): Promise<R | undefined>;
  /** The row; its absence is a fault of ours. */
  one<R extends object>(statement: Statement, values?: readonly unknown[]): Promise<R>;
  /** How many rows were written. */
  exec(statement: Statement, values?: readonly unknown[]): Promise<number>;
}

type Run = (statement: Statement, values?: readonly unknown[]) => Promise<Reply>;

// Around a mass statement; after a refusal of the database the transaction is lost, and the setting with it.
const joinsBySets = setting("off");
const joinsByRows = setting("on");

/** The hand-written queries of a store inside a unit of work. */
export function sql(tx: Tx): Queries {
  openClient(tx);
  return queries(async (statement, values = []) => {
    const client = openClient(tx); // a tx kept after its end throws
    client.observe?.(statement.text);
    const question = { statement, values };
    if (!statement.isMass) return replyOf(await askIn(client, [question]), 0);
    return replyOf(await askIn(client, [joinsBySets, question, joinsByRows]), 1);
  });
}

/** Sends a statement whose answer nobody needs together with the commit; where it fails, the whole unit has failed. */
export function lastly(tx: Tx, statement: Statement, values: readonly unknown[]): void {
  const client = openClient(tx);
  client.observe?.(statement.text);
  client.closing.push({ statement, values });
}

/** Single statements on the lobby's tables, outside any tenant. */
export function lobbySql(db: Database): Queries {
  return queries((statement, values = []) =>
    db.withConnection(async (connection, observe) => {
      observe?.(statement.text);
      return replyOf(await ask(connection, [{ statement, values }]), 0);
    }),
  );
}

function setting(value: "on" | "off"): Question {
  return { statement: { name: `nestloop_${value}`, text: `set local enable_nestloop = ${value}` } };
}

function replyOf(replies: readonly Reply[], at: number): Reply {
  const reply = replies[at];
  if (!reply) throw new Error("a statement has no reply");
  return reply;
}

function queries(run: Run): Queries {
  return {
    many: async <R extends object>(statement: Statement, values?: readonly unknown[]) =>
      (await run(statement, values)).rows as R[],
    maybe: async <R extends object>(statement: Statement, values?: readonly unknown[]) =>
      (await run(statement, values)).rows[0] as R | undefined,
    one: async <R extends object>(statement: Statement, values?: readonly unknown[]) => {
      const row = (await run(statement, values)).rows[0];
      if (row === undefined) throw new Error(`${statement.name} gave no row`);
      return row as R;
    },
    exec: async (statement, values) => (await run(statement, values)).count,
  };
}

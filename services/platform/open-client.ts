import type { PoolClient } from "pg";
import type { EntityManager } from "typeorm";
import { isUuid, type OrgId } from "../kernel/ids";
import { statement } from "./statement";
import type { Tx } from "./tx";
import { ask, type Question, type Reply } from "./wire";

/** The connection of a unit of work, and what is on its way. */
export interface OpenClient {
  readonly connection: PoolClient;
  readonly manager: EntityManager;
  readonly observe: ((text: string) => void) | undefined;
  /** What a transaction says behind its beginning: its tenant, and limits that its session does not have. */
  readonly opening: readonly Question[];
  /** Each breath is a transaction of its own that only reads, and takes its end along. */
  endsEachBreath: boolean;
  /** Whether a transaction has begun that must be ended. */
  isBegun: boolean;
  /** What nobody waits for: sent together with the commit. */
  readonly closing: Question[];
  waiting: Waiting[];
  /** The round trip that is under way. */
  asking: Promise<void> | undefined;
}

interface Waiting {
  readonly questions: readonly Question[];
  readonly resolve: (replies: readonly Reply[]) => void;
  readonly reject: (error: unknown) => void;
}

const begin: Question = { statement: statement("begin", "begin") };
const beginReading: Question = { statement: statement("begin-reading", "begin read only") };
/** Ends a transaction. */
export const commit: Question = { statement: statement("commit", "commit") };
const open = new WeakMap<Tx, OpenClient>();

/** Ties a unit of work to its connection until the answer is called. */
export function attach(
  tx: Tx,
  it: Pick<OpenClient, "connection" | "manager" | "observe" | "opening" | "endsEachBreath">,
): OpenClient {
  const client: OpenClient = { ...it, isBegun: false, closing: [], waiting: [], asking: undefined };
  open.set(tx, client);
  return client;
}

/** Nothing can be asked for the unit of work any more. */
export function detach(tx: Tx): void {
  open.delete(tx);
}

/** The connection behind a unit of work. For `sql(tx)` only. */
export function openClient(tx: Tx): OpenClient {
  const client = open.get(tx);
  if (!client) throw new Error("this unit of work has ended");
  return client;
}

/**
 * Sends statements of a unit of work. What is asked for in one breath (`Promise.all`) goes in one round trip, in the
 * order of asking; the first statement of all carries the beginning. For platform only.
 */
export async function askIn(client: OpenClient, questions: readonly Question[]): Promise<readonly Reply[]> {
  return new Promise((resolve, reject) => {
    client.waiting.push({ questions, resolve, reject });
    // At once, so that whoever ends the unit meanwhile waits for what is about to be asked, too.
    client.asking ??= askSoon(client);
  });
}

// Once nothing goes on without an answer: whoever only had to wait for others of the same breath has asked by then.
async function askSoon(client: OpenClient): Promise<void> {
  await new Promise<void>((resolve) => process.nextTick(resolve));
  await askWaiting(client);
}

async function askWaiting(client: OpenClient): Promise<void> {
  while (client.waiting.length > 0) {
    const { waiting } = client;
    client.waiting = [];
    const { before, after, isBegun } = aroundBreath(client);
    // An explicit beginning that fails on the way has to be rolled back.
    client.isBegun = isBegun || after.length > 0;
    try {
      const asked = waiting.flatMap(({ questions }) => questions);
      const replies = await ask(client.connection, [...before, ...asked, ...after]);
      client.isBegun = isBegun;
      let at = before.length;
      for (const { questions, resolve } of waiting) resolve(replies.slice(at, (at += questions.length)));
    } catch (error) {
      // The transaction is lost for all of them.
      for (const { reject } of waiting) reject(error);
    }
  }
  client.asking = undefined;
}

/** What is asked from here on is one transaction, also in a unit of work that only reads: a cursor lives in it. */
export function together(tx: Tx): void {
  openClient(tx).endsEachBreath = false;
}

/** TypeORM's manager inside a unit of work: stores only; `insert`, `update` and `find`, never `save` (PIT-14). */
export async function orm(tx: Tx): Promise<EntityManager> {
  const client = openClient(tx);
  client.endsEachBreath = false;
  // It writes on the connection by itself, so the transaction must have begun by then.
  if (!client.isBegun || client.asking) await askIn(client, []);
  return client.manager;
}

interface Around {
  readonly before: readonly Question[];
  readonly after: readonly Question[];
  /** Whether a transaction is open behind it. */
  readonly isBegun: boolean;
}

const nothing: readonly Question[] = [];

function aroundBreath({ opening, isBegun, endsEachBreath }: OpenClient): Around {
  if (isBegun) return { before: nothing, after: nothing, isBegun };
  return endsEachBreath
    ? { before: [beginReading, ...opening], after: [commit], isBegun: false }
    : { before: [begin, ...opening], after: nothing, isBegun: true };
}

/**
 * What a transaction says behind its `begin`. `set local` takes no parameters, and it is what Citus passes on (decision
 * 16, ruling a8); the id is a validated uuid, never input.
 */
export function openingFor(orgId: OrgId, limits: readonly string[]): readonly Question[] {
  if (!isUuid(orgId)) throw new Error("an organization's id is a uuid");
  const settings = [`set local app.org_id = '${orgId}'`, ...limits];
  return settings.map((text) => ({ statement: { name: "", text } }));
}

import type { Client, PoolClient } from "pg";
import type { DataSource, EntityManager } from "typeorm";
import type { Clock } from "../kernel/clock";
import { PlenumError } from "../kernel/errors";
import { isUuid, newId, type OrgId } from "../kernel/ids";
import { callerLabel, type Caller } from "./caller";
import { limitsOf } from "./data-source";
import type { DomainEvent } from "./events";
import { outboxOf, type AuditDraft, type EventDraft } from "./outbox";
import { isRetryable, meaningful } from "./postgres-errors";
import { statement } from "./statement";
import type { AuditNote, Entrance, Instance, Tx } from "./tx";
import { ask, type Question, type Reply } from "./wire";

export type { AuditNote, Entrance, Instance, Tx } from "./tx";

export interface RunOptions {
  /** Written in a second short unit of work after a refusal has rolled everything back (ruling 5). */
  readonly aftermath?: (tx: Tx, refusal: PlenumError) => Promise<void>;
  /** The organization of which the one that is entered is a rehearsal: nothing is announced, no letter leaves. */
  readonly shadowOf?: OrgId;
}

interface OpenClient {
  readonly connection: PoolClient;
  readonly manager: EntityManager;
  readonly observe: ((text: string) => void) | undefined;
  /** What begins the transaction, until the first statement takes it along. */
  opening: readonly Question[];
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

const begin = statement("begin", "begin");
const commit = statement("commit", "commit");
const attemptsMax = 5;
const open = new WeakMap<Tx, OpenClient>();

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
    if (client.waiting.length > 1 || client.asking) return;
    queueMicrotask(() => {
      client.asking = askWaiting(client);
    });
  });
}

async function askWaiting(client: OpenClient): Promise<void> {
  while (client.waiting.length > 0) {
    const { waiting, opening } = client;
    client.waiting = [];
    client.opening = [];
    try {
      const replies = await ask(client.connection, [...opening, ...waiting.flatMap(({ questions }) => questions)]);
      let at = opening.length;
      for (const { questions, resolve } of waiting) resolve(replies.slice(at, (at += questions.length)));
    } catch (error) {
      // The transaction is lost for all of them.
      for (const { reject } of waiting) reject(error);
    }
  }
  client.asking = undefined;
}

/** TypeORM's manager inside a unit of work: stores only; `insert`, `update` and `find`, never `save` (PIT-14). */
export function orm(tx: Tx): EntityManager {
  return openClient(tx).manager;
}

class OpenTx implements Tx {
  readonly events: EventDraft[] = [];
  readonly entries: AuditDraft[] = [];
  private known: Caller | undefined;

  constructor(
    readonly orgId: OrgId,
    readonly now: Date,
    readonly instance: Instance,
    caller: Caller | undefined,
    readonly shadowOf: OrgId | undefined,
  ) {
    this.known = caller;
  }

  get caller(): Caller {
    if (!this.known) throw new Error("the caller is not identified yet");
    return this.known;
  }

  identified(caller: Caller): void {
    this.known = caller;
  }

  emit(event: DomainEvent): void {
    if (this.shadowOf !== undefined) return;
    const { name, ...payload } = event;
    this.events.push({ id: newId("domainEvent"), name, payload });
  }

  audit(entry: AuditNote): void {
    if (this.shadowOf !== undefined) return;
    this.entries.push({ id: newId("auditEntry"), ...entry });
  }
}

/** Remembers what was announced so far; the answer takes back what is announced after this. For `savepoint.ts`. */
export function markAnnounced(tx: Tx): () => void {
  const { events, entries } = tx as OpenTx;
  const { closing } = openClient(tx);
  const [eventsSoFar, entriesSoFar, closingSoFar] = [events.length, entries.length, closing.length];
  return () => {
    events.length = eventsSoFar;
    entries.length = entriesSoFar;
    closing.length = closingSoFar;
  };
}

/**
 * Does a part of a unit of work as another caller of the same organization: an administrator who repeats what an
 * identity provider asked for. What is announced still names whoever opened the unit.
 */
export async function actingAs<T>(tx: Tx, caller: Caller, work: () => Promise<T>): Promise<T> {
  const opener = tx.caller;
  (tx as OpenTx).identified(caller);
  try {
    return await work();
  } finally {
    (tx as OpenTx).identified(opener);
  }
}

/** Opens units of work. The only way to a tenant's rows (style guide 1.4). */
export class Database {
  private readonly limits: readonly string[];

  constructor(
    readonly source: DataSource,
    readonly clock: Clock,
    readonly instance: Instance,
    private readonly observe?: (text: string) => void,
  ) {
    this.limits = limitsOf(source);
  }

  /**
   * Runs `work` in one transaction for one organization: begin and tenant in one round trip, the caller identified
   * first, events and audit entries written last. 40001 and 40P01 run the whole unit again, so `work` touches nothing
   * but the database.
   * @throws PlenumError a refusal, after everything was rolled back and the aftermath was written.
   */
  async run<T>(who: Caller | Entrance, work: (tx: Tx) => Promise<T>, options: RunOptions = {}): Promise<T> {
    let known: Caller | undefined = "kind" in who ? who : undefined;
    try {
      return await this.retrying(async () =>
        this.once(who, work, options.shadowOf, (caller) => {
          known = caller;
        }),
      );
    } catch (error) {
      const refusal = meaningful(error);
      if (refusal instanceof PlenumError && known && options.aftermath) {
        const { aftermath } = options;
        await this.retrying(() => this.once(known as Caller, (tx) => aftermath(tx, refusal))).catch(
          (fault: unknown) => {
            throw meaningful(fault);
          },
        );
      }
      throw refusal;
    }
  }

  /** One statement outside any tenant: the lobby's tables only. */
  async withConnection<T>(work: (connection: PoolClient, observe?: (text: string) => void) => Promise<T>): Promise<T> {
    const runner = this.source.createQueryRunner();
    try {
      return await work((await runner.connect()) as PoolClient, this.observe);
    } catch (error) {
      throw meaningful(error);
    } finally {
      await runner.release();
    }
  }

  private async retrying<T>(attempt: () => Promise<T>): Promise<T> {
    for (let n = 1; ; n++) {
      try {
        return await attempt();
      } catch (error) {
        if (n >= attemptsMax || !isRetryable(error, n)) throw error;
        await new Promise((done) => setTimeout(done, Math.random() * 10 * n));
      }
    }
  }

  private async once<T>(
    who: Caller | Entrance,
    work: (tx: Tx) => Promise<T>,
    shadowOf?: OrgId,
    identified?: (caller: Caller) => void,
  ): Promise<T> {
    const runner = this.source.createQueryRunner();
    const connection = (await runner.connect()) as PoolClient;
    const tx = new OpenTx(who.orgId, this.clock.now(), this.instance, "kind" in who ? who : undefined, shadowOf);
    const opening = openingFor(who.orgId, this.limits);
    const client: OpenClient = {
      connection,
      manager: runner.manager,
      observe: this.observe,
      opening,
      ...nothingAsked(),
    };
    try {
      open.set(tx, client);
      if (!("kind" in who)) {
        const caller = await who.identify(tx);
        tx.identified(caller);
        identified?.(caller);
      }
      // TypeORM writes on the connection by itself, so that the transaction must have begun by now.
      if (client.opening.length > 0) await askIn(client, []);
      const result = await work(tx);
      open.delete(tx);
      const replies = await askIn(client, [...client.closing, ...this.outbox(tx), { statement: commit }]);
      // A transaction in which a statement failed says so to a commit by this word only.
      if (replies.at(-1)?.tag !== "COMMIT") throw new Error("nothing was committed: a statement had failed before");
      return result;
    } catch (error) {
      open.delete(tx);
      // Others of one breath may be on their way still; what they say no longer matters.
      while (client.asking ?? client.waiting.length > 0) await client.asking;
      // A connection that cannot roll back is closed; the pool drops it when it is released.
      if (client.opening.length === 0)
        await connection.query("rollback").catch(() => (connection as unknown as Client).end());
      throw error;
    } finally {
      await runner.release();
    }
  }

  private outbox(tx: OpenTx): readonly Question[] {
    if (tx.events.length + tx.entries.length === 0) return [];
    const question = outboxOf(tx, callerLabel(tx.caller), tx.events, tx.entries);
    this.observe?.(question.statement.text);
    return [question];
  }
}

const nothingAsked = (): Pick<OpenClient, "closing" | "waiting" | "asking"> => ({
  closing: [],
  waiting: [],
  asking: undefined,
});

// Sent together with the first statement behind it. `set local` takes no parameters; the id is a validated uuid, never
// input (decision 16, ruling a8).
function openingFor(orgId: OrgId, limits: readonly string[]): readonly Question[] {
  if (!isUuid(orgId)) throw new Error("an organization's id is a uuid");
  const settings = [`set local app.org_id = '${orgId}'`, ...limits];
  return [{ statement: begin }, ...settings.map((text) => ({ statement: { name: "", text } }))];
}

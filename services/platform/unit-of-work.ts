import type { Client, PoolClient } from "pg";
import type { DataSource } from "typeorm";
import type { Clock } from "../kernel/clock";
import { PlenumError } from "../kernel/errors";
import type { OrgId } from "../kernel/ids";
import { callerLabel, type Caller } from "./caller";
import { limitsOf } from "./data-source";
import { askIn, attach, detach, openingFor } from "./open-client";
import { OpenTx } from "./open-tx";
import { outboxOf } from "./outbox";
import { isRetryable, meaningful } from "./postgres-errors";
import { statement } from "./statement";
import type { Entrance, Instance, Tx } from "./tx";
import type { Question } from "./wire";

export type { AuditNote, Entrance, Instance, Tx } from "./tx";

export interface RunOptions {
  /** Written in a second short unit of work after a refusal has rolled everything back (ruling 5). */
  readonly aftermath?: (tx: Tx, refusal: PlenumError) => Promise<void>;
  /** The organization of which the one that is entered is a rehearsal: nothing is announced, no letter leaves. */
  readonly shadowOf?: OrgId;
}

const commit = statement("commit", "commit");
const attemptsMax = 5;

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
    const client = attach(tx, { connection, manager: runner.manager, observe: this.observe, opening });
    try {
      if (!("kind" in who)) {
        const caller = await who.identify(tx);
        tx.identified(caller);
        identified?.(caller);
      }
      // TypeORM writes on the connection by itself, so that the transaction must have begun by now.
      if (client.opening.length > 0) await askIn(client, []);
      const result = await work(tx);
      detach(tx);
      const replies = await askIn(client, [...client.closing, ...this.outbox(tx), { statement: commit }]);
      // A transaction in which a statement failed says so to a commit by this word only.
      if (replies.at(-1)?.tag !== "COMMIT") throw new Error("nothing was committed: a statement had failed before");
      return result;
    } catch (error) {
      detach(tx);
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

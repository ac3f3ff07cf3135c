import type { Client, PoolClient } from "pg";
import type { DataSource } from "typeorm";
import type { Clock } from "../kernel/clock";
import { PlenumError } from "../kernel/errors";
import type { OrgId } from "../kernel/ids";
import { callerLabel, type Caller } from "./caller";
import { limitsOf } from "./data-source";
import { askIn, attach, commit, detach, openingFor, type OpenClient } from "./open-client";
import { OpenTx } from "./open-tx";
import { outboxOf } from "./outbox";
import { isRetryable, isUnavailable, meaningful } from "./postgres-errors";
import type { Entrance, Instance, Tx } from "./tx";
import { ask, type Question } from "./wire";

export type { AuditNote, Entrance, Instance, Tx } from "./tx";

export interface RunOptions {
  /** Written in a second short unit of work after a refusal has rolled everything back (ruling 5). */
  readonly aftermath?: (tx: Tx, refusal: PlenumError) => Promise<void>;
  /** The organization of which the one that is entered is a rehearsal: nothing is announced, no letter leaves. */
  readonly shadowOf?: OrgId;
  /**
   * The work only reads, and needs no more agreement between its statements than READ COMMITTED gives: each breath of
   * questions is a transaction of its own in one round trip. What is announced all the same is written at the end.
   */
  readonly reads?: boolean;
}

interface Attempt<T> extends Pick<RunOptions, "shadowOf" | "reads"> {
  readonly who: Caller | Entrance;
  readonly work: (tx: Tx) => Promise<T>;
  /** Begins with whom the entrance anticipates. */
  readonly ahead?: boolean;
  readonly identified?: (caller: Caller) => void;
}

/** Work that began ahead of its caller was done for somebody else: it is done again, behind them. */
class TooFarAhead extends Error {}

const attemptsMax = 5;
// Unprepared: it must be possible whatever became of the connection's names. It does no work, so a server that does not
// answer it soon answers nothing.
const rollback: Question = { statement: { name: "", text: "rollback" } };
const rollbackMs = 5_000;

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
    const { aftermath, ...rest } = options;
    let known: Caller | undefined = "kind" in who ? who : undefined;
    const identified = (caller: Caller): void => void (known = caller);
    try {
      return await this.retrying(async () => this.ahead({ who, work, identified, ...rest }));
    } catch (error) {
      const refusal = meaningful(error);
      if (refusal instanceof PlenumError && known && aftermath) {
        const caller = known;
        await this.retrying(() => this.once({ who: caller, work: (tx) => aftermath(tx, refusal) })).catch(
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

  private async ahead<T>(attempt: Attempt<T>): Promise<T> {
    try {
      return await this.once({ ...attempt, ahead: true });
    } catch (error) {
      if (error instanceof TooFarAhead) return this.once(attempt);
      throw error;
    }
  }

  private async once<T>(attempt: Attempt<T>): Promise<T> {
    const { who, work, shadowOf, reads = false } = attempt;
    const opening = openingFor(who.orgId, this.limits);
    const runner = this.source.createQueryRunner();
    const connection = (await runner.connect()) as PoolClient;
    const tx = new OpenTx(who.orgId, this.clock.now(), this.instance, "kind" in who ? who : undefined, shadowOf);
    const { manager } = runner;
    const client = attach(tx, { connection, manager, observe: this.observe, opening, endsEachBreath: reads });
    try {
      const result = "kind" in who ? await work(tx) : await this.behind(tx, who, attempt);
      detach(tx);
      await this.conclude(tx, client);
      return result;
    } catch (error) {
      detach(tx);
      // Others of one breath may be on their way still; what they say no longer matters.
      while (client.asking) await client.asking;
      // A connection that cannot roll back is closed; the pool drops it when it is released.
      if (client.isBegun)
        await ask(connection, [rollback], rollbackMs).catch(() => (connection as unknown as Client).end());
      throw error;
    } finally {
      await runner.release();
    }
  }

  /** Does the work once its caller is known, or beside that where somebody is anticipated. */
  private async behind<T>(tx: OpenTx, who: Entrance, { work, ahead, identified }: Attempt<T>): Promise<T> {
    const anticipated = ahead ? who.anticipate?.() : undefined;
    const identifying = who.identify(tx).then((caller) => {
      tx.identified(caller);
      identified?.(caller);
    });
    if (anticipated === undefined) {
      await identifying;
      return work(tx);
    }
    tx.identified(anticipated);
    // Also where it refuses before its first question: the look-up that is on its way must not be left to itself.
    const doing = (async () => work(tx))();
    const [known, done] = await Promise.allSettled([identifying, doing]);
    if (known.status === "rejected") throw isUnavailable(known.reason) ? known.reason : new TooFarAhead();
    if (done.status === "rejected") throw done.reason;
    return done.value;
  }

  private async conclude(tx: OpenTx, client: OpenClient): Promise<void> {
    const last = [...client.closing, ...this.outbox(tx)];
    // Nothing was asked, or each breath has ended by itself.
    if (!client.isBegun && last.length === 0) return;
    client.endsEachBreath = false;
    const replies = await askIn(client, [...last, commit]);
    // A transaction in which a statement failed says so to a commit by this word only.
    if (replies.at(-1)?.tag !== "COMMIT") throw new Error("nothing was committed: a statement had failed before");
  }

  private outbox(tx: OpenTx): readonly Question[] {
    if (tx.events.length + tx.entries.length === 0) return [];
    const question = outboxOf(tx, callerLabel(tx.caller), tx.events, tx.entries);
    this.observe?.(question.statement.text);
    return [question];
  }
}

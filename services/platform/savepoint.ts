import { PlenumError } from "../kernel/errors";
import { isRetryable, meaningful } from "./postgres-errors";
import { sql, statement } from "./sql";
import { markAnnounced } from "./open-tx";
import type { Tx } from "./tx";

const save = statement("savepoint-set", "savepoint attempt");
const undo = statement("savepoint-undo", "rollback to savepoint attempt");
const release = statement("savepoint-release", "release savepoint attempt");

export type Attempted<T> =
  { readonly done: true; readonly value: T } | { readonly done: false; readonly refusal: PlenumError };

/**
 * Runs work that may be refused without taking the unit of work with it: a refusal undoes what the work wrote and
 * announced, and is an answer. Conflicts that another try may resolve still end the unit, which then runs again.
 */
export async function attempt<T>(tx: Tx, work: () => Promise<T>): Promise<Attempted<T>> {
  const takeBack = markAnnounced(tx);
  await sql(tx).exec(save);
  try {
    const value = await work();
    await sql(tx).exec(release);
    return { done: true, value };
  } catch (error) {
    const refusal = meaningful(error);
    // A row that is taken stays taken in a second attempt of the unit, which would refuse all else with it.
    const isWorthAnother = isRetryable(error, 1) && refusal instanceof PlenumError && refusal.code === "conflict";
    if (!(refusal instanceof PlenumError) || isWorthAnother) throw error;
    await back(tx, takeBack);
    return { done: false, refusal };
  }
}

/** Runs work and undoes it: what it answers is what it would have done. */
export async function rehearse<T>(tx: Tx, work: () => Promise<T>): Promise<T> {
  const takeBack = markAnnounced(tx);
  await sql(tx).exec(save);
  const value = await work();
  await back(tx, takeBack);
  return value;
}

async function back(tx: Tx, takeBack: () => void): Promise<void> {
  await sql(tx).exec(undo);
  await sql(tx).exec(release);
  takeBack();
}

// Another name: who catches a refusal from within goes back to a savepoint of their own, behind which this one is gone.
const saveInTime = statement("savepoint-set-in-time", "savepoint in_time");
const undoInTime = statement("savepoint-undo-in-time", "rollback to savepoint in_time");
const releaseInTime = statement("savepoint-release-in-time", "release savepoint in_time");

/** Runs work that answers nothing where it came too late: then it is undone, with all that it has locked. */
export async function inTime<T>(tx: Tx, work: () => Promise<T | undefined>): Promise<T | undefined> {
  const takeBack = markAnnounced(tx);
  await sql(tx).exec(saveInTime);
  const value = await work();
  if (value === undefined) {
    await sql(tx).exec(undoInTime);
    takeBack();
  }
  await sql(tx).exec(releaseInTime);
  return value;
}

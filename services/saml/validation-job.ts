import type { Expectation, Trust } from "./trust";
import { verifyField, type Verdict } from "./verify";

/** What crosses into a validation thread: plain data, nothing that belongs to the database. */
export interface ValidationJob {
  readonly kind: "response";
  readonly field: string;
  readonly trust: Trust;
  readonly expectation: Expectation;
  readonly now: Date;
}

export type ValidationReply = { readonly verdict: Verdict } | { readonly fault: string };

/** Does one job; a fault of ours is told apart from a refusal. */
export function doJob(job: ValidationJob): ValidationReply {
  try {
    return { verdict: verifyField(job.field, job.trust, job.expectation, job.now) };
  } catch (error) {
    return { fault: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}

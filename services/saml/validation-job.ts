import { verifyLogout, type LogoutArrival, type LogoutTrust, type LogoutVerdict } from "./logout/verify";
import type { Expectation, Trust } from "./trust";
import { verifyField, type Verdict } from "./verify";

// What crosses into a validation thread and back: plain data, nothing that belongs to the database.

export interface ResponseJob {
  readonly kind: "response";
  readonly field: string;
  readonly trust: Trust;
  readonly expectation: Expectation;
  readonly now: Date;
}

export interface LogoutJob {
  readonly kind: "logout";
  readonly arrival: LogoutArrival;
  readonly trust: LogoutTrust;
  readonly now: Date;
}

export type ValidationJob = ResponseJob | LogoutJob;
export type ValidationReply = { readonly verdict: Verdict | LogoutVerdict } | { readonly fault: string };

/** Does one job; a fault of ours is told apart from a refusal. */
export function doJob(job: ValidationJob): ValidationReply {
  try {
    const verdict =
      job.kind === "response"
        ? verifyField(job.field, job.trust, job.expectation, job.now)
        : verifyLogout(job.arrival, job.trust, job.now);
    return { verdict };
  } catch (error) {
    return { fault: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}

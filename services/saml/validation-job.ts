import { verifyLogout, type LogoutArrival, type LogoutTrust, type LogoutVerdict } from "./logout/verify";
import type { TestEvidence } from "../domain/identity";
import { examineForReport } from "./report";
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

/** The same as a response, for the administrator's eyes. */
export interface ReportJob extends Omit<ResponseJob, "kind"> {
  readonly kind: "report";
}

export type ValidationJob = ResponseJob | LogoutJob | ReportJob;
/** What each kind of job is answered with. */
export type Outcome = Verdict | LogoutVerdict | TestEvidence;
export type ValidationReply = { readonly outcome: Outcome } | { readonly fault: string };

/** Does one job; a fault of ours is told apart from a refusal. */
export function doJob(job: ValidationJob): ValidationReply {
  try {
    return { outcome: outcomeOf(job) };
  } catch (error) {
    return { fault: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}

function outcomeOf(job: ValidationJob): Outcome {
  switch (job.kind) {
    case "response":
      return verifyField(job.field, job.trust, job.expectation, job.now);
    case "report":
      return examineForReport(job.field, job.trust, job.expectation, job.now);
    case "logout":
      return verifyLogout(job.arrival, job.trust, job.now);
  }
}

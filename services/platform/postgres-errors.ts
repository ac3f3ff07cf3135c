import { PlenumError } from "../kernel/errors";
import { isAskedBefore, meaningOfConstraint } from "./constraints";

interface PostgresError extends Error {
  readonly code: string;
  readonly constraint?: string;
}

const connectionLost = new Set(["ECONNREFUSED", "ECONNRESET", "EPIPE", "ENOENT", "ETIMEDOUT"]);

function isPostgresError(error: unknown): error is PostgresError {
  return error instanceof Error && typeof (error as { code?: unknown }).code === "string";
}

function codeOf(error: unknown): string | undefined {
  if (isPostgresError(error)) return error.code;
  // TypeORM wraps what the driver says.
  const driver = (error as { driverError?: unknown } | null)?.driverError;
  return isPostgresError(driver) ? driver.code : undefined;
}

function constraintOf(error: unknown): string | undefined {
  const source = (error as { driverError?: unknown }).driverError ?? error;
  return (source as PostgresError).constraint;
}

/**
 * Whether the whole unit of work may run again: serialization failure and deadlock; a lock time-out once, and once where
 * somebody came between a question and the row that rested on its answer (DB-14).
 */
export function isRetryable(error: unknown, attempt: number): boolean {
  const code = codeOf(error);
  if (code === "40001" || code === "40P01") return true;
  return attempt === 1 && (code === "55P03" || (code === "23505" && isAskedBefore(constraintOf(error))));
}

/**
 * What an error of the database means to the caller: constraints become refusals, an unreachable or overloaded
 * database becomes `unavailable` (never "no result", SCIM-033); anything else stays a fault of ours.
 */
export function meaningful(error: unknown): unknown {
  if (error instanceof PlenumError) return error;
  const code = codeOf(error);
  const text = error instanceof Error ? error.message : "";
  if (code === undefined) {
    const lost =
      /timeout exceeded when trying to connect|Connection terminated|Client was closed|pool after calling end|is not queryable|QueryRunner.* released/i;
    return lost.test(text) ? unavailable(error) : error;
  }
  if (code === "23505" || code === "23514" || code === "23503" || code === "23P01") {
    return meaningOfConstraint(constraintOf(error), error) ?? error;
  }
  if (code === "40001" || code === "40P01" || code === "55P03") {
    return new PlenumError("conflict", "the row is being changed by somebody else; try again", {}, { cause: error });
  }
  const down = ["57P01", "57P02", "57P03", "57014", "25P03", "25006", "53100", "53200", "53300"];
  if (code.startsWith("08") || down.includes(code) || connectionLost.has(code)) return unavailable(error);
  return error;
}

/** Whether the database itself is away or overloaded: asking again at once would not help. */
export function isUnavailable(error: unknown): boolean {
  const meaning = meaningful(error);
  return meaning instanceof PlenumError && meaning.code === "unavailable";
}

function unavailable(cause: unknown): PlenumError {
  return new PlenumError("unavailable", "the database does not answer; try again shortly", {}, { cause });
}

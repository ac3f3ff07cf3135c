import type { ErrorRequestHandler, RequestHandler, Response } from "express";
import type { Log } from "../log";
import { requestIdOf } from "./request";

/** The headers of every answer; a door that shows pages replaces the content policy by its own (SEC-20). */
export function safeHeadersOf(publicUrl: string): ReadonlyMap<string, string> {
  return new Map([
    ["Cache-Control", "no-store"],
    ["Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'; base-uri 'none'"],
    ["Cross-Origin-Opener-Policy", "same-origin"],
    ["Cross-Origin-Resource-Policy", "same-origin"],
    ["Referrer-Policy", "no-referrer"],
    ["X-Content-Type-Options", "nosniff"],
    ...(publicUrl.startsWith("https:")
      ? ([["Strict-Transport-Security", "max-age=31536000; includeSubDomains"]] as const)
      : []),
  ]);
}

/** Sets them as a step of Express. */
export function safeHeaders(publicUrl: string): RequestHandler {
  const headers = safeHeadersOf(publicUrl);
  return (_req, res, next) => {
    for (const [name, value] of headers) res.setHeader(name, value);
    next();
  };
}

/** An error body of our own form: a code, a sentence, the number to quote (GQL-04, SEC-40). */
export function sendError(res: Response, status: number, code: string, message: string): void {
  res.status(status).json({ error: { code, message, requestId: requestIdOf(res) } });
}

/** Says that the database is away, and when to come again (REL-21). */
export function sendUnavailable(res: Response): void {
  res.setHeader("Retry-After", "2");
  sendError(res, 503, "unavailable", "the service is not ready; try again shortly");
}

export const nothingHere: RequestHandler = (req, res) => {
  sendError(res, 404, "not_found", `nothing answers ${req.method} here`);
};

// What Express and its body parsers throw carries a status of its own; their texts are for logs, not for callers.
const known: Readonly<Record<number, readonly [code: string, message: string]>> = {
  400: ["invalid", "the request could not be read"],
  404: ["not_found", "nothing answers here"],
  405: ["invalid", "this path does not take that method"],
  413: ["too_large", "the body is larger than this path takes"],
  415: ["invalid", "this path does not take that type or encoding of a body"],
};

/** The last handler: whatever escaped a door becomes JSON, and a stack goes to the log only. */
export function lastResort(log: Log): ErrorRequestHandler {
  return (error: unknown, _req, res, next) => {
    const status = (error as { status?: unknown } | null)?.status;
    const answer = typeof status === "number" ? known[status] : undefined;
    if (answer === undefined) log.error({ err: error, requestId: requestIdOf(res) }, "a request failed");
    // Half an answer is out already: only breaking the connection tells the client so.
    if (res.headersSent) return next(error);
    if (answer !== undefined) return sendError(res, status as number, ...answer);
    sendError(res, 500, "internal", "the request failed for a reason on our side");
  };
}

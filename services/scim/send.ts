import type { IncomingMessage, ServerResponse } from "node:http";
import { answerType } from "./http";
import type { Answer } from "./request";

/**
 * Writes an answer. The type is set by hand and the body is a Buffer, because Express adds a charset to every text that
 * it sends, which conformance tools refuse (SCIM-021).
 */
export function sendAnswer(
  request: IncomingMessage,
  response: ServerResponse,
  { status, document, headers = {} }: Answer,
): void {
  if (response.headersSent || response.destroyed) return;
  response.statusCode = status;
  response.setHeader("Cache-Control", "no-store, private");
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  // What was not read of a refused body must not be taken for the next request.
  if (!request.complete) response.setHeader("Connection", "close");
  if (document === undefined) {
    response.end();
    return;
  }
  const bytes = Buffer.from(JSON.stringify(document), "utf8");
  response.setHeader("Content-Type", answerType(request.headers.accept));
  response.setHeader("Content-Length", bytes.length);
  response.end(bytes);
}

import type { IncomingMessage, ServerResponse } from "node:http";
import { answerType } from "./http";
import type { Answer } from "./request";

/**
 * Writes an answer. The type is set by hand and the body is written past Express, which adds a charset to every text that
 * it sends; conformance tools refuse that (SCIM-021).
 */
export function sendAnswer(
  request: IncomingMessage,
  response: ServerResponse,
  { status, document, tail, headers = {} }: Answer,
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
  response.setHeader("Content-Type", answerType(request.headers.accept));
  const text = JSON.stringify(document);
  if (tail && tail.length > 0) return void sendParts(response, [Buffer.from(text.slice(0, -1)), ...tail, closing]);
  response.setHeader("Content-Length", Buffer.byteLength(text));
  // As a text it leaves in one write with its headers.
  response.end(text, "utf8");
}

const stalledMs = 30_000;
const closing = Buffer.from("}");

/** Writes a long answer as fast as it is read, with other requests in between. */
async function sendParts(response: ServerResponse, parts: readonly Buffer[]): Promise<void> {
  response.setHeader(
    "Content-Length",
    parts.reduce((sum, { length }) => sum + length, 0),
  );
  // Whoever stops reading lets go of the answer.
  response.setTimeout(stalledMs, () => response.destroy());
  const isOver = new Promise<void>((done) => response.once("close", done));
  for (const part of parts) {
    if (response.destroyed) return;
    if (!response.write(part)) await Promise.race([new Promise((done) => response.once("drain", done)), isOver]);
  }
  response.end();
}

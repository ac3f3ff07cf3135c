import type { Response } from "express";
import type { TopLevelCode } from "../errors/codes";
import type { LimitName } from "../limits/limits";
import { mediaTypes } from "./media-type";

export interface Refused {
  readonly status: number;
  readonly code: TopLevelCode;
  readonly message: string;
  readonly limit?: LimitName;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A refusal that comes before GraphQL: the same body as any other error of this door (GQL-04). */
export function sendRefusal(res: Response, requestId: string, refused: Refused): void {
  const { status, code, message, limit, headers = {} } = refused;
  const extensions = { code, ...(limit === undefined ? {} : { limit }), errorId: requestId };
  for (const [name, value] of Object.entries(headers)) res.setHeader(name, value);
  send(res, status, mediaTypes.json, JSON.stringify({ errors: [{ message, extensions }] }));
}

/** Never stored, without the entity tag that Express would hash (GQL-07, PIT-12). */
export function send(res: Response, status: number, type: string, body: string): void {
  if (res.headersSent) return;
  res.statusCode = status;
  res.setHeader("Content-Type", type);
  res.setHeader("Cache-Control", "no-store");
  res.end(body);
}

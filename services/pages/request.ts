import type { Request, Response } from "express";
import type { Origin } from "../platform/caller";
import { localeOf, type PageLocale } from "../platform/page";

/** Where a request came from; the request id was set by the shell in front of all doors. */
export function originOf(req: Request, res: Response): Origin {
  const userAgent = req.get("user-agent")?.slice(0, 300);
  return {
    requestId: String(res.getHeader("X-Request-Id") ?? ""),
    ...(req.ip ? { ip: req.ip } : {}),
    ...(userAgent ? { userAgent } : {}),
  };
}

export function pageLocale(req: Request): PageLocale {
  return localeOf(req.get("accept-language"));
}

export { isOwnForm } from "../platform/http/own-form";

/** One field of an urlencoded form as text, or nothing. */
export function field(req: Request, name: string): string | undefined {
  const body: unknown = req.body;
  const value = body !== null && typeof body === "object" ? (body as Record<string, unknown>)[name] : undefined;
  return typeof value === "string" ? value : undefined;
}

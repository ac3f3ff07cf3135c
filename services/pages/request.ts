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

/**
 * Whether a form comes from our own pages: same origin by `Origin`, or by `Sec-Fetch-Site` where a browser leaves the
 * former out (SAML-88). A program without a browser sends neither and holds no cookie that could be abused.
 */
export function isOwnForm(req: Request, publicUrl: string): boolean {
  const origin = req.get("origin");
  const site = req.get("sec-fetch-site");
  // A page with `Referrer-Policy: no-referrer`, as all of ours, posts its forms with `Origin: null` (Fetch §3.2): then
  // only the browser's own word counts.
  if (origin === "null") return site === "same-origin";
  if (origin !== undefined) return origin === new URL(publicUrl).origin;
  return site === undefined || site === "same-origin" || site === "none";
}

/** One field of an urlencoded form as text, or nothing. */
export function field(req: Request, name: string): string | undefined {
  const body: unknown = req.body;
  const value = body !== null && typeof body === "object" ? (body as Record<string, unknown>)[name] : undefined;
  return typeof value === "string" ? value : undefined;
}

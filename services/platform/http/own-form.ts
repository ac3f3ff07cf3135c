import type { Request } from "express";

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

import type { RequestHandler } from "express";
import { isLoopback } from "../settings/public-url";

/**
 * Sends a browser that came to `127.0.0.1` on to `localhost`, or the other way round: to a browser they are two sites,
 * and the cookie of one does not reach the other (ruling c1). Programs, which ask for no page, are served where they are.
 */
export function publicOrigin(publicUrl: string): RequestHandler {
  const { host, hostname } = new URL(publicUrl);
  return (req, res, next) => {
    const asked = req.headers.host;
    // Behind a proxy the host may be an inner name for good; only the loopback pair is known to be the same place.
    const astray = asked !== undefined && asked !== host && isLoopback(hostname) && isLoopbackHost(asked);
    if (req.method !== "GET" || !astray || !wantsPage(req.headers)) return next();
    res.redirect(307, `${publicUrl}${req.originalUrl}`);
  };
}

function isLoopbackHost(host: string): boolean {
  return isLoopback(host.replace(/:\d+$/, ""));
}

function wantsPage(headers: { accept?: string | undefined; "sec-fetch-mode"?: string | undefined }): boolean {
  const mode = headers["sec-fetch-mode"];
  return mode === "navigate" || (mode === undefined && (headers.accept ?? "").includes("text/html"));
}

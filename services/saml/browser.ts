import { createHash, randomBytes } from "node:crypto";
import { readCookie, setCookie, type CookieStyle } from "../platform/cookies";

const shape = /^[\w-]{43}$/;
const lifetimeSeconds = 15 * 60;

/** The browser that begins a sign-in: one cookie for all its tabs, whose hash stands in each request (SAML-18, 53). */
export function browserBinding(style: CookieStyle, cookies: string | undefined): { hash: Buffer; setCookie: string } {
  const known = readCookie(style, "sso", cookies);
  const secret = known !== undefined && shape.test(known) ? known : randomBytes(32).toString("base64url");
  return { hash: hashOf(secret), setCookie: setCookie(style, "sso", secret, lifetimeSeconds) };
}

/** The same cookie for longer, where somebody has to wait for a letter. */
export function keptBrowser(style: CookieStyle, cookies: string | undefined, seconds: number): string | undefined {
  const secret = readCookie(style, "sso", cookies);
  return secret !== undefined && shape.test(secret) ? setCookie(style, "sso", secret, seconds) : undefined;
}

/** The hash of the browser that came back, or nothing where it brought no cookie of ours. */
export function returningBrowser(style: CookieStyle, cookies: string | undefined): Buffer | undefined {
  const secret = readCookie(style, "sso", cookies);
  return secret !== undefined && shape.test(secret) ? hashOf(secret) : undefined;
}

function hashOf(secret: string): Buffer {
  return createHash("sha256").update(secret).digest();
}

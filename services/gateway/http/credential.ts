import type { IncomingHttpHeaders } from "node:http";
import { entranceOf } from "../../domain/identity";
import type { Origin } from "../../platform/caller";
import { readCookie, type CookieStyle } from "../../platform/cookies";
import { hashSecret, secretPrefixes, type SecretKind } from "../../platform/secrets";
import type { Entrance } from "../../platform/unit-of-work";

export interface Presented {
  readonly entrance: Entrance | undefined;
  readonly by: "nothing" | "token" | "cookie";
  /** Who pays for what is asked: the token. */
  readonly payer?: string;
}

/**
 * What a request presents: `Authorization: Bearer plm_…`, else the session cookie. Neither secret is taken in the other's
 * place, so that a cookie cannot be turned into a header by who reads it.
 */
export function presented(headers: IncomingHttpHeaders, style: CookieStyle, origin: Origin): Presented {
  const { authorization } = headers;
  if (authorization !== undefined) {
    const text = /^Bearer +(\S+)$/i.exec(authorization)?.[1];
    const entrance = enter("api", text, origin);
    const payer = entrance && text !== undefined ? hashSecret(text).toString("base64") : undefined;
    return { entrance, by: "token", ...(payer === undefined ? {} : { payer }) };
  }
  const cookie = readCookie(style, "session", headers.cookie);
  if (cookie === undefined || cookie === "") return { entrance: undefined, by: "nothing" };
  return { entrance: enter("session", cookie, origin), by: "cookie" };
}

function enter(kind: SecretKind, text: string | undefined, origin: Origin): Entrance | undefined {
  return text?.startsWith(`${secretPrefixes[kind]}_`) ? entranceOf(text, origin) : undefined;
}

/**
 * Whether a request that a cookie authenticates comes from a page of ours (SAML-88): browsers name the page's origin in
 * every request that could change something, and older ones at least do not send JSON across sites without asking.
 */
export function isFromOurPages(headers: IncomingHttpHeaders, publicUrl: string): boolean {
  const site = headers["sec-fetch-site"];
  if (site !== undefined && site !== "same-origin" && site !== "none") return false;
  return headers.origin === undefined || headers.origin === publicUrl;
}

/**
 * Cookies of the doors. On https they carry the `__Host-` prefix and Secure; on a loopback http URL neither, because
 * honest cookie jars would drop them there (ruling c1).
 */
export interface CookieStyle {
  readonly secure: boolean;
}

/** From the public URL, never from the request. */
export function cookieStyle(publicUrl: string): CookieStyle {
  return { secure: publicUrl.startsWith("https:") };
}

export const cookieNames = { session: "plenum_session", sso: "plenum_sso" } as const;
export type CookieName = keyof typeof cookieNames;

/** The name as it stands on the wire. */
export function wireName(style: CookieStyle, name: CookieName): string {
  return `${style.secure ? "__Host-" : ""}${cookieNames[name]}`;
}

/** A `Set-Cookie` value: host only, whole path, out of reach of scripts, same-site Lax. */
export function setCookie(style: CookieStyle, name: CookieName, value: string, maxAgeSeconds: number): string {
  const secure = style.secure ? "; Secure" : "";
  return `${wireName(style, name)}=${value}; Path=/; HttpOnly; SameSite=Lax; Max-Age=${maxAgeSeconds}${secure}`;
}

/** A `Set-Cookie` value that removes the cookie. */
export function clearCookie(style: CookieStyle, name: CookieName): string {
  return setCookie(style, name, "", 0);
}

/** The value of one of our cookies, or nothing; a cookie sent twice counts as absent. */
export function readCookie(style: CookieStyle, name: CookieName, header: string | undefined): string | undefined {
  const prefix = `${wireName(style, name)}=`;
  const found = (header ?? "")
    .split(";")
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(prefix));
  const [only] = found;
  return found.length === 1 && only !== undefined ? only.slice(prefix.length) : undefined;
}

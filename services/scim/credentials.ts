/** What stands in the Authorization header, before anybody knows whether it opens anything. */
export interface Credentials {
  readonly token: string;
  readonly form: "bearer" | "raw" | "basic";
  /** The user name of Basic credentials: the connection's public id (SCIM-043). */
  readonly user?: string;
}

const tokenShape = /^plmscim_[0-9A-Za-z_]{1,200}$/;

/** Reads the header; nothing where it has no form that any dialect knows. */
export function readCredentials(header: string): Credentials | undefined {
  const [scheme = "", rest] = header.trim().split(/\s+(.*)/s);
  if (rest === undefined) return tokenShape.test(scheme) ? { token: scheme, form: "raw" } : undefined;
  if (scheme.toLowerCase() === "bearer") return { token: rest.trim(), form: "bearer" };
  if (scheme.toLowerCase() !== "basic") return undefined;
  const decoded = Buffer.from(rest, "base64").toString("utf8");
  const colon = decoded.indexOf(":");
  if (colon < 0) return undefined;
  return { token: decoded.slice(colon + 1), form: "basic", user: decoded.slice(0, colon) };
}

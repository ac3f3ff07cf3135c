import type { Dialect } from "./dialects";
import { limits } from "./limits";
import { nestsDeeperThan } from "./nesting";
import { invalidSyntax, ScimRefusal, shown } from "./refusal";
import type { Trail } from "./trail";

export const scimJson = "application/scim+json";
export const plainJson = "application/json";

/** The content type of an answer: SCIM's own unless the client takes plain JSON only (SCIM-021, SCIM-OL03). */
export function answerType(accept: string | undefined): string {
  const types = (accept ?? "*/*").split(",").map((part) => (part.split(";")[0] ?? "").trim().toLowerCase());
  const takesAny = [scimJson, "*/*", "application/*"].some((type) => types.includes(type));
  return !takesAny && types.includes(plainJson) ? plainJson : scimJson;
}

/** Reads a body: the type, the encoding, the JSON, and that it is an object (SCIM-020). */
export function readBody(contentType: string | undefined, bytes: Buffer, dialect: Dialect, trail: Trail): object {
  checkType(contentType, dialect, trail);
  const text = decodeUtf8(bytes);
  if (text.trim() === "") throw invalidSyntax("the body is empty, expected a JSON object");
  if (nestsDeeperThan(limits.bodyDepth, text)) {
    throw invalidSyntax(`the body nests deeper than ${limits.bodyDepth} levels`);
  }
  const body = parseJson(text);
  if (typeof body !== "object" || body === null || Array.isArray(body)) {
    throw invalidSyntax(`the body is ${shown(body)}, expected a JSON object`);
  }
  return body;
}

function checkType(contentType: string | undefined, { noContentType }: Dialect, trail: Trail): void {
  const type = (contentType ?? "").split(";")[0]?.trim().toLowerCase();
  if (type === scimJson || type === plainJson) return;
  if (type === "" && noContentType === "allow") return trail.coerce("Content-Type", "noContentType", null, scimJson);
  const received = type === "" ? "no Content-Type" : `Content-Type ${shown(type)}`;
  throw new ScimRefusal(415, undefined, `the body has ${received}, expected ${scimJson} or ${plainJson}`);
}

function decodeUtf8(bytes: Buffer): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw invalidSyntax("the body is not UTF-8");
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The parser's own words quote the body, which may hold a password.
    throw invalidSyntax("the body is no JSON");
  }
}

/** A path below the connection, cut and decoded; trailing slashes count for nothing (SCIM-012). */
export function segmentsOf(path: string): readonly string[] {
  return path
    .split("/")
    .filter((segment) => segment !== "")
    .map(decodeSegment);
}

// A segment that cannot be decoded names nothing; it becomes a name that nothing has (SCIM-014).
function decodeSegment(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return "\u0000";
  }
}

/** The first value of each query parameter, names without case (SCIM-012). A broken escape stays what it is. */
export function readQuery(search: string): ReadonlyMap<string, string> {
  const query = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(search)) {
    if (!query.has(name.toLowerCase())) query.set(name.toLowerCase(), value);
  }
  const filter = query.get("filter");
  // A filter without any quote but with %22 was encoded twice on its way (trap 17).
  if (filter !== undefined && !filter.includes('"') && /%22/i.test(filter)) query.set("filter", decodeSegment(filter));
  return query;
}

import { ScimRefusal } from "./refusal";

/** `meta.version` and ETag: the row's version as weak entity tag (SCIM-175). */
export function versionTag(version: number | string): string {
  return `W/"${version}"`;
}

/**
 * Whether a list of entity tags names the version; compared weakly, `*` names any. A tag that is none of ours names
 * nothing.
 */
export function namesVersion(header: string, version: number | string): boolean {
  return header
    .split(",")
    .map((tag) => tag.trim())
    .some((tag) => tag === "*" || tag.replace(/^W\//, "") === `"${version}"`);
}

/** @throws ScimRefusal 412 when If-Match names another version than the resource has. */
export function checkIfMatch(header: string | undefined, version: number | string): void {
  if (header === undefined || namesVersion(header, version)) return;
  throw new ScimRefusal(412, undefined, `the resource has version ${versionTag(version)}, If-Match names another`);
}

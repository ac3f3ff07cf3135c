import { invalid } from "../../kernel/errors";
import { readEmail, type Email } from "../../kernel/email";
import { foldKey, isWellFormed } from "../../kernel/text";
import type { MemberProfile, MemberValue } from "./member";

/** What lists show and sort by: the display name, else the name, else the user name. */
export function shownName(profile: MemberProfile): string {
  const parts = [profile.givenName, profile.familyName].filter(Boolean).join(" ");
  return profile.displayName ?? profile.formattedName ?? (parts || profile.userName);
}

/** The key by which names sort and are searched. */
export function nameKey(profile: MemberProfile): string {
  return foldKey(shownName(profile)).slice(0, 300);
}

/**
 * The user name as stored: trimmed, 1 to 254 characters, no control characters (SCIM-061).
 * @throws PlenumError `invalid`.
 */
export function parseUserName(value: string): string {
  const userName = value.trim();
  const unseen = /[\u0000-\u001f\u007f]/;
  if (userName === "" || userName.length > 254 || unseen.test(userName) || !isWellFormed(userName)) {
    throw invalid("userName", "1 to 254 characters without control characters", value);
  }
  return userName;
}

/** The address by which a member signs in: the primary e-mail, else the first, else a user name that is one. */
export function loginEmailOf(userName: string, values: readonly MemberValue[]): Email | undefined {
  const emails = values.filter((v) => v.attribute === "emails" && v.value);
  const chosen = emails.find((v) => v.primary) ?? emails[0];
  return readEmail(chosen?.value ?? "") ?? readEmail(userName);
}

/** The comparison key of a stored value, bounded so that it fits an index entry. */
export function valueKey(value: string | null): string | null {
  return value === null ? null : foldKey(value).slice(0, 500);
}

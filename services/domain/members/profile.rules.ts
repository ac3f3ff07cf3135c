import { invalid } from "../../kernel/errors";
import { isTimeZone } from "../../kernel/period";
import { parseText } from "../../kernel/text";
import type { MemberProfile } from "./member";

/** What a person types of a profile; identity providers send more, by rules of their own. */
export type TypedProfile = Pick<
  MemberProfile,
  "displayName" | "givenName" | "familyName" | "title" | "department" | "locale" | "timeZone"
>;

const textMax = 120;
// RFC 5646 §4.4.1: 35 characters hold every tag without private extensions.
const localeMax = 35;

const line = (field: string) => (value: string) => parseText(field, value, { max: textMax });

// One line per property: what it may be.
const properties: { readonly [K in keyof TypedProfile]-?: (value: string) => string } = {
  displayName: line("displayName"),
  givenName: line("givenName"),
  familyName: line("familyName"),
  title: line("title"),
  department: line("department"),
  locale: parseLanguageTag,
  timeZone: parseZone,
};

/**
 * Reads what somebody typed: bounded lines, a language tag, a time zone. Null clears, absent keeps.
 * @throws PlenumError `invalid` naming the property.
 */
export function parseProfile(typed: Partial<TypedProfile>): Partial<TypedProfile> {
  const read = (Object.keys(properties) as (keyof TypedProfile)[]).flatMap((key) => {
    const value = typed[key];
    if (value === undefined) return [];
    return [[key, value === null ? null : properties[key](value)] as const];
  });
  return Object.fromEntries(read);
}

function parseLanguageTag(value: string): string {
  try {
    const [tag] = value.length <= localeMax ? Intl.getCanonicalLocales(value) : [];
    if (tag !== undefined) return tag;
  } catch {
    // Refused below, with what was expected.
  }
  throw invalid("locale", "a language tag such as fr or en-GB", value);
}

function parseZone(value: string): string {
  if (!isTimeZone(value)) throw invalid("timeZone", "an IANA time zone such as Europe/Paris", value);
  return value;
}

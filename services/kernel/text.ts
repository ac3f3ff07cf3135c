import { invalid } from "./errors";

// Control and bidi-override characters: they make two different names look alike (SAML-51, GQL-18).
const unseen = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\u202a-\u202e\u2066-\u2069]/;

/**
 * The comparison key of a string that ignores case (SCIM-080): width-folded, NFC, lower case. Stored beside the text
 * in a `*_key` column; `lower()` in SQL is not leak-proof and loses its index under row security (DB-27).
 */
export function foldKey(text: string): string {
  return text.normalize("NFKC").toLowerCase().normalize("NFC");
}

export interface TextRule {
  readonly min?: number;
  readonly max: number;
  readonly multiline?: boolean;
}

/**
 * Reads one line (or a text) that a person typed: NFC, trimmed, no control characters, bounded.
 * @throws PlenumError `invalid` naming the field.
 */
export function parseText(field: string, value: unknown, rule: TextRule): string {
  if (typeof value !== "string") throw invalid(field, "a text");
  const text = value.normalize("NFC").trim();
  const min = rule.min ?? 1;
  if (!isWellFormed(text) || unseen.test(text) || (!rule.multiline && /[\r\n]/.test(text))) {
    throw invalid(field, "a text without control characters");
  }
  const length = Array.from(text).length;
  if (length < min || length > rule.max) throw invalid(field, `${min} to ${rule.max} characters`, length);
  return text;
}

/** No lone surrogates: PostgreSQL would store U+FFFD in their place. */
export function isWellFormed(text: string): boolean {
  return !/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/.test(text);
}

/**
 * A slug: what stands in a path. Lower case letters, digits and single hyphens, 2 to 63 characters.
 * @throws PlenumError `invalid`.
 */
export function parseSlug(field: string, value: string): string {
  const slug = foldKey(value.trim());
  if (!/^[a-z0-9](?:[a-z0-9]|-(?!-)){0,61}[a-z0-9]$/.test(slug)) {
    throw invalid(field, "2 to 63 lower case letters, digits and single hyphens", value);
  }
  return slug;
}

/** Pieces of SQL that several operands share. Nothing from a request ever stands in them. */

/**
 * The folded form of a text, as `foldKey` makes it (SCIM-080), for the columns that have no folded twin. The twin is
 * what is looked up by; this one costs a pass over the rows.
 */
export function folded(text: string): string {
  return `(normalize(lower(normalize(${text}, nfkc) collate "und-x-icu"), nfc) collate "C")`;
}

const alphabet = "0123456789abcdefghjkmnpqrstvwxyz";

/** The public form of an id: 128 bits behind two zero bits are 26 digits of five (TypeID). Equality never needs it. */
export function publicIdSql(prefix: string, uuid: string): string {
  const bits = `(b'00' || ('x' || replace(${uuid}::text, '-', ''))::bit(128))`;
  return (
    `(select '${prefix}_' || string_agg(substr('${alphabet}', substring(${bits} from i * 5 + 1 for 5)::bit(5)::integer + 1, 1), '' order by i)` +
    ` from generate_series(0, 25) i)`
  );
}

/** The uuid behind a public id that a text column holds; null where it holds something else. */
export function uuidSql(prefix: string, text: string): string {
  const digit = `(strpos('${alphabet}', substr(${text}, ${prefix.length + 1} + i, 1)) - 1)::bit(5)::text`;
  const bits = `(select string_agg(${digit}, '' order by i) from generate_series(1, 26) i)`;
  const word = (n: number) => `lpad(to_hex(substring(t.bits from ${3 + 32 * n} for 32)::bit(32)::bigint), 8, '0')`;
  return (
    `(case when ${text} ~ '^${prefix}_[0-7][${alphabet}]{25}$' then` +
    ` (select (${[0, 1, 2, 3].map(word).join(" || ")})::uuid from (select ${bits}) t (bits)) end)`
  );
}

import { types } from "pg";

const oid = { dates: 1182, date: 1082, timestamp: 1114, timestamps: 1115, numerics: 1231, texts: 1009 } as const;

const asText = (text: string): string => text;
const asTexts = types.getTypeParser(oid.texts as number) as (text: string) => unknown;

// int8 and numeric come as text from pg already; the stores turn money into bigint where they read it. A date has no
// instant (pg makes local midnight of it), and an array of numeric would come as floats (DB-16).
const parsers = new Map<number, (text: string) => unknown>([
  [oid.date, asText],
  [oid.timestamp, asText],
  [oid.dates, asTexts],
  [oid.timestamps, asTexts],
  [oid.numerics, asTexts],
]);

/**
 * How columns become values (DB-16): int8, numeric and date as text, timestamptz as Date in milliseconds. Handed to
 * each pool, because the parsers of the pg module are shared with every other library in the process.
 */
export const columnTypes = {
  getTypeParser(type: number, format?: "text" | "binary"): (value: never) => unknown {
    const own = format === "binary" ? undefined : parsers.get(type);
    return own ?? (types.getTypeParser(type, format) as (value: never) => unknown);
  },
};

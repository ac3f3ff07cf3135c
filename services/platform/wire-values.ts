/** A parameter as the protocol takes it: a text, bytes, or null. */
export type WireValue = string | Buffer | null;

/** Writes a parameter as pg does, but dates in UTC, whatever zone the process lives in. */
export function wireValue(value: unknown): WireValue {
  switch (typeof value) {
    case "string":
      return value;
    case "undefined":
      return null;
    case "object":
      return value === null ? null : wireObject(value);
    default:
      return String(value);
  }
}

function wireObject(value: object): string | Buffer {
  if (Buffer.isBuffer(value)) return value;
  if (value instanceof Date) return wireDate(value);
  if (Array.isArray(value)) return wireArray(value);
  return JSON.stringify(value);
}

// PostgreSQL knows neither the sign nor the six digits that ISO 8601 gives to far years.
function wireDate(date: Date): string {
  const year = date.getUTCFullYear();
  const text = date.toISOString();
  if (year >= 1 && year <= 9999) return text;
  const rest = text.slice(text.indexOf("-", 1));
  return year > 9999 ? `${year}${rest}` : `${String(1 - year).padStart(4, "0")}${rest} BC`;
}

function wireArray(values: readonly unknown[]): string {
  return `{${values.map(wireItem).join(",")}}`;
}

function wireItem(item: unknown): string {
  if (item === null || item === undefined) return "NULL";
  if (Array.isArray(item)) return wireArray(item);
  const value = wireValue(item) as string | Buffer;
  if (Buffer.isBuffer(value)) return `"\\\\x${value.toString("hex")}"`;
  return `"${value.replace(/[\\"]/g, "\\$&")}"`;
}

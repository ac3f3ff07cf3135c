import { instant } from "../kernel/clock";

const shape = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.\d{1,12})?(Z|[+-]\d\d:\d\d)$/;
const digits = (text: string | undefined): number => Number(text ?? "0");

/**
 * An xs:dateTime with zone, between 2000 and 2100; nothing for anything else. `Date.parse` would take "1", "2099", an
 * RFC 822 date, and read a zone-less time in the server's own zone (SAML-50, SAML-A54).
 */
export function readTime(text: string): Date | undefined {
  const parts = shape.exec(text);
  if (!parts) return undefined;
  const [, year, month, day, hour, minute, second, zone] = parts;
  if (digits(year) < 2000 || digits(year) > 2100 || digits(month) < 1 || digits(month) > 12) return undefined;
  if (digits(hour) > 23 || digits(minute) > 59 || digits(second) > 59) return undefined;
  if (digits(day) < 1 || digits(day) > daysIn(digits(year), digits(month))) return undefined;
  if (zone !== "Z" && (digits(zone?.slice(1, 3)) > 14 || digits(zone?.slice(4, 6)) > 59)) return undefined;
  return instant(text);
}

function daysIn(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
}

/** An instant as SAML writes it: UTC, to the second. */
export function writeTime(at: Date): string {
  return at.toISOString().replace(/\.\d+Z$/, "Z");
}

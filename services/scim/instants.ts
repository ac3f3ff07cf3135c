import { instant } from "../kernel/clock";

const shape = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:\d\d)?$/i;

/**
 * An xsd:dateTime (RFC 7643 §2.3.5), to the millisecond that the database keeps; without an offset it is UTC. Nothing
 * where the text is none, 30 February included.
 */
export function readInstant(text: string): Date | undefined {
  const match = shape.exec(text);
  if (!match) return undefined;
  const [, year, month, day, hour, minute, second, fraction = "", zone = "Z"] = match as unknown as string[];
  const wall = `${year}-${month}-${day}T${hour}:${minute}:${second}`;
  const asUtc = instant(`${wall}Z`);
  if (Number.isNaN(asUtc.getTime()) || !asUtc.toISOString().startsWith(wall)) return undefined;
  const at = instant(`${wall}.${fraction.padEnd(3, "0").slice(0, 3)}${zone.toUpperCase()}`);
  return Number.isNaN(at.getTime()) ? undefined : at;
}

/** `YYYY-MM-DDThh:mm:ss.sssZ` (SCIM-027). */
export function showInstant(at: Date): string {
  return at.toISOString();
}

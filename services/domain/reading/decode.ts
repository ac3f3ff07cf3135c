import { publicId, type Id, type IdKind } from "../../kernel/ids";
import type { Decode } from "./noun";

/** The text as it is. */
export const asText =
  (cell: number): Decode =>
  (row) =>
    row[cell] ?? null;

export const asNumber =
  (cell: number): Decode =>
  (row) => {
    const text = row[cell] ?? null;
    return text === null ? null : Number(text);
  };

// `t` from the wire, `true` out of an array of texts.
export const asFlag =
  (cell: number): Decode =>
  (row) => {
    const text = row[cell] ?? null;
    return text === null ? null : text.startsWith("t");
  };

export const asJson =
  (cell: number): Decode =>
  (row) => {
    const text = row[cell] ?? null;
    return text === null ? null : (JSON.parse(text) as unknown);
  };

/** A uuid as public id. Neighbouring rows often hold the same one, so the last is remembered. */
export const asId =
  <K extends IdKind>(kind: K) =>
  (cell: number): Decode => {
    let last: string | null = null;
    let shown = "";
    return (row) => {
      const uuid = row[cell] ?? null;
      if (uuid === null) return null;
      if (uuid !== last) {
        last = uuid;
        shown = publicId(kind, uuid as Id<K>);
      }
      return shown;
    };
  };

/** An instant as RFC 3339 in UTC with milliseconds, from `2026-03-01 09:30:00.5` (see `instant` in columns.ts). */
export const asInstant =
  (cell: number): Decode =>
  (row) => {
    const text = row[cell] ?? null;
    return text === null ? null : rfc3339(text);
  };

export function rfc3339(text: string): string {
  const day = text.slice(0, 10);
  const time = text.slice(11, 19);
  const fraction = text.slice(20);
  return `${day}T${time}.${fraction.padEnd(3, "0")}Z`;
}

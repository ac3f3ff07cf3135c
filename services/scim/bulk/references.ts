import type { BulkEntry } from "./read-bulk";

const shape = /^bulkId:(.+)$/s;

/** The bulkId that a text refers to. */
export function bulkIdOf(text: unknown): string | undefined {
  return typeof text === "string" ? shape.exec(text)?.[1] : undefined;
}

/** The bulkIds that an entry refers to, in its path and in its data (SCIM-177). */
export function referencesOf(entry: BulkEntry): ReadonlySet<string> {
  const found = new Set<string>();
  const target = bulkIdOf(entry.segments[1]);
  if (target !== undefined) found.add(target);
  walk(entry.data, (id) => (found.add(id), undefined));
  return found;
}

/** The data with references turned into ids, where they are known; the rest stays. */
export function resolved(data: unknown, ids: ReadonlyMap<string, string>): unknown {
  return walk(data, (id) => ids.get(id));
}

/**
 * The data without the values that refer to any of these: how a circle is opened, before it is closed by a second write
 * (RFC 7644 §3.7.1). A list loses the element, an object the attribute.
 */
export function without(data: unknown, missing: ReadonlySet<string>): unknown {
  if (Array.isArray(data)) return data.filter((item) => !refers(item, missing)).map((item) => without(item, missing));
  if (typeof data !== "object" || data === null) return data;
  const kept = Object.entries(data).filter(([, value]) => Array.isArray(value) || !refers(value, missing));
  return Object.fromEntries(kept.map(([key, value]) => [key, without(value, missing)]));
}

// A reference, or an object that is one by its value: {"value": "bulkId:x"}.
function refers(item: unknown, missing: ReadonlySet<string>): boolean {
  const value = typeof item === "object" && item !== null ? (item as { value?: unknown }).value : item;
  const id = bulkIdOf(value);
  return id !== undefined && missing.has(id);
}

// References stand where ids stand: as a value, in a list of members, as a manager. A text elsewhere that looks like one
// is a text.
const idKeys = /(?:^|[:.])(?:value|manager|members|\$ref)$/i;

function walk(data: unknown, replace: (bulkId: string) => string | undefined, isId = false): unknown {
  if (typeof data === "string") {
    const bulkId = isId ? bulkIdOf(data) : undefined;
    return bulkId === undefined ? data : (replace(bulkId) ?? data);
  }
  if (Array.isArray(data)) return data.map((item) => walk(item, replace, isId));
  if (typeof data !== "object" || data === null) return data;
  return Object.fromEntries(Object.entries(data).map(([key, value]) => [key, walk(value, replace, idKeys.test(key))]));
}

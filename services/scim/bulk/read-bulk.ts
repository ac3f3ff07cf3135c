import { limits } from "../limits";
import { distinctEntries, isObject } from "../read-value";
import type { Reading } from "../reading";
import { invalidSyntax, invalidValue, type ScimRefusal, shown, tooLarge } from "../refusal";
import { messages, sameUrn } from "../urns";

/** One operation of a bulk request; what is wrong with it alone is its own refusal (SCIM-176). */
export interface BulkEntry {
  readonly index: number;
  readonly method: string;
  readonly bulkId?: string;
  /** The path in pieces: `["Users"]`, `["Groups", "grp_…"]`; an id may be `bulkId:x`. */
  readonly segments: readonly string[];
  readonly data?: object;
  /** As If-Match (SCIM-179). */
  readonly version?: string;
  readonly refusal?: ScimRefusal;
}

export interface BulkRequest {
  readonly failOnErrors: number;
  readonly entries: readonly BulkEntry[];
}

/** Reads the envelope; what is wrong with the whole refuses the whole, and nothing is executed (SCIM-177, SCIM-179). */
export function readBulk(body: object, reading: Reading): BulkRequest {
  const fields = new Map(distinctEntries(body, "").map(([key, value]) => [key.toLowerCase(), value]));
  checkSchemas(fields.get("schemas"), reading);
  const list = fields.get("operations");
  if (!Array.isArray(list)) throw invalidSyntax(`Operations is ${shown(list)}, expected an array of operations`);
  if (list.length > limits.bulkOperations) {
    throw tooLarge(`Operations has ${list.length} entries, maxOperations is ${limits.bulkOperations}`);
  }
  const entries = list.map((entry: unknown, index) => readEntry(entry, index));
  checkBulkIds(entries);
  return { failOnErrors: readFailOnErrors(fields.get("failonerrors")), entries };
}

function checkSchemas(schemas: unknown, { dialect, trail }: Reading): void {
  if (schemas === undefined || schemas === null) {
    if (dialect.missingSchemas === "refuse")
      throw invalidSyntax(`schemas is missing, expected ["${messages.bulkRequest}"]`);
    return trail.coerce("schemas", "missingSchemas", null, [messages.bulkRequest]);
  }
  const isNamed =
    Array.isArray(schemas) && schemas.some((urn) => typeof urn === "string" && sameUrn(urn, messages.bulkRequest));
  if (!isNamed) throw invalidSyntax(`schemas is ${shown(schemas)}, expected it to name ${messages.bulkRequest}`);
}

function readFailOnErrors(given: unknown): number {
  if (given === undefined || given === null) return Number.POSITIVE_INFINITY;
  if (!Number.isSafeInteger(given) || (given as number) < 1)
    throw invalidValue(`failOnErrors is ${shown(given)}, expected a number from 1`);
  return given as number;
}

// Two entries of one name could not be told apart by those that refer to it.
function checkBulkIds(entries: readonly BulkEntry[]): void {
  const seen = new Set<string>();
  for (const { bulkId, index } of entries) {
    if (bulkId === undefined) continue;
    if (seen.has(bulkId)) throw invalidSyntax(`Operations[${index}].bulkId ${shown(bulkId)} stands twice`);
    seen.add(bulkId);
  }
}

function readEntry(given: unknown, index: number): BulkEntry {
  const where = `Operations[${index}]`;
  if (!isObject(given)) throw invalidSyntax(`${where} is ${shown(given)}, expected an object`);
  const fields = new Map(distinctEntries(given, where).map(([key, value]) => [key.toLowerCase(), value]));
  const text = (name: string) => (typeof fields.get(name) === "string" ? (fields.get(name) as string) : undefined);
  const method = (text("method") ?? "").toUpperCase();
  const bulkId = text("bulkid");
  const version = text("version");
  const segments = (text("path") ?? "").split("/").filter((segment) => segment !== "");
  const data = fields.get("data");
  const refusal = refusalOf({ method, bulkId, segments, path: text("path"), data });
  return {
    index,
    method,
    segments,
    ...(bulkId === undefined ? {} : { bulkId }),
    ...(isObject(data) ? { data } : {}),
    ...(version === undefined ? {} : { version }),
    ...(refusal ? { refusal } : {}),
  };
}

const methods: ReadonlySet<string> = new Set(["POST", "PUT", "PATCH", "DELETE"]);
const endpoints: ReadonlySet<string> = new Set(["users", "groups"]);

interface Raw {
  readonly method: string;
  readonly bulkId: string | undefined;
  readonly segments: readonly string[];
  readonly path: string | undefined;
  readonly data: unknown;
}

function refusalOf({ method, bulkId, segments, path, data }: Raw): ScimRefusal | undefined {
  if (!methods.has(method)) return invalidSyntax(`method is ${shown(method)}, expected POST, PUT, PATCH or DELETE`);
  const expected = method === "POST" ? 1 : 2;
  const known =
    path?.startsWith("/") && segments.length === expected && endpoints.has((segments[0] ?? "").toLowerCase());
  if (!known)
    return invalidValue(
      `path is ${shown(path)}, expected ${method === "POST" ? "/Users or /Groups" : "/Users/{id} or /Groups/{id}"}`,
    );
  if (method === "POST" && bulkId === undefined) return invalidSyntax("a POST needs a bulkId");
  if (method !== "DELETE" && !isObject(data)) return invalidSyntax(`data is ${shown(data)}, expected an object`);
  return undefined;
}

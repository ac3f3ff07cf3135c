import type { ResourceType } from "../attributes/attribute";
import { limits } from "../limits";
import { distinctEntries, isObject } from "../read-value";
import type { Reading } from "../reading";
import { invalidSyntax, invalidValue, shown, tooLarge } from "../refusal";
import { messages, sameUrn } from "../urns";

export type Verb = "add" | "remove" | "replace";

/** One operation of a PATCH as received; `value` undefined when the key is absent. */
export interface Operation {
  readonly op: Verb;
  readonly path?: string;
  readonly value: unknown;
  /** Where it stands, for sentences: `Operations[2]`. */
  readonly where: string;
}

/** Reads the envelope of a PATCH (SCIM-150). Names are taken in any case. */
export function readOperations(type: ResourceType, body: object, reading: Reading): readonly Operation[] {
  const envelope = new Map(distinctEntries(body, "").map(([key, value]) => [key.toLowerCase(), value]));
  const list = envelope.get("operations");
  if (list === undefined && reading.dialect.scim1Patch) return fromScim1(type, body, reading);
  checkSchemas(envelope.get("schemas"), reading);
  if (!Array.isArray(list)) throw invalidSyntax(`Operations is ${shown(list)}, expected an array of operations`);
  if (list.length === 0) {
    if (reading.dialect.emptyOperations === "refuse") throw invalidValue("Operations is empty, expected at least one");
    reading.trail.coerce("Operations", "emptyOperations", [], null);
  }
  if (list.length > limits.patchOperations) {
    throw tooLarge(`Operations has ${list.length} entries, at most ${limits.patchOperations} are allowed`);
  }
  return list.map((entry, i) => readOperation(entry, `Operations[${i}]`));
}

function checkSchemas(schemas: unknown, { dialect, trail }: Reading): void {
  if (schemas === undefined || schemas === null) {
    if (dialect.missingSchemas === "refuse")
      throw invalidSyntax(`schemas is missing, expected ["${messages.patchOp}"]`);
    return trail.coerce("schemas", "missingSchemas", null, [messages.patchOp]);
  }
  const named =
    Array.isArray(schemas) && schemas.some((urn) => typeof urn === "string" && sameUrn(urn, messages.patchOp));
  if (!named) throw invalidSyntax(`schemas is ${shown(schemas)}, expected it to name ${messages.patchOp}`);
}

const verbs: Readonly<Record<string, Verb>> = { add: "add", remove: "remove", replace: "replace" };

function readOperation(entry: unknown, where: string): Operation {
  if (!isObject(entry)) throw invalidSyntax(`${where} is ${shown(entry)}, expected an object`);
  const fields = new Map(distinctEntries(entry, where).map(([key, value]) => [key.toLowerCase(), value]));
  const given = fields.get("op");
  const word = typeof given === "string" ? given.toLowerCase() : "";
  const op = Object.hasOwn(verbs, word) ? verbs[word] : undefined;
  if (!op) throw invalidSyntax(`${where}.op is ${shown(given)}, expected add, remove or replace`);
  const path = fields.get("path");
  if (path !== undefined && path !== null && typeof path !== "string") {
    throw invalidSyntax(`${where}.path is ${shown(path)}, expected a string`);
  }
  return { op, value: fields.get("value"), where, ...(typeof path === "string" ? { path } : {}) };
}

/**
 * SCIM 1.1 as OneLogin sends it (SCIM-OL04): members with their own operation, other attributes as if replaced.
 */
function fromScim1(type: ResourceType, body: object, { trail }: Reading): Operation[] {
  const operations: Operation[] = [];
  const others: Record<string, unknown> = {};
  for (const [key, value] of distinctEntries(body, "")) {
    const name = key.toLowerCase();
    if (name === "schemas") continue;
    if (name !== "members") others[key] = value;
    else operations.push(...membersOfScim1(value));
  }
  if (Object.keys(others).length > 0) operations.unshift({ op: "replace", value: others, where: "the body" });
  trail.coerce("Operations", "scim1Patch", `${type.name} body`, operations.length);
  return operations;
}

function membersOfScim1(value: unknown): Operation[] {
  if (!Array.isArray(value)) throw invalidSyntax(`members is ${shown(value)}, expected an array`);
  return value.map((member: unknown, i) => {
    const where = `members[${i}]`;
    if (!isObject(member)) throw invalidSyntax(`${where} is ${shown(member)}, expected an object`);
    const { operation, ...element } = member as Record<string, unknown>;
    const op = operation === "delete" ? "remove" : "add";
    return { op, path: "members", value: [element], where };
  });
}

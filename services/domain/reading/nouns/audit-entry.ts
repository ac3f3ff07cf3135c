import { idPrefixes, publicId, readId, type Id, type IdKind } from "../../../kernel/ids";
import { computed, id, instant, json, needs, number, text, word } from "../columns";
import { oneOf, where } from "../filters";
import type { Cell, Filter, Many, Noun } from "../noun";

// Whom the id of an actor names, by the kind of caller (platform/caller.ts).
const kindOfActor: Readonly<Record<string, IdKind>> = {
  person: "member",
  token: "token",
  scim: "scimToken",
  saml: "connection",
};

/** One line of the audit log. */
export const auditEntry: Noun = {
  name: "AuditEntry",
  key: (row) => `${row}.id`,
  members: {
    id: id("auditEntry"),
    at: instant("at"),
    action: text("action"),
    result: word("result"),
    actor: computed(
      ["caller_kind", "actor_id"],
      ([kind, actor]) => ({ kind, id: shown(kindOfActor[kind ?? ""] ?? "organization", actor) }),
      "AuditActor",
    ),
    target: computed(
      ["target_kind", "target_id"],
      ([kind, target]) => (kind == null ? null : { kind, id: isKind(kind) ? shown(kind, target) : null }),
      "AuditTarget",
    ),
    facts: json("facts"),
    requestId: text("request_id"),
    ip: text((a) => `${a}.actor -> 'origin' ->> 'ip'`),
    userAgent: text((a) => `${a}.actor -> 'origin' ->> 'userAgent'`),
    seq: number("seq"),
    before: json((a) => `(select p.before from audit_personal p where p.org_id = $1 and p.entry_id = ${a}.id)`),
    after: json((a) => `(select p.after from audit_personal p where p.org_id = $1 and p.entry_id = ${a}.id)`),
    actorMember: {
      kind: "one",
      noun: "Member",
      join: (to, a) => `member ${to} on ${to}.org_id = $1 and ${to}.id = ${a}.actor_id and ${a}.caller_kind = 'person'`,
      gate: needs("member:read"),
    },
  },
};

function isKind(kind: string): kind is IdKind {
  return Object.hasOwn(idPrefixes, kind);
}

function shown<K extends IdKind>(kind: K, uuid: Cell | undefined): string | null {
  return uuid == null ? null : publicId(kind, uuid as Id<K>);
}

/** Newest first. */
export const auditEntries: Many = {
  kind: "many",
  noun: "AuditEntry",
  gate: needs("audit:read"),
  from: (to) => `audit_entry ${to} where ${to}.org_id = $1`,
  filters: {
    action: oneOf("action"),
    result: where((a, result) => `${a}.result = ${result}::text`),
    actorId: anyId("actor_id"),
    targetId: anyId("target_id"),
    from: where((a, from) => `${a}.at >= ${from}::timestamptz`),
    to: where((a, to) => `${a}.at < ${to}::timestamptz`),
  },
  orders: {
    AT_DESC: { column: (a) => `${a}.at`, type: "instant", descending: true },
    AT_ASC: { column: (a) => `${a}.at`, type: "instant" },
  },
};

/** An id of whatever kind. */
function anyId(column: string): Filter {
  return {
    form: () => "given",
    sql: (to, bind, value, form) =>
      form === "absent" ? "" : `${to}.${column} = ${bind((run) => readId(String(value(run)))?.id ?? null)}::uuid`,
  };
}

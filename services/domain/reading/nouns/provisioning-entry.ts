import { publicId, readId, type GroupId, type MemberId } from "../../../kernel/ids";
import { computed, id, instant, json, needs, number, text, upper } from "../columns";
import { idIs, oneOf, where } from "../filters";
import type { Filter, Many, Noun } from "../noun";

const memberOrGroup: Filter = {
  form: () => "given",
  sql: (to, bind, value, form) => {
    if (form === "absent") return "";
    const uuid = bind((run) => {
      const read = readId(String(value(run)));
      return read?.kind === "member" || read?.kind === "group" ? read.id : null;
    });
    return `${to}.resource_id = ${uuid}::uuid`;
  },
};

/** One request of an identity provider (SCIM-195). What was asked stays sealed; it is opened one at a time. */
export const provisioningEntry: Noun = {
  name: "ProvisioningEntry",
  key: (row) => `${row}.id`,
  members: {
    id: id("provisioningEntry"),
    at: instant("at"),
    tokenName: text("token_name"),
    method: text("method"),
    path: text("path"),
    resourceId: computed(["resource_kind", "resource_id"], ([kind, resource]) => {
      if (resource == null) return null;
      return kind === "group" ? publicId("group", resource as GroupId) : publicId("member", resource as MemberId);
    }),
    status: number("status"),
    scimType: text("scim_type"),
    detail: text("detail"),
    coercions: json("coercions"),
    warnings: json("warnings"),
    changed: json("diff"),
    seatEffect: upper("seat_effect"),
    durationMs: number("duration_ms"),
    userAgent: text("user_agent"),
    requestId: text("request_id"),
    replayOf: id("provisioningEntry", "replay_of"),
    previewId: id("preview", "preview_id"),
    connection: {
      kind: "one",
      noun: "IdentityConnection",
      join: (to, e) => `identity_connection ${to} on ${to}.org_id = $1 and ${to}.id = ${e}.connection_id`,
      gate: needs("identity:read"),
    },
    member: {
      kind: "one",
      noun: "Member",
      join: (to, e) =>
        `member ${to} on ${to}.org_id = $1 and ${to}.id = ${e}.resource_id and ${e}.resource_kind = 'member'
           and ${to}.status <> 'REMOVED'`,
      gate: needs("member:read"),
    },
  },
};

/** Newest first. */
export const provisioningEntries: Many = {
  kind: "many",
  noun: "ProvisioningEntry",
  gate: needs("provisioning:read"),
  from: (to) => `provisioning_entry ${to} where ${to}.org_id = $1`,
  filters: {
    connectionId: idIs("connection_id", "connection"),
    resourceId: memberOrGroup,
    failed: where((e, failed) => `(${e}.status >= 400) = ${failed}::boolean`),
    method: oneOf("method"),
    scimType: oneOf("scim_type"),
    previewId: idIs("preview_id", "preview"),
    replayOf: idIs("replay_of", "provisioningEntry"),
    from: where((e, from) => `${e}.at >= ${from}::timestamptz`),
    to: where((e, to) => `${e}.at < ${to}::timestamptz`),
  },
  orders: {
    AT_DESC: { column: (e) => `${e}.at`, type: "instant", descending: true },
    AT_ASC: { column: (e) => `${e}.at`, type: "instant" },
  },
};

import { id, instant, json, needs, text } from "../columns";
import { byCreation } from "../filters";
import type { Many, Noun } from "../noun";

/** A token of an identity provider, without its secret. */
export const scimToken: Noun = {
  name: "ScimToken",
  key: (row) => `${row}.id`,
  members: {
    id: id("scimToken"),
    name: text("name"),
    scopes: json("scopes"),
    ipAllow: json("ip_allow"),
    expiresAt: instant("expires_at"),
    lastUsedAt: instant("last_used_at"),
    revokedAt: instant("revoked_at"),
    createdAt: instant("created_at"),
    connection: {
      kind: "one",
      noun: "IdentityConnection",
      join: (to, t) => `identity_connection ${to} on ${to}.org_id = $1 and ${to}.id = ${t}.connection_id`,
    },
  },
};

/** The ones that work, of all connections; those that an access token was exchanged for are no business of people. */
export const scimTokens: Many = {
  kind: "many",
  noun: "ScimToken",
  gate: needs("identity:read"),
  from: (to) =>
    `scim_token ${to} where ${to}.org_id = $1 and ${to}.kind = 'STATIC' and ${to}.revoked_at is null
       and (${to}.expires_at is null or ${to}.expires_at > now())`,
  filters: {},
  orders: byCreation,
};

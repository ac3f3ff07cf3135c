import type { ConnectionId } from "../../../kernel/ids";
import { samlUrls, scimBaseUrl, type SamlUrls } from "../../identity";
import { computed, id, instant, json, needs, text, upper, word } from "../columns";
import type { List, Noun } from "../noun";

/** An API token, without its secret. */
export const apiToken: Noun = {
  name: "ApiToken",
  key: (row) => `${row}.id`,
  members: {
    id: id("token"),
    name: text("name"),
    role: word("role"),
    expiresAt: instant("expires_at"),
    lastUsedAt: instant("last_used_at"),
    revokedAt: instant("revoked_at"),
    createdAt: instant("created_at"),
    member: {
      kind: "one",
      noun: "Member",
      join: (to, t) => `member ${to} on ${to}.org_id = $1 and ${to}.id = ${t}.member_id`,
    },
  },
};

const urlOf = (pick: (urls: SamlUrls) => string) =>
  computed(["id"], ([id], { tx }) => pick(samlUrls(tx, id as ConnectionId)));

/** The link to one identity provider. */
export const identityConnection: Noun = {
  name: "IdentityConnection",
  key: (row) => `${row}.id`,
  members: {
    id: id("connection"),
    name: text("name"),
    samlState: word("saml_state"),
    scimState: word("scim_state"),
    provisioning: upper("provisioning"),
    idpEntityId: text("idp_entity_id"),
    domains: json(
      (c) => `(select coalesce(json_agg(d.domain order by d.domain), '[]') from verified_domain d
               where d.org_id = $1 and d.connection_id = ${c}.id and d.status = 'VERIFIED')`,
    ),
    metadataUrl: urlOf((urls) => urls.metadataUrl),
    acsUrl: urlOf((urls) => urls.acsUrl),
    loginUrl: urlOf((urls) => urls.loginUrl),
    entityId: urlOf((urls) => urls.entityId),
    scimBaseUrl: computed(["id"], ([id], { tx }) => scimBaseUrl(tx, id as ConnectionId)),
    lastSeenAt: instant("last_seen_at"),
    createdAt: instant("created_at"),
    version: word("version"),
  },
};

/** Five at most (SAML-01). */
export const identityConnections: List = {
  kind: "list",
  noun: "IdentityConnection",
  gate: needs("identity:read"),
  from: (to) => `identity_connection ${to} where ${to}.org_id = $1 and ${to}.deleted_at is null`,
  orderBy: (to) => `${to}.created_at, ${to}.id`,
};

/** The live tokens, newest first; a hundred at most. */
export const apiTokens: List = {
  kind: "list",
  noun: "ApiToken",
  gate: needs("token:write"),
  from: (to) => `api_token ${to} where ${to}.org_id = $1 and ${to}.revoked_at is null and ${to}.expires_at > now()`,
  orderBy: (to) => `${to}.created_at desc, ${to}.id desc`,
};

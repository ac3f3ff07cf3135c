import type { ConnectionId } from "../../../kernel/ids";
import { samlUrls, scimBaseUrl, type SamlUrls } from "../../identity";
import { computed, flag, id, instant, json, needs, number, text, upper, viewerMay, word } from "../columns";
import type { List, Noun } from "../noun";
import { certificatesOfConnection, keysOfConnection } from "./connection-key";

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
    logoutUrl: urlOf((urls) => `${urls.entityId}/slo`),
    // An override stands where an older installation had another one (SAML-02).
    entityId: computed(["id", "sp_entity_id"], ([id, own], { tx }) => own ?? samlUrls(tx, id as ConnectionId).entityId),
    scimBaseUrl: computed(["id"], ([id], { tx }) => scimBaseUrl(tx, id as ConnectionId)),
    lastSeenAt: instant("last_seen_at"),
    createdAt: instant("created_at"),
    updatedAt: instant("updated_at"),
    deletedAt: instant("deleted_at"),
    version: word("version"),
    vouchedByOperator: flag("vouched_by_operator"),
    idpSsoUrl: text("sso_url"),
    idpSsoBinding: word("sso_binding"),
    idpSloUrl: text("slo_url"),
    idpSloBinding: word("slo_binding"),
    spEntityId: text("sp_entity_id"),
    signRequests: flag("sign_requests"),
    signaturePolicy: upper("signature_policy"),
    requireEncryption: flag("require_encryption"),
    skewSeconds: number("skew_seconds"),
    idpInitiated: upper("idp_initiated"),
    mapping: json("mapping"),
    roleCeiling: word("role_ceiling"),
    // What somebody chose; the other entries of the column are notes of our own.
    options: json((c) => `(${c}.options - 'provisioningChosen' - 'purged')`),
    idpMetadataUrl: text("metadata_url"),
    idpMetadataMode: upper("metadata_mode"),
    idpMetadataCheckedAt: instant("metadata_checked_at"),
    idpMetadataValidUntil: instant("metadata_valid_until"),
    idpMetadataFailures: number("metadata_failures"),
    viewerMay: viewerMay("identity:write"),
    certificates: certificatesOfConnection,
    keys: keysOfConnection,
  },
};

/** Five at most that live (SAML-01); with `deleted` those that can be restored. */
export const identityConnections: List = {
  kind: "list",
  noun: "IdentityConnection",
  gate: needs("identity:read"),
  from: (to, _from, bind, argument) => {
    const deleted = bind((run) => argument("deleted")(run) === true);
    return `identity_connection ${to} where ${to}.org_id = $1 and (${to}.deleted_at is not null) = ${deleted}::boolean
              and not (${to}.options ? 'purged')`;
  },
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

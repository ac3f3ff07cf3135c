import type { Caller } from "../../../platform/caller";
import { computed, needs, shownPermission } from "../columns";
import type { ArgumentOf, Bind, Gate, List, Noun, NounName, One, Run } from "../noun";
import { publicId } from "../../../kernel/ids";
import { auditEntries } from "./audit-entry";
import { changes } from "./change";
import { groups } from "./group";
import { eventTypes, visibleEventType } from "./event-type";
import { eventTypeTemplates } from "./event-type-template";
import { apiTokens, identityConnections } from "./identity";
import { invitations } from "./invitation";
import { members } from "./member";
import { seatSummaryLink } from "./organization";
import { plans } from "./plan";
import { provisioningEntries } from "./provisioning-entry";
import { scimTokens } from "./scim-token";
import { sessions, visibleSession } from "./session";
import { identityLinks } from "./identity-link";
import { ssoExemptions } from "./sso-exemption";
import { subscriptions } from "./subscription";
import { verifiedDomains } from "./verified-domain";

type Condition = (to: string, bind: Bind) => string;
const always: Condition = () => "true";

/** The thing with a uuid that the door has read from a public id. */
function byId(noun: NounName, table: string, gate: Gate, condition: Condition = always): One {
  return {
    kind: "one",
    noun,
    gate,
    join: (to, _from, bind, argument: ArgumentOf) =>
      `${table} ${to} on ${to}.org_id = $1 and ${to}.id = ${bind(argument("id"))}::uuid and ${condition(to, bind)}`,
  };
}

/** The things with some uuids, a hundred at most. */
function byIds(noun: NounName, table: string, gate: Gate, condition: Condition = always): List {
  return {
    kind: "list",
    noun,
    gate,
    from: (to, _from, bind, argument: ArgumentOf) =>
      `${table} ${to} where ${to}.org_id = $1 and ${to}.id = any(${bind(argument("ids"))}::uuid[]) and ${condition(to, bind)}`,
    orderBy: (to) => `${to}.id`,
  };
}

const memberIdOf = (caller: Caller) => (caller.kind === "person" || caller.kind === "token" ? caller.memberId : null);
const isLive: Condition = (to) => `${to}.status <> 'REMOVED'`;
const isThere: Condition = (to) => `${to}.deleted_at is null`;
// Everybody sees themselves.
const ofMember: Gate = (caller, args) => (args["id"] === memberIdOf(caller) ? undefined : "member:read");
const ownOr =
  (caller: (run: Run) => string | null): Condition =>
  (to, bind) =>
    `${to}.id = ${bind(caller)}::uuid`;

const ownOrganization: One = {
  kind: "one",
  noun: "Organization",
  gate: needs("organization:read"),
  join: (to) => `organization ${to} on ${to}.org_id = $1`,
};

/** Where every question starts. */
export const query: Noun = {
  name: "Query",
  key: (row) => row,
  members: {
    viewer: { kind: "one", noun: "Viewer", join: (to) => `(select 1 as there) ${to} on true` },
    organization: ownOrganization,
    seatSummary: seatSummaryLink,
    members,
    invitations,
    plans,
    subscriptions,
    eventTypeTemplates,
    eventTypes,
    auditEntries,
    provisioningEntries,
    identityConnections,
    apiTokens,
    verifiedDomains,
    scimTokens,
    sessions,
    ssoExemptions,
    identityLinks,
    changes,
    groups,

    organizationById: {
      ...ownOrganization,
      join: (to, _from, bind, argument) =>
        `organization ${to} on ${to}.org_id = $1 and ${to}.org_id = ${bind(argument("id"))}::uuid`,
    },
    organizationBySlug: {
      ...ownOrganization,
      join: (to, _from, bind, argument) =>
        `organization ${to} on ${to}.org_id = $1 and ${to}.slug = ${bind(argument("slug"))}::text`,
    },
    memberById: byId("Member", "member", ofMember, isLive),
    /** Also one that was removed a moment ago, for the answer to that. */
    memberOnceById: byId("Member", "member", ofMember),
    licenceById: byId("Licence", "licence_assignment", needs("seat:read")),
    subscriptionById: byId("Subscription", "subscription", needs("subscription:read")),
    invitationById: byId("Invitation", "invitation", needs("invitation:read")),
    eventTypeTemplateById: byId("EventTypeTemplate", "event_type_template", needs("event-type:read")),
    eventTypeById: byId("EventType", "event_type", needs("event-type:own"), visibleEventType),
    provisioningEntryById: byId("ProvisioningEntry", "provisioning_entry", needs("provisioning:read")),
    identityConnectionById: byId("IdentityConnection", "identity_connection", needs("identity:read"), isThere),
    apiTokenById: byId("ApiToken", "api_token", needs("token:write")),
    groupById: byId("Group", "member_group", needs("group:read"), isThere),
    idpCertificateById: byId("IdpCertificate", "idp_certificate", needs("identity:read")),
    spKeyById: byId("SpKey", "sp_key", needs("identity:read")),
    verifiedDomainById: byId("VerifiedDomain", "verified_domain", needs("identity:read")),
    scimTokenById: byId("ScimToken", "scim_token", needs("identity:read")),
    identityLinkById: byId("IdentityLink", "sso_link", needs("identity:read")),
    sessionById: byId("LoginSession", "login_session", needs("sign-in"), visibleSession),

    organizationsByIds: {
      kind: "list",
      noun: "Organization",
      gate: needs("organization:read"),
      from: (to, _from, bind, argument) =>
        `organization ${to} where ${to}.org_id = $1 and ${to}.org_id = any(${bind(argument("ids"))}::uuid[])`,
      orderBy: (to) => `${to}.org_id`,
    },
    membersByIds: byIds("Member", "member", needs("member:read"), isLive),
    licencesByIds: byIds("Licence", "licence_assignment", needs("seat:read")),
    subscriptionsByIds: byIds("Subscription", "subscription", needs("subscription:read")),
    invitationsByIds: byIds("Invitation", "invitation", needs("invitation:read")),
    eventTypeTemplatesByIds: byIds("EventTypeTemplate", "event_type_template", needs("event-type:read")),
    eventTypesByIds: byIds("EventType", "event_type", needs("event-type:own"), visibleEventType),
    identityConnectionsByIds: byIds("IdentityConnection", "identity_connection", needs("identity:read"), isThere),
    apiTokensByIds: byIds("ApiToken", "api_token", needs("token:write")),
    groupsByIds: byIds("Group", "member_group", needs("group:read"), isThere),
    idpCertificatesByIds: byIds("IdpCertificate", "idp_certificate", needs("identity:read")),
    spKeysByIds: byIds("SpKey", "sp_key", needs("identity:read")),
    verifiedDomainsByIds: byIds("VerifiedDomain", "verified_domain", needs("identity:read")),
    scimTokensByIds: byIds("ScimToken", "scim_token", needs("identity:read")),
    identityLinksByIds: byIds("IdentityLink", "sso_link", needs("identity:read")),
    sessionsByIds: byIds("LoginSession", "login_session", needs("sign-in"), visibleSession),
  },
};

/** Who is asking (ruling c19): a person has no profile outside their memberships, so only the id is shown of them. */
export const viewer: Noun = {
  name: "Viewer",
  key: (row) => `${row}.there`,
  members: {
    person: computed(
      [],
      (_cells, { caller }) =>
        caller.kind === "person" && caller.personId ? { id: publicId("person", caller.personId) } : null,
      "Person",
    ),
    permissions: computed([], (_cells, { caller }) => [...caller.permissions].map(shownPermission)),
    organization: ownOrganization,
    member: {
      kind: "one",
      noun: "Member",
      join: (to, _from, bind) =>
        `member ${to} on ${to}.org_id = $1 and ${ownOr(({ caller }) => memberIdOf(caller))(to, bind)}`,
    },
    token: {
      kind: "one",
      noun: "ApiToken",
      join: (to, _from, bind) =>
        `api_token ${to} on ${to}.org_id = $1 and ${ownOr(({ caller }) => (caller.kind === "token" ? caller.tokenId : null))(to, bind)}`,
    },
  },
};

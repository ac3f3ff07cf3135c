import { invalid, notFound } from "../kernel/errors";
import { readId, type IdKind } from "../kernel/ids";
import type { Arguments } from "../domain/reading";
import type { GatewayContext } from "./context";

/** What a root field of a query looks at. */
export interface Look {
  /** The GraphQL type of what is found. */
  readonly type: string;
  /** The link of the query root that leads there. */
  readonly link: string;
  readonly args?: Arguments;
  /** Whether its absence is an error beside a null: it was named, and is not there (GQL-13). */
  readonly named?: boolean;
}

interface Findable {
  readonly kind: IdKind;
  /** The links of the query root that lead to one, and to several. */
  readonly one: string;
  readonly several: string;
}

/** Every type that has a public id: the ones that `node` and `nodes` find. */
export const findable = {
  Organization: { kind: "organization", one: "organizationById", several: "organizationsByIds" },
  Member: { kind: "member", one: "memberById", several: "membersByIds" },
  Licence: { kind: "licence", one: "licenceById", several: "licencesByIds" },
  Subscription: { kind: "subscription", one: "subscriptionById", several: "subscriptionsByIds" },
  Invitation: { kind: "invitation", one: "invitationById", several: "invitationsByIds" },
  EventTypeTemplate: {
    kind: "eventTypeTemplate",
    one: "eventTypeTemplateById",
    several: "eventTypeTemplatesByIds",
  },
  EventType: { kind: "eventType", one: "eventTypeById", several: "eventTypesByIds" },
  IdentityConnection: {
    kind: "connection",
    one: "identityConnectionById",
    several: "identityConnectionsByIds",
  },
  ApiToken: { kind: "token", one: "apiTokenById", several: "apiTokensByIds" },
  Group: { kind: "group", one: "groupById", several: "groupsByIds" },
  IdpCertificate: { kind: "idpCertificate", one: "idpCertificateById", several: "idpCertificatesByIds" },
  SpKey: { kind: "spKey", one: "spKeyById", several: "spKeysByIds" },
  VerifiedDomain: { kind: "domain", one: "verifiedDomainById", several: "verifiedDomainsByIds" },
  ScimToken: { kind: "scimToken", one: "scimTokenById", several: "scimTokensByIds" },
  IdentityLink: { kind: "identityLink", one: "identityLinkById", several: "identityLinksByIds" },
  LoginSession: { kind: "session", one: "sessionById", several: "sessionsByIds" },
} as const satisfies Readonly<Record<string, Findable>>;

export type FindableType = keyof typeof findable;

const typeOfKind = new Map<IdKind, FindableType>(
  (Object.keys(findable) as FindableType[]).map((type) => [findable[type].kind, type]),
);

/** The type and uuid behind a public id, or nothing where it names no node. */
export function readNodeId(text: string): { readonly type: FindableType; readonly uuid: string } | undefined {
  const read = readId(text);
  const type = read && typeOfKind.get(read.kind);
  return read && type && { type, uuid: read.id };
}

/** One thing by its public id; what is no id, of another type, foreign or unknown is not found, all alike (GQL-13). */
export function byId(type: FindableType, id: unknown): Look {
  const read = readNodeId(String(id));
  if (read?.type !== type) throw notFound(type);
  return { type, link: findable[type].one, args: { id: read.uuid }, named: true };
}

const pageOf =
  (type: string, link: string) =>
  (args: Arguments): Look => ({ type, link, args });

/**
 * What each root field looks at; nothing where it is null without a look. The fields of the query root that are not
 * here have resolvers of their own.
 * @throws PlenumError for arguments that name nothing
 */
export const roots: Readonly<Record<string, (args: Arguments, context: GatewayContext) => Look | null>> = {
  // Nobody is signed in: that is an answer, not an error.
  viewer: (_args, { presented }) => (presented ? { type: "Viewer", link: "viewer" } : null),
  organization: ({ id, slug }) => {
    if (id != null && slug != null) throw invalid("id", "either id or slug");
    if (id != null) return byId("Organization", id);
    if (slug == null) return { type: "Organization", link: "organization" };
    return { type: "Organization", link: "organizationBySlug", args: { slug }, named: true };
  },
  seatSummary: () => ({ type: "SeatSummary", link: "seatSummary" }),
  member: ({ id }) => byId("Member", id),
  members: pageOf("MemberConnection", "members"),
  invitations: pageOf("InvitationConnection", "invitations"),
  plans: () => ({ type: "Plan", link: "plans" }),
  subscription: ({ id }) => byId("Subscription", id),
  subscriptions: pageOf("SubscriptionConnection", "subscriptions"),
  eventTypeTemplates: pageOf("EventTypeTemplateConnection", "eventTypeTemplates"),
  eventTypes: pageOf("EventTypeConnection", "eventTypes"),
  auditEntries: pageOf("AuditEntryConnection", "auditEntries"),
  provisioningEntries: pageOf("ProvisioningEntryConnection", "provisioningEntries"),
  identityConnection: ({ id }) => byId("IdentityConnection", id),
  identityConnections: pageOf("IdentityConnection", "identityConnections"),
  verifiedDomains: pageOf("VerifiedDomainConnection", "verifiedDomains"),
  scimTokens: pageOf("ScimTokenConnection", "scimTokens"),
  sessions: pageOf("LoginSessionConnection", "sessions"),
  changes: pageOf("ChangeConnection", "changes"),
  group: ({ id }) => byId("Group", id),
  groups: pageOf("GroupConnection", "groups"),
  identityLinks: pageOf("IdentityLinkConnection", "identityLinks"),
  ssoExemptions: pageOf("SsoExemptionConnection", "ssoExemptions"),
  apiTokens: () => ({ type: "ApiToken", link: "apiTokens" }),
};

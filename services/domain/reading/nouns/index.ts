import type { Noun, NounName } from "../noun";
import { auditEntry } from "./audit-entry";
import { change } from "./change";
import { group } from "./group";
import { eventType } from "./event-type";
import { eventTypeTemplate } from "./event-type-template";
import { apiToken, identityConnection } from "./identity";
import { idpCertificate, spKey } from "./connection-key";
import { invitation } from "./invitation";
import { licence } from "./licence";
import { member } from "./member";
import { entitlement, organization, seatSummary } from "./organization";
import { plan, planFeature, planPrice } from "./plan";
import { provisioningEntry } from "./provisioning-entry";
import { query, viewer } from "./query";
import { scimToken } from "./scim-token";
import { loginSession } from "./session";
import { identityLink } from "./identity-link";
import { ssoExemption } from "./sso-exemption";
import { scheduledChange, subscription } from "./subscription";
import { verifiedDomain } from "./verified-domain";

const nouns: { readonly [N in NounName]: Noun } = {
  Query: query,
  Viewer: viewer,
  Organization: organization,
  SeatSummary: seatSummary,
  Entitlement: entitlement,
  Member: member,
  Licence: licence,
  Subscription: subscription,
  ScheduledChange: scheduledChange,
  Plan: plan,
  PlanFeature: planFeature,
  PlanPrice: planPrice,
  Invitation: invitation,
  EventTypeTemplate: eventTypeTemplate,
  EventType: eventType,
  AuditEntry: auditEntry,
  ProvisioningEntry: provisioningEntry,
  ApiToken: apiToken,
  IdentityConnection: identityConnection,
  IdpCertificate: idpCertificate,
  SpKey: spKey,
  VerifiedDomain: verifiedDomain,
  ScimToken: scimToken,
  LoginSession: loginSession,
  SsoExemption: ssoExemption,
  IdentityLink: identityLink,
  Change: change,
  Group: group,
};

export function nounOf(name: NounName): Noun {
  return nouns[name];
}

/** The fields of every noun, for the test that compares them with what a door shows. */
export function nounFields(): Readonly<Record<NounName, readonly string[]>> {
  const entries = Object.values(nouns).map(({ name, members }) => [name, Object.keys(members)]);
  return Object.fromEntries(entries) as Record<NounName, string[]>;
}

import type { ConnectionId, MemberId, OrgId, PersonId, SubscriptionId } from "../../kernel/ids";
import type { Role } from "../../platform/caller";

export const memberStatuses = ["INVITED", "ACTIVE", "SUSPENDED", "REMOVED"] as const;
export type MemberStatus = (typeof memberStatuses)[number];
export const memberOrigins = ["OWNER", "INVITATION", "SCIM", "SAML", "IMPORT", "OPERATOR"] as const;
export type MemberOrigin = (typeof memberOrigins)[number];

/** What is known of a member as a person, all of it belonging to this organization (ruling 4). */
export interface MemberProfile {
  /** As received; compared by its key. */
  readonly userName: string;
  readonly formattedName: string | null;
  readonly familyName: string | null;
  readonly givenName: string | null;
  readonly middleName: string | null;
  readonly honorificPrefix: string | null;
  readonly honorificSuffix: string | null;
  readonly displayName: string | null;
  readonly title: string | null;
  readonly preferredLanguage: string | null;
  readonly locale: string | null;
  readonly timeZone: string | null;
  readonly employeeNumber: string | null;
  readonly costCenter: string | null;
  readonly organizationName: string | null;
  readonly division: string | null;
  readonly department: string | null;
  /** SCIM id of the manager as given: it may name somebody who does not exist yet (SCIM-062). */
  readonly managerRef: string | null;
}

/** One element of a multi-valued attribute: an e-mail, a phone number, a photo, a role … */
export interface MemberValue {
  readonly attribute: string;
  readonly type: string | null;
  readonly value: string | null;
  readonly primary: boolean;
  /** Sub-attributes without a column: display, locality … */
  readonly detail: Readonly<Record<string, unknown>> | null;
}

/** A person in an organization. */
export interface Member extends MemberProfile {
  readonly orgId: OrgId;
  readonly id: MemberId;
  readonly personId: PersonId | null;
  readonly status: MemberStatus;
  readonly role: Role;
  readonly origin: MemberOrigin;
  /** The address by which the member signs in; null where another member had it first (ruling c12). */
  readonly loginEmail: string | null;
  /** Attributes that SCIM stores without effect, by attribute name. */
  readonly scimRest: Readonly<Record<string, unknown>>;
  readonly managedBy: ConnectionId | null;
  /** Whether the member takes a place of the free plan. */
  readonly freePlace: boolean;
  /** The licences held when the member was suspended (ruling c8). */
  readonly seatSnapshot: readonly SubscriptionId[] | null;
  readonly joinedAt: Date | null;
  /** The last suspension; sign-ins from before it stay dead after a reactivation. */
  readonly suspendedAt: Date | null;
  readonly removedAt: Date | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly version: string;
  readonly values: readonly MemberValue[];
}

export const emptyProfile: Omit<MemberProfile, "userName"> = {
  formattedName: null,
  familyName: null,
  givenName: null,
  middleName: null,
  honorificPrefix: null,
  honorificSuffix: null,
  displayName: null,
  title: null,
  preferredLanguage: null,
  locale: null,
  timeZone: null,
  employeeNumber: null,
  costCenter: null,
  organizationName: null,
  division: null,
  department: null,
  managerRef: null,
};

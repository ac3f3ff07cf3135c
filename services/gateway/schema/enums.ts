import { registerEnumType } from "type-graphql";
import { userErrorCodes, shownCode } from "../errors/codes";
import { permissions, roles } from "../../platform/caller";
import { billingModes, planKinds, planSections } from "../../domain/catalog";
import { eventTypeStatuses, sections, slugClashPolicies, templateKinds, templateStatuses } from "../../domain/event-types";
import { invitationStatuses, memberOrigins, memberStatuses } from "../../domain/members";
import { locales, organizationStatuses, seatPolicies } from "../../domain/organizations";
import { shownPermission } from "../../domain/reading";
import { licenceOrigins } from "../../domain/seats";
import { renewalModes, subscriptionSources, subscriptionStatuses } from "../../domain/subscriptions";

type Names<T extends string> = { readonly [K in T]: K };

// Inside some sets are written small; on the wire all names of a schema are large.
const upper = <T extends string>(name: T): Uppercase<T> => name.toUpperCase() as Uppercase<T>;

/** A closed set whose values are their names, on the wire and inside. */
export function closedSet<const T extends string>(name: string, description: string, values: readonly T[]): Names<T> {
  const set = Object.fromEntries(values.map((value) => [value, value])) as Names<T>;
  registerEnumType(set, { name, description });
  return set;
}

export const MemberStatus = closedSet("MemberStatus", "Where a membership stands.", memberStatuses);
export const MemberRole = closedSet("MemberRole", "What a member may do.", roles);
export const MemberOrigin = closedSet("MemberOrigin", "By which way a member came.", memberOrigins);
export const MemberOrder = closedSet("MemberOrder", "How members are ordered.", [
  "CREATED_AT_ASC",
  "CREATED_AT_DESC",
  "NAME_ASC",
  "NAME_DESC",
]);
export const CreationOrder = closedSet("CreationOrder", "By time of creation.", ["CREATED_AT_ASC", "CREATED_AT_DESC"]);
export const AuditOrder = closedSet("AuditOrder", "How audit entries are ordered.", ["AT_DESC", "AT_ASC"]);
export const SeatStatus = closedSet("SeatStatus", "Whether a member has a seat.", ["ASSIGNED", "WAITING", "NONE"]);
export const InvitationStatus = closedSet("InvitationStatus", "Where an invitation stands.", invitationStatuses);
export const OrganizationKind = closedSet("OrganizationKind", "What sort of tenant it is.", [
  "CUSTOMER",
  "CHILD",
  "PARTNER",
  "SHADOW",
]);
export const OrganizationStatus = closedSet("OrganizationStatus", "Whether an organization can be used.", organizationStatuses);
export const Locale = closedSet("Locale", "A language of the product.", locales.map(upper));
export const SeatPolicy = closedSet("SeatPolicy", "What happens when somebody joins and no seat is free.", seatPolicies.map(upper));
export const PlanKind = closedSet("PlanKind", "SERVICE gives a seat, OPTION adds to one.", planKinds);
export const PlanSection = closedSet("PlanSection", "Under which heading a plan stands.", planSections);
export const PlanFamily = closedSet("PlanFamily", "Live or automated events.", ["LIVE", "AUTOMATED"]);
export const PlanEdition = closedSet("PlanEdition", "Edition of a plan.", ["HUB", "HYBRID"]);
export const BillingMode = closedSet("BillingMode", "How often is billed.", billingModes);
export const RenewalMode = closedSet("RenewalMode", "What happens at the end of a term.", renewalModes);
export const SubscriptionSource = closedSet("SubscriptionSource", "Where a pool comes from.", subscriptionSources);
export const SubscriptionStatus = closedSet("SubscriptionStatus", "Where a subscription stands.", subscriptionStatuses);
export const LicenceOrigin = closedSet("LicenceOrigin", "By which way a licence was given.", licenceOrigins);
export const LicenceOrder = closedSet("LicenceOrder", "How licences are ordered.", ["STARTED_AT_ASC"]);
export const ChangeMoment = closedSet("ChangeMoment", "When a change takes effect.", ["NOW", "AT_PERIOD_END", "NONE"]);
export const ChangeLineKind = closedSet("ChangeLineKind", "Charged or credited.", ["CHARGE", "CREDIT"]);
export const EventKind = closedSet("EventKind", "One invitee, or many.", templateKinds);
export const TemplateStatus = closedSet("TemplateStatus", "Whether a template is in use.", templateStatuses);
export const EventTypeStatus = closedSet("EventTypeStatus", "Whether an event type is offered.", eventTypeStatuses);
export const Delivery = closedSet("Delivery", "How an event is held.", [
  "APPOINTMENT",
  "MEETING",
  "WEBINAR",
  "AUTOMATED",
  "ON_DEMAND",
]);
export const Section = closedSet("Section", "A part of a template that is locked or left to members.", sections);
export const SlugClashPolicy = closedSet(
  "SlugClashPolicy",
  "What happens where a member has an event type with the template's path already.",
  slugClashPolicies,
);
export const AuditResult = closedSet("AuditResult", "Whether it was done or denied.", ["DONE", "DENIED"]);
export const SamlState = closedSet("SamlState", "Whether sign-in through a connection works.", [
  "DRAFT",
  "TESTING",
  "ACTIVE",
  "DISABLED",
]);
export const ScimState = closedSet("ScimState", "Whether provisioning through a connection works.", [
  "OFF",
  "PREVIEW",
  "ON",
  "PAUSED",
]);
export const Provisioning = closedSet("Provisioning", "Who may come in by signing in.", ["OFF", "EXISTING", "CREATE"]);
export const Warning = closedSet("Warning", "What was done and yet deserves a look.", [
  "RESEND_BEFORE_RECOMMENDED_DELAY",
]);
export const PermissionName = closedSet(
  "Permission",
  "What somebody may do; the server asks the same question again when it is done.",
  permissions.map(shownPermission),
);
export const UserErrorCode = closedSet(
  "UserErrorCode",
  "Why something was not done; stable, for programs.",
  userErrorCodes.map(shownCode),
);

export type ValueOf<T> = T[keyof T];

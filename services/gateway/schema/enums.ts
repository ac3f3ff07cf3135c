import { registerEnumType } from "type-graphql";
import { userErrorCodes, shownCode } from "../errors/codes";
import { permissions } from "../../platform/caller";
import { shownPermission } from "../../domain/reading";
import { sections, slugClashPolicies } from "../../domain/event-types";

type Names<T extends string> = { readonly [K in T]: K };

/** A closed set whose values are their names, on the wire and inside. */
export function closedSet<const T extends string>(name: string, description: string, values: readonly T[]): Names<T> {
  const set = Object.fromEntries(values.map((value) => [value, value])) as Names<T>;
  registerEnumType(set, { name, description });
  return set;
}

export const MemberStatus = closedSet("MemberStatus", "Where a membership stands.", [
  "INVITED",
  "ACTIVE",
  "SUSPENDED",
  "REMOVED",
]);
export const MemberRole = closedSet("MemberRole", "What a member may do.", ["OWNER", "ADMIN", "MEMBER"]);
export const MemberOrigin = closedSet("MemberOrigin", "By which way a member came.", [
  "OWNER",
  "INVITATION",
  "SCIM",
  "SAML",
  "IMPORT",
  "OPERATOR",
]);
export const MemberOrder = closedSet("MemberOrder", "How members are ordered.", [
  "CREATED_AT_ASC",
  "CREATED_AT_DESC",
  "NAME_ASC",
  "NAME_DESC",
]);
export const CreationOrder = closedSet("CreationOrder", "By time of creation.", ["CREATED_AT_ASC", "CREATED_AT_DESC"]);
export const AuditOrder = closedSet("AuditOrder", "How audit entries are ordered.", ["AT_DESC", "AT_ASC"]);
export const SeatStatus = closedSet("SeatStatus", "Whether a member has a seat.", ["ASSIGNED", "WAITING", "NONE"]);
export const InvitationStatus = closedSet("InvitationStatus", "Where an invitation stands.", [
  "PENDING",
  "ACCEPTED",
  "DECLINED",
  "REVOKED",
]);
export const OrganizationKind = closedSet("OrganizationKind", "What sort of tenant it is.", [
  "CUSTOMER",
  "CHILD",
  "PARTNER",
  "SHADOW",
]);
export const OrganizationStatus = closedSet("OrganizationStatus", "Whether an organization can be used.", [
  "ACTIVE",
  "SUSPENDED",
  "CLOSING",
  "CLOSED",
]);
export const Locale = closedSet("Locale", "A language of the product.", ["EN", "FR"]);
export const SeatPolicy = closedSet("SeatPolicy", "What happens when somebody joins and no seat is free.", [
  "REFUSE",
  "WAITLIST",
  "EXPAND",
  "FREE",
]);
export const PlanKind = closedSet("PlanKind", "SERVICE gives a seat, OPTION adds to one.", ["SERVICE", "OPTION"]);
export const PlanSection = closedSet("PlanSection", "Under which heading a plan stands.", [
  "SERVICE",
  "OPTION",
  "APPLICATION",
  "CUSTOM",
]);
export const PlanFamily = closedSet("PlanFamily", "Live or automated events.", ["LIVE", "AUTOMATED"]);
export const PlanEdition = closedSet("PlanEdition", "Edition of a plan.", ["HUB", "HYBRID"]);
export const BillingMode = closedSet("BillingMode", "How often is billed.", [
  "MONTHLY",
  "ANNUAL",
  "PREPAID_12",
  "PREPAID_36",
  "PREPAID_60",
]);
export const RenewalMode = closedSet("RenewalMode", "What happens at the end of a term.", [
  "NONE",
  "ONCE",
  "ALWAYS",
  "TO_MONTHLY",
]);
export const SubscriptionSource = closedSet("SubscriptionSource", "Where a pool comes from.", [
  "DIRECT",
  "PARTNER",
  "CONTRACT",
  "PARENT",
  "GRANT",
]);
export const SubscriptionStatus = closedSet("SubscriptionStatus", "Where a subscription stands.", [
  "PENDING_PAYMENT",
  "ACTIVE",
  "PAST_DUE",
  "SUSPENDED",
  "FROZEN",
  "ENDED",
]);
export const LicenceOrigin = closedSet("LicenceOrigin", "By which way a licence was given.", [
  "DEFAULT",
  "MANUAL",
  "AUTO",
  "IMPORT",
  "SCIM",
  "SAML",
]);
export const LicenceOrder = closedSet("LicenceOrder", "How licences are ordered.", ["STARTED_AT_ASC"]);
export const ChangeMoment = closedSet("ChangeMoment", "When a change takes effect.", ["NOW", "AT_PERIOD_END", "NONE"]);
export const ChangeLineKind = closedSet("ChangeLineKind", "Charged or credited.", ["CHARGE", "CREDIT"]);
export const EventKind = closedSet("EventKind", "One invitee, or many.", ["ONE_ON_ONE", "GROUP"]);
export const TemplateStatus = closedSet("TemplateStatus", "Whether a template is in use.", ["ACTIVE", "ARCHIVED"]);
export const EventTypeStatus = closedSet("EventTypeStatus", "Whether an event type is offered.", [
  "ACTIVE",
  "HIDDEN",
  "ARCHIVED",
]);
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

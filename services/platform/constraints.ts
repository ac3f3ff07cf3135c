import { PlenumError, type ErrorCode, type Facts } from "../kernel/errors";

interface Meaning {
  readonly code: ErrorCode;
  readonly message: string;
  readonly facts?: Facts;
}

/**
 * What it means to a person when a constraint says no. Every unique, check and foreign key that input can trip over
 * stands here; the house test compares this table with pg_constraint, and the second list holds those that only a
 * fault of ours can violate.
 */
export const meaningOfConstraints: Readonly<Record<string, Meaning>> = {
  directory_name_once: { code: "duplicate", message: "this name is taken" },
  member_user_name_once: {
    code: "duplicate",
    message: "another member has this user name",
    facts: { field: "userName" },
  },
  member_login_email_once: {
    code: "already_member",
    message: "a member with this e-mail address exists",
    facts: { field: "email" },
  },
  member_person_once: { code: "already_member", message: "this person is a member already" },
  member_group_name_once: {
    code: "duplicate",
    message: "another group has this name",
    facts: { field: "displayName" },
  },
  organization_keeps_an_owner: { code: "last_owner", message: "an organization keeps at least one owner" },
  organization_free_members_within_limit: {
    code: "free_member_limit_reached",
    message: "every place of the free plan is taken",
  },
  subscription_used_within_quantity: { code: "seats_exhausted", message: "every paid seat is taken" },
  subscription_one_default: { code: "conflict", message: "another default subscription was set at the same moment" },
  licence_assignment_one_service: {
    code: "service_already_assigned",
    message: "the member holds a seat already",
  },
  licence_assignment_once_per_pool: {
    code: "service_already_assigned",
    message: "the member holds a licence of this subscription already",
  },
  invitation_one_pending: { code: "conflict", message: "an invitation is pending for this member" },
  provisioning_preview_one_open: { code: "conflict", message: "the connection is in a preview already" },
  event_type_template_slug_once: {
    code: "duplicate",
    message: "another template has this slug",
    facts: { field: "slug" },
  },
  event_type_template_capacity_fits: {
    code: "invalid",
    message: "a group event takes 2 invitees or more, a one-on-one exactly one",
    facts: { field: "capacity" },
  },
  event_type_slug_once: { code: "duplicate", message: "another event type has this slug", facts: { field: "slug" } },
  person_credential_external_once: { code: "duplicate", message: "this passkey is registered already" },
  verified_domain_name_once: {
    code: "duplicate",
    message: "this domain is listed already",
    facts: { field: "domain" },
  },
  idp_certificate_fingerprint_once: { code: "duplicate", message: "this certificate is listed already" },
  group_rule_target_once: { code: "duplicate", message: "the group has this rule already" },
  sso_replay_once: { code: "sso_refused", message: "this assertion was used before", facts: { reason: "replayed" } },
};

/** The refusal behind a constraint's name, or nothing where only a fault of ours violates it. */
export function meaningOfConstraint(name: string | undefined, cause: unknown): PlenumError | undefined {
  const meaning = name === undefined ? undefined : meaningOfConstraints[name];
  return meaning && new PlenumError(meaning.code, meaning.message, meaning.facts ?? {}, { cause });
}

// Asked about in the same unit of work before the row is written: whoever meets them all the same has met a race, and
// asks again. What is free for the asking only there, a user name, is refused at once.
const askedBefore: ReadonlySet<string> = new Set(["member_login_email_once", "member_person_once"]);

/** Whether a violation of this constraint says that somebody else came in between. */
export function isAskedBefore(name: string | undefined): boolean {
  return name !== undefined && askedBefore.has(name);
}

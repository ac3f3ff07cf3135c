/**
 * The first wall of tenancy (decision 16a): every statement on a tenant table names `org_id`, so that Citus can route it
 * and a mistake in the second wall (row security) leaks nothing. Every database of the suite watches with this.
 */
const lobby = new Set([
  "directory",
  "agenda",
  "person",
  "person_email",
  "person_member",
  "person_credential",
  "sign_in_link",
  "outgoing_mail",
  "rate_window",
  "instance_setting",
  "schema_migration",
  "plan",
  "plan_price",
  "plan_option",
  "plan_feature",
]);

const tenantTables = [
  "organization",
  "organization_entitlement",
  "entitlement_grant",
  "data_key",
  "domain_event",
  "event_delivery",
  "audit_entry",
  "audit_personal",
  "audit_head",
  "idempotency_key",
  "subscription",
  "member",
  "member_value",
  "licence_assignment",
  "seat_wait",
  "invitation",
  "role_grant",
  "member_group",
  "group_member",
  "group_rule",
  "group_rule_effect",
  "identity_connection",
  "idp_certificate",
  "sp_key",
  "notice_sent",
  "verified_domain",
  "sso_request",
  "sso_replay",
  "sso_outcome",
  "sso_identity",
  "sso_link",
  "login_session",
  "api_token",
  "scim_token",
  "oauth_client",
  "oauth_assertion",
  "sso_exemption",
  "saml_test_run",
  "credential_challenge",
  "provisioning_link",
  "provisioning_entry",
  "provisioning_run",
  "provisioning_undo",
  "provisioning_preview",
  "event_type_template",
  "event_type_template_revision",
  "event_type_assignment",
  "event_type",
  "path_redirect",
] as const;

/** Tables without a tenant, for the test that compares both lists with the catalogue. */
export const tablesWithoutTenant: ReadonlySet<string> = lobby;
export const tablesOfTenants: readonly string[] = tenantTables;

const naming = new RegExp(`\\b(?:from|join|into|update)\\s+"?(${tenantTables.join("|")})"?\\b`, "gi");

/** Throws where a statement reaches a tenant table without naming the organization. */
export function refuseUnscoped(text: string): void {
  const tables = [...text.matchAll(naming)].map((match) => match[1]);
  if (tables.length > 0 && !/\borg_id\b/.test(text)) {
    throw new Error(`a statement on ${tables.join(", ")} names no org_id: ${text}`);
  }
}

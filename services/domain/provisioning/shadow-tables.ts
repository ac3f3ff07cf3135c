interface CopiedTable {
  readonly name: string;
  /** Which rows; the table's row is `t`. Absent: all of the organization. */
  readonly rows?: string;
  /** What is another value in the copy, as SQL: `$1` is the organization, `$2` the copy. */
  readonly instead?: string;
}

/**
 * What a rehearsal needs of an organization, in an order in which a row comes after those that it refers to. Nothing
 * by which somebody signs in or is written to, no secret, no history.
 */
export const copiedTables: readonly CopiedTable[] = [
  {
    name: "organization",
    instead: `'kind', 'SHADOW', 'parent_org_id', $1::uuid, 'slug', 'preview', 'sso_policy', 'OFF', 'sso_paused', false`,
  },
  { name: "organization_entitlement" },
  { name: "subscription", rows: "t.status <> 'ENDED'", instead: "'next_renewal_at', null" },
  {
    name: "identity_connection",
    rows: "t.deleted_at is null",
    instead: "'preview_org_id', null, 'metadata_url', null, 'metadata_due_at', null",
  },
  { name: "member", rows: "t.status <> 'REMOVED'", instead: "'person_id', null" },
  {
    name: "member_value",
    rows: "exists (select from member m where m.org_id = $1 and m.id = t.member_id and m.status <> 'REMOVED')",
  },
  { name: "licence_assignment", rows: "t.ended_at is null" },
  { name: "seat_wait" },
  { name: "role_grant" },
  { name: "member_group", rows: "t.deleted_at is null" },
  { name: "group_member" },
  { name: "group_rule" },
  { name: "group_rule_effect" },
  { name: "provisioning_link" },
];

/** Tables that a copy does without; a new table stands in one of the two lists (a test asks). */
export const uncopiedTables: readonly string[] = [
  ...["entitlement_grant", "data_key", "domain_event", "event_delivery", "audit_entry", "audit_personal", "audit_head"],
  ...["idempotency_key", "invitation", "idp_certificate", "sp_key", "notice_sent", "verified_domain", "sso_request"],
  ...["sso_replay", "sso_outcome", "sso_identity", "sso_link", "login_session", "api_token", "scim_token"],
  ...[
    "oauth_client",
    "oauth_assertion",
    "sso_exemption",
    "saml_test_run",
    "credential_challenge",
    "provisioning_entry",
  ],
  ...["provisioning_run", "provisioning_undo", "provisioning_preview", "event_type_template"],
  ...["event_type_template_revision", "event_type_assignment", "event_type", "path_redirect"],
];

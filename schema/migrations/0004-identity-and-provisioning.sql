create table identity_connection (
  org_id           uuid not null references organization,
  id               uuid not null,
  name             text not null,
  saml_state       text not null default 'DRAFT',
  scim_state       text not null default 'OFF',
  preset           text not null default 'tolerant',
  switches         jsonb not null default '{}',
  idp_entity_id    text,
  sso_url          text,
  sso_binding      text,
  slo_url          text,
  slo_binding      text,
  sp_entity_id     text,
  sign_requests    boolean not null default false,
  signature_policy text not null default 'either',
  require_encryption boolean not null default false,
  skew_seconds     integer not null default 60,
  idp_initiated    text not null default 'off',
  provisioning     text not null default 'create',
  mapping          jsonb not null default '{}',
  role_ceiling     text not null default 'ADMIN',
  options          jsonb not null default '{}',
  metadata_url     text,
  metadata_valid_until timestamptz(3),
  preview_org_id   uuid,
  last_seen_at     timestamptz(3),
  vouched_by_operator boolean not null default false,
  deleted_at       timestamptz(3),
  created_at       timestamptz(3) not null,
  updated_at       timestamptz(3) not null,
  version          bigint not null default 1,
  constraint identity_connection_once primary key (org_id, id),
  constraint identity_connection_saml_state_known check (saml_state in ('DRAFT', 'TESTING', 'ACTIVE', 'DISABLED')),
  constraint identity_connection_scim_state_known check (scim_state in ('OFF', 'PREVIEW', 'ON', 'PAUSED')),
  constraint identity_connection_preset_known check (
    preset in ('strict', 'tolerant', 'entra', 'okta', 'onelogin', 'ping', 'interop')),
  constraint identity_connection_binding_known check (sso_binding in ('REDIRECT', 'POST')),
  constraint identity_connection_slo_binding_known check (slo_binding in ('REDIRECT', 'POST')),
  constraint identity_connection_signature_policy_known check (
    signature_policy in ('either', 'assertion', 'response', 'both')),
  constraint identity_connection_skew_in_range check (skew_seconds between 0 and 300),
  constraint identity_connection_idp_initiated_known check (idp_initiated in ('off', 'restart', 'accept')),
  constraint identity_connection_provisioning_known check (provisioning in ('off', 'existing', 'create')),
  constraint identity_connection_ceiling_known check (role_ceiling in ('ADMIN', 'MEMBER'))
);
create index identity_connection_by_creation on identity_connection (org_id, created_at, id) where deleted_at is null;
call make_tenant_table('identity_connection');

create table idp_certificate (
  org_id        uuid not null,
  id            uuid not null,
  connection_id uuid not null,
  sha256        bytea not null,
  pem           text not null,
  subject       text not null,
  key_type      text not null,
  key_bits      integer not null,
  valid         tstzrange not null,
  status        text not null,
  created_at    timestamptz(3) not null,
  constraint idp_certificate_once primary key (org_id, id),
  constraint idp_certificate_of_connection foreign key (org_id, connection_id)
    references identity_connection (org_id, id),
  constraint idp_certificate_fingerprint_once unique (org_id, connection_id, sha256),
  constraint idp_certificate_status_known check (status in ('PENDING', 'LIVE', 'RETIRED', 'COMPROMISED'))
);
call make_tenant_table('idp_certificate');

create table sp_key (
  org_id          uuid not null,
  id              uuid not null,
  connection_id   uuid not null,
  use             text not null,
  status          text not null,
  certificate     text not null,
  private_key_enc bytea not null,
  valid           tstzrange not null,
  created_at      timestamptz(3) not null,
  constraint sp_key_once primary key (org_id, id),
  constraint sp_key_of_connection foreign key (org_id, connection_id) references identity_connection (org_id, id),
  constraint sp_key_use_known check (use in ('SIGNING', 'ENCRYPTION')),
  constraint sp_key_status_known check (status in ('NEXT', 'PUBLISHED', 'ACTIVE', 'RETIRED'))
);
create unique index sp_key_one_active on sp_key (org_id, connection_id, use) where status = 'ACTIVE';
call make_tenant_table('sp_key');

create table notice_sent (
  org_id     uuid not null,
  subject_id uuid not null,
  threshold  text collate "C" not null,
  sent_at    timestamptz(3) not null,
  constraint notice_sent_once primary key (org_id, subject_id, threshold)
);
call make_tenant_table('notice_sent');

create table verified_domain (
  org_id        uuid not null references organization,
  id            uuid not null,
  domain        text collate "C" not null,
  proof         text not null,
  status        text not null,
  verified_by   text,
  verified_at   timestamptz(3),
  checked_at    timestamptz(3),
  failures      integer not null default 0,
  subdomains    boolean not null default false,
  connection_id uuid,
  created_at    timestamptz(3) not null,
  constraint verified_domain_once primary key (org_id, id),
  constraint verified_domain_name_once unique (org_id, domain),
  constraint verified_domain_status_known check (status in ('PENDING', 'VERIFIED', 'LAPSED')),
  constraint verified_domain_proof_known check (verified_by in ('DNS', 'OPERATOR')),
  constraint verified_domain_of_connection foreign key (org_id, connection_id)
    references identity_connection (org_id, id)
);
call make_tenant_table('verified_domain');

create table sso_request (
  org_id        uuid not null,
  id            uuid not null,
  connection_id uuid not null,
  request_id    text collate "C" not null,
  relay_state   text collate "C" not null,
  purpose       text not null,
  browser_hash  bytea not null,
  return_path   text not null,
  started_by    uuid,
  status        text not null,
  failures      integer not null default 0,
  created_at    timestamptz(3) not null,
  expires_at    timestamptz(3) not null,
  constraint sso_request_once primary key (org_id, id),
  constraint sso_request_id_once unique (org_id, connection_id, request_id),
  constraint sso_request_of_connection foreign key (org_id, connection_id) references identity_connection (org_id, id),
  constraint sso_request_purpose_known check (purpose in ('LOGIN', 'TEST', 'REAUTH', 'LINK')),
  constraint sso_request_status_known check (status in ('PENDING', 'CONSUMED', 'BURNT'))
);
create index sso_request_expired on sso_request (org_id, expires_at);
call make_tenant_table('sso_request');

create table sso_replay (
  org_id         uuid not null,
  connection_id  uuid not null,
  assertion_hash bytea not null,
  expires_at     timestamptz(3) not null,
  constraint sso_replay_once primary key (org_id, connection_id, assertion_hash)
);
create index sso_replay_expired on sso_replay (org_id, expires_at);
call make_tenant_table('sso_replay');

create table sso_outcome (
  org_id        uuid not null,
  code_hash     bytea not null,
  connection_id uuid not null,
  request_id    uuid,
  facts_enc     bytea not null,
  created_at    timestamptz(3) not null,
  expires_at    timestamptz(3) not null,
  used_at       timestamptz(3),
  constraint sso_outcome_once primary key (org_id, code_hash)
);
create index sso_outcome_expired on sso_outcome (org_id, expires_at);
call make_tenant_table('sso_outcome');

create table sso_identity (
  org_id         uuid not null,
  id             uuid not null,
  connection_id  uuid not null,
  idp_entity_id  text collate "C" not null,
  name_id_format text collate "C" not null,
  name_id_key    text collate "C" not null,
  member_id      uuid not null,
  blocked        boolean not null default false,
  created_at     timestamptz(3) not null,
  last_used_at   timestamptz(3),
  constraint sso_identity_once primary key (org_id, id),
  constraint sso_identity_key_once unique (org_id, connection_id, idp_entity_id, name_id_format, name_id_key),
  constraint sso_identity_of_member foreign key (org_id, member_id) references member (org_id, id)
);
create index sso_identity_of_member_index on sso_identity (org_id, member_id);
call make_tenant_table('sso_identity');

create table login_session (
  org_id        uuid not null,
  id            uuid not null,
  member_id     uuid not null,
  secret_hash   bytea not null,
  method        text not null,
  connection_id uuid,
  name_id_key   text collate "C",
  name_id       jsonb,
  session_index text collate "C",
  auth_context  text,
  auth_at       timestamptz(3) not null,
  idle_until    timestamptz(3) not null,
  ends_at       timestamptz(3) not null,
  ended_at      timestamptz(3),
  end_reason    text,
  created_at    timestamptz(3) not null,
  constraint login_session_once primary key (org_id, id),
  constraint login_session_secret_once unique (org_id, secret_hash),
  constraint login_session_of_member foreign key (org_id, member_id) references member (org_id, id),
  constraint login_session_method_known check (method in ('LINK', 'SAML', 'BREAK_GLASS'))
);
create index login_session_open_of_member on login_session (org_id, member_id) where ended_at is null;
create index login_session_open_of_connection on login_session (org_id, connection_id, name_id_key) where ended_at is null;
call make_tenant_table('login_session');

create table api_token (
  org_id       uuid not null references organization,
  id           uuid not null,
  name         text not null,
  secret_hash  bytea not null,
  member_id    uuid,
  role         text not null,
  scopes       jsonb not null default '[]',
  expires_at   timestamptz(3) not null,
  last_used_at timestamptz(3),
  revoked_at   timestamptz(3),
  created_at   timestamptz(3) not null,
  constraint api_token_once primary key (org_id, id),
  constraint api_token_secret_once unique (org_id, secret_hash),
  constraint api_token_of_member foreign key (org_id, member_id) references member (org_id, id),
  constraint api_token_role_known check (role in ('OWNER', 'ADMIN', 'MEMBER'))
);
create index api_token_open_of_member on api_token (org_id, member_id) where revoked_at is null;
call make_tenant_table('api_token');

create table scim_token (
  org_id        uuid not null,
  id            uuid not null,
  connection_id uuid not null,
  name          text not null,
  kind          text not null,
  secret_hash   bytea not null,
  scopes        jsonb not null,
  ip_allow      jsonb not null default '[]',
  expires_at    timestamptz(3),
  last_used_at  timestamptz(3),
  revoked_at    timestamptz(3),
  created_at    timestamptz(3) not null,
  constraint scim_token_once primary key (org_id, id),
  constraint scim_token_secret_once unique (org_id, secret_hash),
  constraint scim_token_of_connection foreign key (org_id, connection_id) references identity_connection (org_id, id),
  constraint scim_token_kind_known check (kind in ('STATIC', 'OAUTH'))
);
call make_tenant_table('scim_token');

create table oauth_client (
  org_id        uuid not null,
  id            uuid not null,
  connection_id uuid not null,
  client_id     text collate "C" not null,
  secret_hash   bytea,
  jwks          jsonb,
  scopes        jsonb not null default '["scim.read","scim.write"]',
  revoked_at    timestamptz(3),
  created_at    timestamptz(3) not null,
  constraint oauth_client_once primary key (org_id, id),
  constraint oauth_client_id_once unique (org_id, client_id),
  constraint oauth_client_of_connection foreign key (org_id, connection_id) references identity_connection (org_id, id)
);
call make_tenant_table('oauth_client');

create table sso_exemption (
  org_id     uuid not null references organization,
  kind       text not null,
  subject_id uuid not null,
  created_at timestamptz(3) not null,
  constraint sso_exemption_once primary key (org_id, kind, subject_id),
  constraint sso_exemption_kind_known check (kind in ('BREAK_GLASS', 'PERSON', 'GUESTS', 'API_TOKENS'))
);
call make_tenant_table('sso_exemption');

create table saml_test_run (
  org_id        uuid not null,
  id            uuid not null,
  connection_id uuid not null,
  started_by    uuid not null,
  report        jsonb not null,
  response_enc  bytea,
  created_at    timestamptz(3) not null,
  purge_after   timestamptz(3) not null,
  constraint saml_test_run_once primary key (org_id, id),
  constraint saml_test_run_of_connection foreign key (org_id, connection_id) references identity_connection (org_id, id)
);
call make_tenant_table('saml_test_run');

create table provisioning_link (
  org_id        uuid not null,
  connection_id uuid not null,
  kind          text not null,
  resource_id   uuid not null,
  external_id   text collate "C",
  owned_fields  jsonb not null default '[]',
  first_seen_at timestamptz(3) not null,
  last_seen_at  timestamptz(3) not null,
  constraint provisioning_link_once primary key (org_id, connection_id, kind, resource_id),
  constraint provisioning_link_kind_known check (kind in ('MEMBER', 'GROUP')),
  constraint provisioning_link_of_connection foreign key (org_id, connection_id)
    references identity_connection (org_id, id)
);
create index provisioning_link_by_external_id on provisioning_link (org_id, connection_id, kind, external_id);
call make_tenant_table('provisioning_link');

create table provisioning_entry (
  org_id        uuid not null,
  at            timestamptz(3) not null,
  id            uuid not null,
  connection_id uuid not null,
  token_id      uuid,
  token_name    text,
  method        text not null,
  path          text not null,
  resource_kind text,
  resource_id   uuid,
  request_enc   bytea,
  status        integer not null,
  scim_type     text,
  detail        text,
  coercions     jsonb not null default '[]',
  warnings      jsonb not null default '[]',
  diff          jsonb,
  seat_effect   text,
  duration_ms   integer not null,
  user_agent    text,
  request_id    text not null,
  replay_of     uuid,
  run_id        uuid,
  constraint provisioning_entry_once primary key (org_id, at, id)
) partition by range (at);
create table provisioning_entry_rest partition of provisioning_entry default;
create index provisioning_entry_by_connection on provisioning_entry (org_id, connection_id, at, id);
create index provisioning_entry_by_resource on provisioning_entry (org_id, resource_id, at, id);
call make_tenant_table('provisioning_entry');

create table provisioning_run (
  org_id        uuid not null,
  id            uuid not null,
  connection_id uuid not null,
  started_at    timestamptz(3) not null,
  ends_at       timestamptz(3) not null,
  baseline      integer not null,
  hits          integer not null,
  state         text not null,
  updated_at    timestamptz(3) not null,
  constraint provisioning_run_once primary key (org_id, id),
  constraint provisioning_run_of_connection foreign key (org_id, connection_id)
    references identity_connection (org_id, id),
  constraint provisioning_run_state_known check (state in ('WATCHING', 'ALERTED', 'BLOCKED', 'APPROVED', 'UNDONE'))
);
create index provisioning_run_by_connection on provisioning_run (org_id, connection_id, started_at);
call make_tenant_table('provisioning_run');

create table provisioning_undo (
  org_id    uuid not null,
  run_id    uuid not null,
  member_id uuid not null,
  before    jsonb not null,
  undone_at timestamptz(3),
  constraint provisioning_undo_once primary key (org_id, run_id, member_id),
  constraint provisioning_undo_of_run foreign key (org_id, run_id) references provisioning_run (org_id, id)
);
call make_tenant_table('provisioning_undo');

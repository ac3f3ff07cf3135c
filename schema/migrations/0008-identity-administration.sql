-- How often, and with what trust, a connection's metadata is fetched again (SAML-06).
alter table identity_connection
  add column metadata_mode       text not null default 'ask',
  add column metadata_checked_at timestamptz(3),
  add column metadata_due_at     timestamptz(3),
  add column metadata_failures   integer not null default 0,
  add constraint identity_connection_metadata_mode_known check (metadata_mode in ('ask', 'auto'));

-- Since when the identity provider's metadata no longer lists a certificate; never retired before its grace is over.
alter table idp_certificate add column absent_since timestamptz(3);

alter table verified_domain add column lapsed_at timestamptz(3);

-- Whether every check of a test run passed: enforcement asks for one by the administrator who switches it on (SAML-81).
alter table saml_test_run add column passed boolean not null default false;

-- At most three owners hold break-glass, moved by one conditional update (ruling 8).
alter table organization
  add column break_glass_owners integer not null default 0,
  add constraint organization_break_glass_in_range check (break_glass_owners between 0 and 3);

-- Lobby: what a person proves themselves with when their identity provider does not work. Registered while signed in to
-- one organization, and good for that one alone: another organization's identity provider could sign the person in
-- there, so a credential from there must open nothing here (SAML-63).
create table person_credential (
  person_id    uuid not null references person (id),
  id           uuid not null,
  org_id       uuid not null,
  kind         text not null,
  label        text not null,
  external_id  text collate "C",
  public_key   bytea,
  sign_count   bigint not null default 0,
  transports   jsonb not null default '[]',
  secret_enc   bytea,
  secret_hash  bytea,
  last_step    bigint not null default 0,
  confirmed_at timestamptz(3),
  used_at      timestamptz(3),
  created_at   timestamptz(3) not null,
  constraint person_credential_once primary key (person_id, id),
  constraint person_credential_kind_known check (kind in ('PASSKEY', 'TOTP', 'RECOVERY'))
);
create unique index person_credential_external_once on person_credential (org_id, external_id) where external_id is not null;
create index person_credential_of_organization on person_credential (org_id, person_id);

-- A challenge that one passkey answers once.
create table credential_challenge (
  org_id      uuid not null references organization,
  id          uuid not null,
  purpose     text not null,
  session_id  uuid,
  challenge   text collate "C" not null,
  created_at  timestamptz(3) not null,
  expires_at  timestamptz(3) not null,
  used_at     timestamptz(3),
  constraint credential_challenge_once primary key (org_id, id),
  constraint credential_challenge_purpose_known check (purpose in ('REGISTER', 'SIGN_IN'))
);
create index credential_challenge_expired on credential_challenge (org_id, expires_at);
call make_tenant_table('credential_challenge');

-- How many rules stand on a group: whoever changes its members reads it with the group's row, so that groups without
-- rules, which are most, cost nothing (SCIM-186).
alter table member_group add column rules integer not null default 0;

-- What rules gave to a member, so that leaving the group takes back that and nothing else.
create table group_rule_effect (
  org_id     uuid not null,
  member_id  uuid not null,
  kind       text not null,
  value      text collate "C" not null,
  -- What the member had before: a role, the code of a plan, or null for no seat.
  before     text collate "C",
  given_at   timestamptz(3) not null,
  constraint group_rule_effect_once primary key (org_id, member_id, kind, value),
  constraint group_rule_effect_of_member foreign key (org_id, member_id) references member (org_id, id) on delete cascade,
  constraint group_rule_effect_kind_known check (kind in ('ROLE', 'SERVICE', 'OPTION'))
);
call make_tenant_table('group_rule_effect');

-- Deprovisioning in bulk: what a connection may do in an hour before somebody is asked (SCIM-190), which fields it
-- holds (SCIM-191), and what becomes of its members when it goes (SCIM-192).
alter table identity_connection
  add column guard_mode     text not null default 'alert',
  add column guard_minimum  integer not null default 10,
  add column guard_percent  integer not null default 20,
  add column managed_fields jsonb not null default
    '["userName","formattedName","familyName","givenName","displayName","title","department"]',
  add column settlement     text,
  add constraint identity_connection_guard_mode_known check (guard_mode in ('off', 'alert', 'block')),
  add constraint identity_connection_guard_minimum_in_range check (guard_minimum between 1 and 1000000),
  add constraint identity_connection_guard_percent_in_range check (guard_percent between 1 and 100),
  add constraint identity_connection_settlement_known check (settlement in ('KEEP', 'DEACTIVATE'));

alter table provisioning_run
  add column threshold  integer not null default 0,
  add column alerted_at timestamptz(3),
  add column decided_at timestamptz(3);
create unique index provisioning_run_one_watching on provisioning_run (org_id, connection_id) where state = 'WATCHING';

alter table provisioning_undo
  add column at      timestamptz(3) not null default now(),
  add column outcome text,
  add constraint provisioning_undo_outcome_known
    check (outcome in ('RESTORED', 'WAITING', 'NAME_TAKEN', 'CHANGED_SINCE', 'GONE'));
alter table provisioning_undo alter column at drop default;
create index provisioning_undo_in_time on provisioning_undo (org_id, run_id, at);

-- Clients that get short-lived tokens by OAuth 2.0 client credentials (SCIM-042).
alter table oauth_client
  add column name             text not null default '',
  add column ip_allow         jsonb not null default '[]',
  add column old_secret_hash  bytea,
  add column old_secret_until timestamptz(3),
  add column last_used_at     timestamptz(3);
alter table scim_token
  add column client_id uuid,
  -- No row has one yet, and a look at the rows would need a tenant: the key holds for every row from here on.
  add constraint scim_token_of_client foreign key (org_id, client_id) references oauth_client (org_id, id) not valid;
create index scim_token_by_client on scim_token (org_id, client_id) where client_id is not null;

-- Assertions by which clients have proved themselves: none counts twice, on whatever replica (RFC 7523 §3, item 7).
create table oauth_assertion (
  org_id     uuid not null,
  client_id  uuid not null,
  jti_hash   bytea not null,
  expires_at timestamptz(3) not null,
  constraint oauth_assertion_once primary key (org_id, client_id, jti_hash),
  constraint oauth_assertion_of_client foreign key (org_id, client_id) references oauth_client (org_id, id)
);
create index oauth_assertion_expired on oauth_assertion (org_id, expires_at);
call make_tenant_table('oauth_assertion');

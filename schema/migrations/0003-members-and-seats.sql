create table subscription (
  org_id          uuid not null references organization,
  id              uuid not null,
  plan_code       text collate "C" not null references plan (code),
  kind            text not null,
  section         text not null,
  source          text not null,
  contract_link_id uuid,
  quantity        integer not null,
  next_quantity   integer,
  target_quantity integer,
  used            integer not null default 0,
  next_plan_code  text collate "C" references plan (code),
  status          text not null,
  cancel_at       timestamptz(3),
  billing_mode    text not null,
  cycle_kind      text not null,
  billing_zone    text not null,
  anchor          timestamptz(3) not null,
  period          tstzrange not null,
  term_end        timestamptz(3),
  renewal_mode    text not null,
  next_renewal_at timestamptz(3),
  is_default      boolean not null default false,
  price_snapshot  jsonb not null,
  po_number       text,
  created_at      timestamptz(3) not null,
  updated_at      timestamptz(3) not null,
  version         bigint not null default 1,
  constraint subscription_once primary key (org_id, id),
  constraint subscription_kind_once unique (org_id, id, kind),
  constraint subscription_kind_known check (kind in ('SERVICE', 'OPTION')),
  constraint subscription_section_known check (section in ('SERVICE', 'OPTION', 'APPLICATION', 'CUSTOM')),
  constraint subscription_source_known check (source in ('DIRECT', 'PARTNER', 'CONTRACT', 'PARENT', 'GRANT')),
  constraint subscription_status_known check (
    status in ('PENDING_PAYMENT', 'ACTIVE', 'PAST_DUE', 'SUSPENDED', 'FROZEN', 'ENDED')),
  constraint subscription_billing_mode_known check (
    billing_mode in ('MONTHLY', 'ANNUAL', 'PREPAID_12', 'PREPAID_36', 'PREPAID_60')),
  constraint subscription_cycle_known check (
    cycle_kind in ('CALENDAR_MONTH', 'CALENDAR_YEAR', 'DAYS_30', 'DAYS_365',
                   'PREPAID_12_MONTHS', 'PREPAID_36_MONTHS', 'PREPAID_60_MONTHS')),
  constraint subscription_renewal_mode_known check (renewal_mode in ('NONE', 'ONCE', 'ALWAYS', 'TO_MONTHLY')),
  constraint subscription_quantity_not_negative check (quantity >= 0 and coalesce(next_quantity, 0) >= 0),
  constraint subscription_used_within_quantity check (
    used >= 0 and used <= least(quantity, coalesce(next_quantity, quantity))),
  constraint subscription_default_is_service check (not is_default or kind = 'SERVICE'),
  constraint subscription_period_is_half_open check (
    not isempty(period) and lower_inc(period) and not upper_inc(period))
);
create unique index subscription_one_default on subscription (org_id) where is_default and status <> 'ENDED';
create index subscription_by_plan on subscription (org_id, plan_code, id) where status <> 'ENDED';
call make_tenant_table('subscription');

create table member (
  org_id             uuid not null references organization,
  id                 uuid not null,
  person_id          uuid,
  status             text not null,
  role               text not null,
  origin             text not null,
  user_name          text not null,
  user_name_key      text collate "C" not null,
  login_email        text,
  login_email_norm   text collate "C",
  formatted_name     text,
  family_name        text,
  given_name         text,
  middle_name        text,
  honorific_prefix   text,
  honorific_suffix   text,
  display_name       text,
  name_key           text collate "C" not null default '',
  title              text,
  preferred_language text,
  locale             text,
  time_zone          text,
  employee_number    text,
  cost_center        text,
  organization_name  text,
  division           text,
  department         text,
  manager_ref        text,
  scim_rest          jsonb not null default '{}',
  managed_by         uuid,
  free_place         boolean not null default false,
  seat_snapshot      jsonb,
  joined_at          timestamptz(3),
  suspended_at       timestamptz(3),
  removed_at         timestamptz(3),
  purge_after        timestamptz(3),
  created_at         timestamptz(3) not null,
  updated_at         timestamptz(3) not null,
  version            bigint not null default 1,
  constraint member_once primary key (org_id, id),
  constraint member_status_known check (status in ('INVITED', 'ACTIVE', 'SUSPENDED', 'REMOVED')),
  constraint member_role_known check (role in ('OWNER', 'ADMIN', 'MEMBER')),
  constraint member_origin_known check (origin in ('OWNER', 'INVITATION', 'SCIM', 'SAML', 'IMPORT', 'OPERATOR')),
  constraint member_owner_is_active check (role <> 'OWNER' or status = 'ACTIVE'),
  constraint member_removed_has_date check ((status = 'REMOVED') = (removed_at is not null))
);
create unique index member_user_name_once on member (org_id, user_name_key) where status <> 'REMOVED';
create unique index member_login_email_once on member (org_id, login_email_norm)
  where status <> 'REMOVED' and login_email_norm is not null;
create unique index member_person_once on member (org_id, person_id) where status <> 'REMOVED' and person_id is not null;
-- The pages of the members list: live members by time of creation, by name.
create index member_by_creation on member (org_id, created_at, id) where status <> 'REMOVED';
create index member_by_name on member (org_id, name_key, id) where status <> 'REMOVED';
create index member_by_status on member (org_id, status, created_at, id);
create index member_by_manager on member (org_id, manager_ref) where manager_ref is not null;
call make_tenant_table('member');

create table member_value (
  org_id     uuid not null,
  member_id  uuid not null,
  attribute  text collate "C" not null,
  ordinal    integer not null,
  type       text,
  value      text,
  value_key  text collate "C",
  is_primary boolean not null default false,
  detail     jsonb,
  constraint member_value_once primary key (org_id, member_id, attribute, ordinal),
  constraint member_value_of_member foreign key (org_id, member_id) references member (org_id, id) on delete cascade
);
create unique index member_value_one_primary on member_value (org_id, member_id, attribute) where is_primary;
create index member_value_by_key on member_value (org_id, attribute, value_key);
call make_tenant_table('member_value');

create table licence_assignment (
  org_id          uuid not null,
  id              uuid not null,
  subscription_id uuid not null,
  kind            text not null,
  member_id       uuid not null,
  started_at      timestamptz(3) not null,
  ended_at        timestamptz(3),
  end_reason      text,
  origin          text not null,
  frozen          boolean not null default false,
  constraint licence_assignment_once primary key (org_id, id),
  constraint licence_assignment_of_pool foreign key (org_id, subscription_id, kind)
    references subscription (org_id, id, kind),
  constraint licence_assignment_of_member foreign key (org_id, member_id) references member (org_id, id),
  constraint licence_assignment_ends_after_start check (ended_at >= started_at),
  constraint licence_assignment_end_has_reason check ((ended_at is null) = (end_reason is null)),
  constraint licence_assignment_end_reason_known check (
    end_reason in ('MANUAL', 'REPLACED', 'MEMBER_REMOVED', 'SUSPENDED', 'POOL_ENDED', 'REVOKED_BY_CONTRACT')),
  constraint licence_assignment_origin_known check (
    origin in ('DEFAULT', 'MANUAL', 'AUTO', 'IMPORT', 'SCIM', 'SAML'))
);
create unique index licence_assignment_one_service on licence_assignment (org_id, member_id)
  where ended_at is null and kind = 'SERVICE';
create unique index licence_assignment_once_per_pool on licence_assignment (org_id, member_id, subscription_id)
  where ended_at is null;
create index licence_assignment_open_of_pool on licence_assignment (org_id, subscription_id, member_id)
  where ended_at is null;
call make_tenant_table('licence_assignment');

create table seat_wait (
  org_id    uuid not null,
  member_id uuid not null,
  plan_code text collate "C",
  asked_at  timestamptz(3) not null,
  source    text not null,
  constraint seat_wait_once primary key (org_id, member_id),
  constraint seat_wait_of_member foreign key (org_id, member_id) references member (org_id, id)
);
create index seat_wait_in_order on seat_wait (org_id, asked_at, member_id);
call make_tenant_table('seat_wait');

create table invitation (
  org_id      uuid not null,
  id          uuid not null,
  member_id   uuid not null,
  secret_hash bytea not null,
  expires_at  timestamptz(3) not null,
  sent_at     timestamptz(3) not null,
  sent_day    date not null,
  sends_of_day integer not null default 1,
  send_count  integer not null default 1,
  invited_by  uuid,
  status      text not null,
  created_at  timestamptz(3) not null,
  ended_at    timestamptz(3),
  version     bigint not null default 1,
  constraint invitation_once primary key (org_id, id),
  constraint invitation_of_member foreign key (org_id, member_id) references member (org_id, id),
  constraint invitation_secret_once unique (org_id, secret_hash),
  constraint invitation_status_known check (status in ('PENDING', 'ACCEPTED', 'DECLINED', 'REVOKED'))
);
create unique index invitation_one_pending on invitation (org_id, member_id) where status = 'PENDING';
create index invitation_pending_by_time on invitation (org_id, created_at, id) where status = 'PENDING';
call make_tenant_table('invitation');

create table role_grant (
  org_id    uuid not null,
  member_id uuid not null,
  role      text not null,
  scope_id  uuid not null,
  source    text not null,
  constraint role_grant_once primary key (org_id, member_id, role, scope_id),
  constraint role_grant_of_member foreign key (org_id, member_id) references member (org_id, id),
  constraint role_grant_role_known check (role in ('GROUP_ADMIN', 'BRAND_MANAGER', 'SITE_MANAGER')),
  constraint role_grant_source_known check (source in ('MANUAL', 'GROUP', 'SAML'))
);
call make_tenant_table('role_grant');

create table member_group (
  org_id       uuid not null references organization,
  id           uuid not null,
  display_name text not null,
  name_key     text collate "C" not null,
  member_count integer not null default 0,
  managed_by   uuid,
  deleted_at   timestamptz(3),
  created_at   timestamptz(3) not null,
  updated_at   timestamptz(3) not null,
  version      bigint not null default 1,
  constraint member_group_once primary key (org_id, id),
  constraint member_group_count_not_negative check (member_count >= 0)
);
create unique index member_group_name_once on member_group (org_id, name_key) where deleted_at is null;
create index member_group_by_creation on member_group (org_id, created_at, id) where deleted_at is null;
call make_tenant_table('member_group');

create table group_member (
  org_id     uuid not null,
  group_id   uuid not null,
  child_kind text not null,
  child_id   uuid not null,
  added_at   timestamptz(3) not null,
  constraint group_member_once primary key (org_id, group_id, child_kind, child_id),
  constraint group_member_of_group foreign key (org_id, group_id) references member_group (org_id, id),
  constraint group_member_kind_known check (child_kind in ('MEMBER', 'GROUP'))
);
create index group_member_by_child on group_member (org_id, child_kind, child_id, group_id);
call make_tenant_table('group_member');

create table group_rule (
  org_id     uuid not null,
  id         uuid not null,
  group_id   uuid not null,
  target     text not null,
  target_id  text not null,
  rule_order integer not null default 0,
  created_at timestamptz(3) not null,
  constraint group_rule_once primary key (org_id, id),
  constraint group_rule_of_group foreign key (org_id, group_id) references member_group (org_id, id),
  constraint group_rule_target_once unique (org_id, group_id, target, target_id),
  constraint group_rule_target_known check (target in ('ROLE', 'LICENCE', 'TEMPLATE', 'INTEGRATION'))
);
call make_tenant_table('group_rule');

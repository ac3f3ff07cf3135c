-- Catalogue: reference tables without tenant data, read-mostly.

create table plan (
  code      text collate "C" not null,
  kind      text not null,
  section   text not null,
  edition   text,
  family    text not null,
  tier_rank integer not null,
  is_free   boolean not null,
  active    boolean not null default true,
  name_fr   text not null,
  name_en   text not null,
  constraint plan_once primary key (code),
  constraint plan_kind_known check (kind in ('SERVICE', 'OPTION')),
  constraint plan_section_known check (section in ('SERVICE', 'OPTION', 'APPLICATION', 'CUSTOM')),
  constraint plan_edition_known check (edition in ('HUB', 'HYBRID')),
  constraint plan_family_known check (family in ('LIVE', 'AUTOMATED'))
);

create table plan_price (
  id           uuid not null,
  plan_code    text collate "C" not null references plan (code),
  billing_mode text not null,
  cycle_kind   text not null,
  currency     text not null,
  unit_amount  numeric(20, 10) not null,
  proration    text not null,
  valid        tstzrange not null,
  constraint plan_price_once primary key (id),
  constraint plan_price_mode_known check (
    billing_mode in ('MONTHLY', 'ANNUAL', 'PREPAID_12', 'PREPAID_36', 'PREPAID_60')),
  constraint plan_price_cycle_known check (
    cycle_kind in ('CALENDAR_MONTH', 'CALENDAR_YEAR', 'DAYS_30', 'DAYS_365',
                   'PREPAID_12_MONTHS', 'PREPAID_36_MONTHS', 'PREPAID_60_MONTHS')),
  constraint plan_price_proration_known check (proration in ('DAYS', 'FULL_MONTHS', 'NONE')),
  constraint plan_price_currency_shape check (currency ~ '^[A-Z]{3}$'),
  constraint plan_price_not_negative check (unit_amount >= 0),
  constraint plan_price_one_at_a_time exclude using gist (
    plan_code with =, billing_mode with =, currency with =, valid with &&)
);

create table plan_option (
  service_code text collate "C" not null references plan (code),
  option_code  text collate "C" not null references plan (code),
  constraint plan_option_once primary key (service_code, option_code)
);

create table plan_feature (
  plan_code text collate "C" not null references plan (code),
  feature   text collate "C" not null,
  kind      text not null,
  value     bigint not null,
  constraint plan_feature_once primary key (plan_code, feature),
  constraint plan_feature_kind_known check (kind in ('BOOL', 'LIMIT'))
);

-- Organizations

create table organization (
  org_id               uuid not null,
  name                 text not null,
  slug                 text collate "C" not null,
  kind                 text not null default 'CUSTOMER',
  parent_org_id        uuid,
  status               text not null default 'ACTIVE',
  locale               text not null,
  time_zone            text not null,
  currency             text not null,
  owners               integer not null,
  free_member_limit    integer,
  free_member_used     integer not null default 0,
  seat_policy          text not null default 'refuse',
  expand_ceiling       integer,
  collection_mode      text not null default 'IMMEDIATE',
  sso_policy           text not null default 'OFF',
  sso_paused           boolean not null default false,
  authz_version        bigint not null default 1,
  onboarding_dismissed boolean not null default false,
  test_now             timestamptz(3),
  created_at           timestamptz(3) not null,
  updated_at           timestamptz(3) not null,
  version              bigint not null default 1,
  constraint organization_once primary key (org_id),
  constraint organization_kind_known check (kind in ('CUSTOMER', 'CHILD', 'PARTNER', 'SHADOW')),
  constraint organization_parent_of_child check ((kind in ('CHILD', 'SHADOW')) = (parent_org_id is not null)),
  constraint organization_status_known check (status in ('ACTIVE', 'SUSPENDED', 'CLOSING', 'CLOSED')),
  constraint organization_locale_known check (locale in ('fr', 'en')),
  constraint organization_currency_shape check (currency ~ '^[A-Z]{3}$'),
  constraint organization_keeps_an_owner check (owners >= 1),
  constraint organization_free_members_within_limit check (
    free_member_used >= 0 and (free_member_limit is null or free_member_used <= free_member_limit)),
  constraint organization_seat_policy_known check (seat_policy in ('refuse', 'waitlist', 'expand', 'free')),
  constraint organization_collection_mode_known check (collection_mode in ('IMMEDIATE', 'NEXT_INVOICE')),
  constraint organization_sso_policy_known check (sso_policy in ('OFF', 'OPTIONAL', 'REQUIRED'))
);
call make_tenant_table('organization');

create table organization_entitlement (
  org_id  uuid not null references organization,
  feature text collate "C" not null,
  kind    text not null,
  value   bigint not null,
  sources jsonb not null,
  constraint organization_entitlement_once primary key (org_id, feature),
  constraint organization_entitlement_kind_known check (kind in ('BOOL', 'LIMIT'))
);
call make_tenant_table('organization_entitlement');

create table entitlement_grant (
  org_id     uuid not null references organization,
  id         uuid not null,
  feature    text collate "C" not null,
  value      bigint not null,
  reason     text not null,
  granted_by text not null,
  until      timestamptz(3),
  created_at timestamptz(3) not null,
  constraint entitlement_grant_once primary key (org_id, id)
);
create index entitlement_grant_by_feature on entitlement_grant (org_id, feature);
call make_tenant_table('entitlement_grant');

create table data_key (
  org_id     uuid not null references organization,
  id         uuid not null,
  wrapped    bytea not null,
  master_id  text not null,
  state      text not null,
  created_at timestamptz(3) not null,
  constraint data_key_once primary key (org_id, id),
  constraint data_key_state_known check (state in ('ACTIVE', 'RETIRED'))
);
create unique index data_key_one_active on data_key (org_id) where state = 'ACTIVE';
call make_tenant_table('data_key');

-- Outbox, audit, idempotency

create table domain_event (
  org_id     uuid not null,
  id         uuid not null,
  name       text collate "C" not null,
  payload    jsonb not null,
  actor      jsonb not null,
  request_id text not null,
  at         timestamptz(3) not null,
  feed_seq   bigint,
  constraint domain_event_once primary key (org_id, id)
);
create unique index domain_event_feed on domain_event (org_id, feed_seq) where feed_seq is not null;
create index domain_event_unsealed on domain_event (org_id, id) where feed_seq is null;
call make_tenant_table('domain_event');

-- Which handler has taken which event: handlers run at least once, their effects once.
create table event_delivery (
  org_id   uuid not null,
  event_id uuid not null,
  handler  text collate "C" not null,
  done_at  timestamptz(3) not null,
  constraint event_delivery_once primary key (org_id, event_id, handler)
);
call make_tenant_table('event_delivery');

create table audit_entry (
  org_id      uuid not null,
  at          timestamptz(3) not null,
  id          uuid not null,
  caller_kind text not null,
  actor_id    uuid,
  actor       jsonb not null,
  action      text collate "C" not null,
  target_kind text,
  target_id   uuid,
  result      text not null,
  facts       jsonb not null,
  personal_digest bytea,
  request_id  text not null,
  seq         bigint,
  prev_hash   bytea,
  hash        bytea,
  constraint audit_entry_once primary key (org_id, at, id),
  constraint audit_entry_result_known check (result in ('DONE', 'DENIED'))
) partition by range (at);
create table audit_entry_rest partition of audit_entry default;
create index audit_entry_unsealed on audit_entry (org_id, at, id) where seq is null;
create index audit_entry_by_seq on audit_entry (org_id, seq) where seq is not null;
create index audit_entry_by_target on audit_entry (org_id, target_id, at, id);
call make_tenant_table('audit_entry');

-- Personal values of before and after: deletable, the chain covers their digest only (ruling d7).
create table audit_personal (
  org_id   uuid not null,
  entry_id uuid not null,
  subject_id uuid,
  salt     bytea not null,
  before   jsonb,
  after    jsonb,
  constraint audit_personal_once primary key (org_id, entry_id)
);
create index audit_personal_by_subject on audit_personal (org_id, subject_id);
call make_tenant_table('audit_personal');

-- The sealed tip of each organization's chain, and the number that orders its change feed.
create table audit_head (
  org_id     uuid not null references organization,
  seq        bigint not null,
  hash       bytea not null,
  feed_seq   bigint not null,
  sealed_at  timestamptz(3) not null,
  signature  bytea not null,
  constraint audit_head_once primary key (org_id)
);
call make_tenant_table('audit_head');

create table idempotency_key (
  org_id       uuid not null,
  actor_id     uuid not null,
  operation    text collate "C" not null,
  key          text collate "C" not null,
  request_hash bytea not null,
  response     jsonb,
  created_at   timestamptz(3) not null,
  expires_at   timestamptz(3) not null,
  constraint idempotency_key_once primary key (org_id, actor_id, operation, key)
);
create index idempotency_key_expired on idempotency_key (org_id, expires_at);
call make_tenant_table('idempotency_key');

create table event_type_template (
  org_id     uuid not null references organization,
  id         uuid not null,
  kind       text not null,
  name       text not null,
  slug       text collate "C" not null,
  field_values jsonb not null,
  locks      jsonb not null,
  capacity   integer not null default 1,
  revision   integer not null default 1,
  status     text not null default 'ACTIVE',
  edited_by  uuid,
  created_at timestamptz(3) not null,
  updated_at timestamptz(3) not null,
  constraint event_type_template_once primary key (org_id, id),
  constraint event_type_template_kind_known check (kind in ('ONE_ON_ONE', 'GROUP')),
  constraint event_type_template_capacity_fits check (
    (kind = 'GROUP' and capacity >= 2) or (kind = 'ONE_ON_ONE' and capacity = 1)),
  constraint event_type_template_status_known check (status in ('ACTIVE', 'ARCHIVED'))
);
create unique index event_type_template_slug_once on event_type_template (org_id, slug) where status = 'ACTIVE';
create index event_type_template_by_creation on event_type_template (org_id, created_at, id);
call make_tenant_table('event_type_template');

create table event_type_template_revision (
  org_id      uuid not null,
  template_id uuid not null,
  revision    integer not null,
  field_values jsonb not null,
  locks       jsonb not null,
  diff        jsonb not null,
  edited_by   uuid,
  created_at  timestamptz(3) not null,
  constraint event_type_template_revision_once primary key (org_id, template_id, revision),
  constraint event_type_template_revision_of_template foreign key (org_id, template_id)
    references event_type_template (org_id, id)
);
call make_tenant_table('event_type_template_revision');

create table event_type_assignment (
  org_id      uuid not null,
  id          uuid not null,
  template_id uuid not null,
  target      text not null,
  target_id   uuid not null,
  created_at  timestamptz(3) not null,
  constraint event_type_assignment_once primary key (org_id, id),
  constraint event_type_assignment_target_once unique (org_id, template_id, target, target_id),
  constraint event_type_assignment_of_template foreign key (org_id, template_id)
    references event_type_template (org_id, id),
  constraint event_type_assignment_target_known check (target in ('MEMBER', 'GROUP', 'ALL_CURRENT', 'ALL_FUTURE'))
);
call make_tenant_table('event_type_assignment');

create table event_type (
  org_id        uuid not null,
  id            uuid not null,
  member_id     uuid not null,
  template_id   uuid,
  base_revision integer,
  base_values   jsonb not null,
  overrides     jsonb not null default '{}',
  name          text not null,
  slug          text collate "C" not null,
  delivery      text not null default 'APPOINTMENT',
  price_minor   bigint,
  status        text not null default 'ACTIVE',
  created_at    timestamptz(3) not null,
  updated_at    timestamptz(3) not null,
  version       bigint not null default 1,
  constraint event_type_once primary key (org_id, id),
  constraint event_type_of_member foreign key (org_id, member_id) references member (org_id, id),
  constraint event_type_of_template foreign key (org_id, template_id) references event_type_template (org_id, id),
  constraint event_type_delivery_known check (
    delivery in ('APPOINTMENT', 'MEETING', 'WEBINAR', 'AUTOMATED', 'ON_DEMAND')),
  constraint event_type_status_known check (status in ('ACTIVE', 'HIDDEN', 'ARCHIVED')),
  constraint event_type_price_not_negative check (price_minor >= 0)
);
create unique index event_type_slug_once on event_type (org_id, member_id, slug) where status <> 'ARCHIVED';
create unique index event_type_template_once_per_member on event_type (org_id, template_id, member_id)
  where template_id is not null;
create index event_type_of_member_by_time on event_type (org_id, member_id, created_at, id);
call make_tenant_table('event_type');

-- Old path of a member's own event type that had to give way on an assignment (EVT-14).
create table path_redirect (
  org_id     uuid not null,
  member_id  uuid not null,
  old_slug   text collate "C" not null,
  event_type_id uuid not null,
  created_at timestamptz(3) not null,
  constraint path_redirect_once primary key (org_id, member_id, old_slug),
  constraint path_redirect_of_event_type foreign key (org_id, event_type_id) references event_type (org_id, id)
);
call make_tenant_table('path_redirect');

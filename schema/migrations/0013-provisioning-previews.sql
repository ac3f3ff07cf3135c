-- A request of the log is looked at, and done again, by its id (SCIM-195, SCIM-196).
create index provisioning_entry_by_id on provisioning_entry (org_id, id);
create index provisioning_entry_replays on provisioning_entry (org_id, replay_of) where replay_of is not null;

-- While a connection is in preview its requests meet a copy of the organization (SCIM-197, ruling d1): the copy is an
-- organization of kind SHADOW whose id is the preview's; the log stays with the real one.
alter table provisioning_entry add column preview_id uuid;
create index provisioning_entry_of_preview on provisioning_entry (org_id, preview_id, at, id)
  where preview_id is not null;

create table provisioning_preview (
  org_id        uuid not null references organization,
  id            uuid not null,
  connection_id uuid not null,
  state         text not null,
  resume_state  text not null,
  members       integer not null default 0,
  created_at    timestamptz(3) not null,
  updated_at    timestamptz(3) not null,
  ended_at      timestamptz(3),
  constraint provisioning_preview_once primary key (org_id, id),
  constraint provisioning_preview_of_connection foreign key (org_id, connection_id)
    references identity_connection (org_id, id),
  constraint provisioning_preview_state_known check (state in ('COPYING', 'OPEN', 'APPLYING', 'APPLIED', 'DISCARDED')),
  constraint provisioning_preview_resume_known check (resume_state in ('OFF', 'ON', 'PAUSED')),
  constraint provisioning_preview_end_has_date check ((state in ('APPLIED', 'DISCARDED')) = (ended_at is not null))
);
create unique index provisioning_preview_one_open on provisioning_preview (org_id, connection_id) where ended_at is null;
call make_tenant_table('provisioning_preview');

-- Erases the running organization if it is a shadow, and no other. History of licences cannot be deleted by the
-- application's role (rule R of the model); a rehearsal's is no history, so the owner of the tables does it here. Tables
-- that others still refer to come again in the next round.
create function erase_shadow_organization() returns void
  language plpgsql security definer
  set search_path = public, pg_temp
  as $$
declare
  shadow uuid := app_org_id();
  name regclass;
  is_left boolean;
begin
  if not exists (select from organization where org_id = shadow and kind = 'SHADOW') then
    raise exception 'only the copy of a preview can be erased';
  end if;
  for round in 1 .. 12 loop
    is_left := false;
    for name in select polrelid::regclass from pg_policy where polname = 'tenant' order by polrelid desc loop
      begin
        execute format('delete from %s where org_id = $1', name) using shadow;
      exception when foreign_key_violation then
        is_left := true;
      end;
    end loop;
    exit when not is_left;
  end loop;
  if is_left then
    raise exception 'rows of the copy refer to each other in a circle';
  end if;
end
$$;

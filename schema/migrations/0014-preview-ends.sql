-- The copy of a preview is erased after the preview has ended, by the worker: until then it is known to be there.
alter table provisioning_preview add column erased_at timestamptz(3);
create index provisioning_preview_unfinished on provisioning_preview (org_id, created_at)
  where state = 'APPLYING' or (ended_at is not null and erased_at is null);

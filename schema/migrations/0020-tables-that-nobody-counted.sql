-- In the first minutes of an organization PostgreSQL knows nothing of its rows and takes any index that begins with what
-- is asked for. Led by the external id, this one is no answer to who asks for a resource of a connection.
drop index provisioning_link_by_external_id;
create index provisioning_link_by_external_id on provisioning_link (org_id, external_id, connection_id, kind);

-- The counter of a pool is written with each seat: room on the page keeps the new version beside the old one, out of the
-- indexes.
alter table subscription set (fillfactor = 50);

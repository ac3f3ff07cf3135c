-- Before its rows are counted, this table looks empty, and every index that begins with the right columns as good as any
-- other. An index without the links that have no external id cannot be taken for one that finds a resource: creating the
-- n-th user had read all n links of its connection (measured).
drop index provisioning_link_by_external_id;
create index provisioning_link_by_external_id on provisioning_link (org_id, external_id, connection_id, kind)
  where external_id is not null;

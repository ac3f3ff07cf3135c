-- Somebody whom an identity provider vouches for, under the address of a member who has no identity there yet. The link
-- waits until that member proves who they are, or an administrator agrees; until then it opens nothing (SAML-62).
create table sso_link (
  org_id         uuid not null,
  id             uuid not null,
  connection_id  uuid not null,
  member_id      uuid not null,
  policy         text not null,
  status         text not null,
  idp_entity_id  text collate "C" not null,
  name_id_format text collate "C" not null,
  name_id_key    text collate "C" not null,
  -- The address that led to the member: where it has changed, the link is void.
  email_norm     text collate "C" not null,
  -- The browser that signed in at the identity provider, and where it wanted to go.
  browser_hash   bytea not null,
  return_path    text not null,
  -- The last letter to the member, and how many there were.
  proof_hash     bytea,
  letters        integer not null default 0,
  created_at     timestamptz(3) not null,
  expires_at     timestamptz(3) not null,
  decided_at     timestamptz(3),
  constraint sso_link_once primary key (org_id, id),
  constraint sso_link_of_connection foreign key (org_id, connection_id) references identity_connection (org_id, id),
  constraint sso_link_of_member foreign key (org_id, member_id) references member (org_id, id) on delete cascade,
  constraint sso_link_policy_known check (policy in ('CONFIRM', 'ADMIN')),
  constraint sso_link_status_known check (status in ('WAITING', 'LINKED', 'REJECTED'))
);
create unique index sso_link_one_open on sso_link (org_id, connection_id, idp_entity_id, name_id_format, name_id_key)
  where status <> 'LINKED';
create index sso_link_of_member_index on sso_link (org_id, member_id);
create index sso_link_by_creation on sso_link (org_id, created_at, id);
create index sso_link_expired on sso_link (org_id, expires_at);
call make_tenant_table('sso_link');

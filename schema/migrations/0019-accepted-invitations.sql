-- Whether a member came by invitation is read with each member that an identity provider lists; without this it read
-- every invitation of the organization.
create index invitation_accepted on invitation (org_id, member_id) where status = 'ACCEPTED';

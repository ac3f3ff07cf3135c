/**
 * The connection that a statement may act on; `id` and `version` are its placeholders, `$1` the organization. The
 * snapshot that the caller worked with must be the one that stands here, and the organization must have what it needs:
 * asked in the statement that acts, so that nothing can change in between.
 */
export const liveConnection = (id: string, version: string) => `
  select c.id from identity_connection c
  where c.org_id = $1 and c.id = ${id} and c.version = ${version} and c.deleted_at is null and c.saml_state = 'ACTIVE'
    and exists (select 1 from organization o where o.org_id = $1 and o.status = 'ACTIVE')
    and exists (select 1 from organization_entitlement e where e.org_id = $1 and e.feature = 'sso' and e.value > 0)`;

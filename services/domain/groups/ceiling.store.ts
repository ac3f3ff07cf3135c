/** The connections that may grant members only, as a part of a statement whose `$1` is the organization (SCIM-048). */
export const limited = `limited as materialized (
    select c.id from identity_connection c where c.org_id = $1 and c.role_ceiling = 'MEMBER')`;

/** Whether an edge hands on no role, because one of them has made it. */
export const caps = (edge: string): string => `coalesce(${edge}.added_by in (select id from limited), false)`;

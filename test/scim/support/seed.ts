import { asOwner } from "./door";

/** Fills an organization with members in one statement: what is tested is reading them. */
export async function seedMembers(orgId: string, count: number): Promise<void> {
  await asOwner(
    `insert into member (org_id, id, status, role, origin, user_name, user_name_key, name_key, joined_at, created_at, updated_at)
     select $1, gen_random_uuid(), 'ACTIVE', 'MEMBER', 'SCIM', address, address, address, now(), now() + (n / 7) * interval '1 millisecond', now()
     from generate_series(1, $2) n, lateral (select 'bulk' || lpad(n::text, 6, '0') || '@bulk.test' as address) a`,
    [orgId, count],
  );
}

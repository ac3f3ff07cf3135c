import { Client } from "pg";
import { newId, type OrgId } from "../../services/kernel/ids";
import { mintSecret } from "../../services/platform/secrets";
import type { Bench } from "./bench";

/**
 * Fills an organization with members in seats, set-based, as the bootstrap superuser: what is measured is serving them,
 * not adding them. User names are `user000001@bulk.test` and on.
 */
export async function seedMembers(bench: Bench, orgId: string, count: number): Promise<void> {
  const client = new Client({ ...bench.postgres.superUrl });
  await client.connect();
  try {
    await client.query(
      `with pool as (
         update subscription set quantity = quantity + $2, used = used + $2
         where org_id = $1 and is_default returning id
       ), numbered as (
         select n, ('018f' || lpad(to_hex(n), 4, '0') || '-0000-7000-8000-' || lpad(to_hex(n + (hashtext($1::text) & 65535)::bigint * 4294967296), 12, '0'))::uuid as id
         from generate_series(1, $2) n
       ), people as (
         insert into member (org_id, id, status, role, origin, user_name, user_name_key, login_email, login_email_norm,
           given_name, family_name, display_name, name_key, title, department, joined_at, created_at, updated_at)
         select $1, id, 'ACTIVE', 'MEMBER', 'SCIM', address, address, address, address, 'Given' || n, 'Family' || n,
           'Given' || n || ' Family' || n, 'given' || n || ' family' || n, 'Title', 'Department ' || n % 50,
           now() + n * interval '1 millisecond', now() + n * interval '1 millisecond', now()
         from numbered, lateral (select 'user' || lpad(n::text, 6, '0') || '@bulk.test' as address) a
         returning id
       ), emails as (
         insert into member_value (org_id, member_id, attribute, ordinal, type, value, value_key, is_primary)
         select $1, id, 'emails', 0, 'work', address, address, true
         from numbered, lateral (select 'user' || lpad(n::text, 6, '0') || '@bulk.test' as address) a
       )
       insert into licence_assignment (org_id, id, subscription_id, kind, member_id, started_at, origin)
       select $1, gen_random_uuid(), pool.id, 'SERVICE', people.id, now(), 'SCIM' from people, pool`,
      [orgId, count],
    );
    await client.query("analyze");
  } finally {
    await client.end();
  }
}

/** Signs the organization's owner in and answers the session's secret. */
export async function seedSession(bench: Bench, orgId: OrgId): Promise<string> {
  const client = new Client({ ...bench.postgres.superUrl });
  await client.connect();
  try {
    const { text, hash } = mintSecret("session", orgId);
    await client.query(
      `insert into login_session (org_id, id, member_id, secret_hash, method, auth_at, idle_until, ends_at, created_at)
       select org_id, $2, id, $3, 'LINK', now(), now() + interval '1 hour', now() + interval '12 hours', now()
       from member where org_id = $1 and role = 'OWNER'`,
      [orgId, newId("session"), hash],
    );
    return text;
  } finally {
    await client.end();
  }
}

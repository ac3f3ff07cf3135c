import { createHash, randomUUID } from "node:crypto";
import { uuidOf } from "../../../services/kernel/ids";
import { bodyOf, inTenant, serve } from "./pool";

// Bare http and bare pg: the statements that provisioning one user takes, in one transaction, without anything that
// reads, checks or explains. The same rows are written as by the product.
interface Body {
  readonly userName: string;
  readonly externalId: string;
  readonly name: { readonly givenName: string; readonly familyName: string };
}

interface Switch {
  readonly id: string;
  readonly active: boolean;
}

async function create(orgId: string, connectionId: string, hash: Buffer, body: Body): Promise<object> {
  const id = randomUUID();
  const key = body.userName.toLowerCase();
  return inTenant(orgId, async (client) => {
    const run = (name: string, text: string, values: unknown[]) => client.query({ name, text, values });
    await run("token", "select id from scim_token where org_id = $1 and secret_hash = $2 and revoked_at is null", [
      orgId,
      hash,
    ]);
    await run("org", "select status, locale from organization where org_id = $1", [orgId]);
    await run("email", "select id from member where org_id = $1 and login_email_norm = $2 and status <> 'REMOVED'", [
      orgId,
      key,
    ]);
    await run("domain", "select org_id from directory where name_norm = $1 and kind = 'DOMAIN'", [key.split("@")[1]]);
    const person = await run(
      "person",
      `with fresh as (insert into person (id, locale, created_at, updated_at) values ($2, 'en', now(), now()) returning id),
         added as (insert into person_email (email_norm, person_id, as_given, verified_at) select $1, id, $1, now() from fresh returning person_id),
         joined as (insert into person_member (person_id, org_id, member_id, created_at) select person_id, $3, $4, now() from added)
       select person_id from added`,
      [key, randomUUID(), orgId, id],
    );
    await run(
      "member",
      `with added as (
         insert into member (org_id, id, person_id, status, role, origin, user_name, user_name_key, login_email, login_email_norm,
           given_name, family_name, name_key, managed_by, joined_at, created_at, updated_at)
         values ($1, $2, $3, 'ACTIVE', 'MEMBER', 'SCIM', $4, $5, $4, $5, $6, $7, $5, $8, now(), now(), now()) returning id)
       insert into member_value (org_id, member_id, attribute, ordinal, type, value, value_key, is_primary)
       select $1, id, 'emails', 0, 'work', $4, $5, true from added`,
      [
        orgId,
        id,
        (person.rows[0] as { person_id: string }).person_id,
        body.userName,
        key,
        body.name.givenName,
        body.name.familyName,
        connectionId,
      ],
    );
    await run(
      "seat",
      `with pool as (update subscription set used = used + 1 where org_id = $1 and is_default and used < quantity returning id)
       insert into licence_assignment (org_id, id, subscription_id, kind, member_id, started_at, origin)
       select $1, $3, id, 'SERVICE', $2, now(), 'SCIM' from pool`,
      [orgId, id, randomUUID()],
    );
    await run(
      "link",
      `insert into provisioning_link (org_id, connection_id, kind, resource_id, external_id, first_seen_at, last_seen_at)
       values ($1, $2, 'MEMBER', $3, $4, now(), now())`,
      [orgId, connectionId, id, body.externalId],
    );
    await run(
      "entry",
      `insert into provisioning_entry (org_id, at, id, connection_id, method, path, status, duration_ms, request_id)
       values ($1, now(), $2, $3, 'POST', '/Users', 201, 1, 'bench')`,
      [orgId, randomUUID(), connectionId],
    );
    await run(
      "outbox",
      `with e as (insert into domain_event (org_id, id, name, payload, actor, request_id, at)
           select $1, gen_random_uuid(), name, '{}', '{}', 'bench', now() from unnest(array['member.added', 'seat.taken']) name returning id),
         a as (insert into audit_entry (org_id, at, id, caller_kind, actor, action, target_kind, target_id, result, facts, request_id)
           select $1, now(), gen_random_uuid(), 'scim', '{}', action, 'member', $2, 'DONE', '{}', 'bench' from unnest(array['member.add', 'seat.take']) action)
       select graphile_worker.add_job('deliver-events', json_build_object('orgId', $1::uuid, 'eventIds', json_agg(id))) from e`,
      [orgId, id],
    );
    return { id, userName: body.userName };
  });
}

// Off: the seat is free and the sign-ins are dead; on: a seat again.
async function setActive(orgId: string, connectionId: string, hash: Buffer, body: Switch): Promise<object> {
  const { id, active } = body;
  return inTenant(orgId, async (client) => {
    const run = (name: string, text: string, values: unknown[]) => client.query({ name, text, values });
    await run("token", "select id from scim_token where org_id = $1 and secret_hash = $2 and revoked_at is null", [
      orgId,
      hash,
    ]);
    await run("lock", "select from member where org_id = $1 and id = $2 for no key update", [orgId, id]);
    await run(
      "read",
      `select m.*, (select json_agg(v) from member_value v where v.org_id = m.org_id and v.member_id = m.id) as values
       from member m where m.org_id = $1 and m.id = $2`,
      [orgId, id],
    );
    if (active) {
      await run("org", "select status, locale from organization where org_id = $1", [orgId]);
      await run(
        "reseat",
        `with pool as (update subscription set used = used + 1 where org_id = $1 and is_default and used < quantity returning id)
         insert into licence_assignment (org_id, id, subscription_id, kind, member_id, started_at, origin)
         select $1, $3, id, 'SERVICE', $2, now(), 'SCIM' from pool`,
        [orgId, id, randomUUID()],
      );
    } else {
      await run("wait", "delete from seat_wait where org_id = $1 and member_id = $2", [orgId, id]);
      await run(
        "release",
        `with ended as (update licence_assignment set ended_at = now(), end_reason = 'SUSPENDED'
           where org_id = $1 and member_id = $2 and ended_at is null returning subscription_id)
         update subscription s set used = s.used - 1 from ended where s.org_id = $1 and s.id = ended.subscription_id`,
        [orgId, id],
      );
    }
    await run(
      "state",
      `update member set status = case when $3 then 'ACTIVE' else 'SUSPENDED' end,
         suspended_at = case when $3 then suspended_at else now() end, version = version + 1, updated_at = now()
       where org_id = $1 and id = $2`,
      [orgId, id, active],
    );
    await run(
      "seen",
      `insert into provisioning_link (org_id, connection_id, kind, resource_id, first_seen_at, last_seen_at)
       values ($1, $2, 'MEMBER', $3, now(), now())
       on conflict (org_id, connection_id, kind, resource_id) do update set last_seen_at = excluded.last_seen_at`,
      [orgId, connectionId, id],
    );
    await run(
      "patched",
      `insert into provisioning_entry (org_id, at, id, connection_id, method, path, status, duration_ms, request_id)
       values ($1, now(), $2, $3, 'PATCH', '/Users', 200, 1, 'bench')`,
      [orgId, randomUUID(), connectionId],
    );
    await run(
      "told",
      `with e as (insert into domain_event (org_id, id, name, payload, actor, request_id, at)
           select $1, gen_random_uuid(), name, '{}', '{}', 'bench', now() from unnest(array['member.changed', 'seat.changed']) name returning id),
         a as (insert into audit_entry (org_id, at, id, caller_kind, actor, action, target_kind, target_id, result, facts, request_id)
           select $1, now(), gen_random_uuid(), 'scim', '{}', action, 'member', $2, 'DONE', '{}', 'bench' from unnest(array['member.change', 'seat.change']) action)
       select graphile_worker.add_job('deliver-events', json_build_object('orgId', $1::uuid, 'eventIds', json_agg(id))) from e`,
      [orgId, id],
    );
    return { id, active };
  });
}

async function find(orgId: string, hash: Buffer, userName: string): Promise<object> {
  return inTenant(orgId, async (client) => {
    await client.query({
      name: "token",
      text: "select id from scim_token where org_id = $1 and secret_hash = $2 and revoked_at is null",
      values: [orgId, hash],
    });
    const { rows } = await client.query({
      name: "find",
      text: `select m.*, (select json_agg(v) from member_value v where v.org_id = m.org_id and v.member_id = m.id) as values
             from member m where m.org_id = $1 and m.user_name_key = $2 and m.status <> 'REMOVED'`,
      values: [orgId, userName],
    });
    return { totalResults: rows.length, Resources: rows };
  });
}

serve((req, res) => {
  if (req.url === "/ready") return void res.end("ok");
  const token = (req.headers.authorization ?? "").slice(7);
  const orgId = uuidOf(token.split("_")[1] ?? "") ?? "";
  const hash = createHash("sha256").update(token).digest();
  const url = new URL(req.url ?? "/", "http://floor");
  const answer = (status: number, body: object) =>
    res.writeHead(status, { "content-type": "application/scim+json" }).end(JSON.stringify(body));
  const fail = (error: Error) => answer(500, { error: error.message });
  const connection = String(req.headers["x-connection"]);
  if (req.method === "POST") {
    void bodyOf(req)
      .then((text) => create(orgId, connection, hash, JSON.parse(text) as Body))
      .then((body) => answer(201, body), fail);
  } else if (req.method === "PATCH") {
    void bodyOf(req)
      .then((text) => setActive(orgId, connection, hash, JSON.parse(text) as Switch))
      .then((body) => answer(200, body), fail);
  } else {
    void find(orgId, hash, url.searchParams.get("userName") ?? "").then((body) => answer(200, body), fail);
  }
});

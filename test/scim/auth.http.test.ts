import { revokeScimToken } from "../../services/domain/identity";
import { parseId, publicId, type ScimTokenId } from "../../services/kernel/ids";
import { limits } from "../../services/scim/limits";
import { RateLimiter } from "../../services/scim/rate-limit";
import { coreUser, plenumUser } from "../../services/scim/urns";
import {
  asOwner,
  clientOf,
  openScim,
  patchOp,
  scimClient,
  type Reply,
  type ScimClient,
  type ScimServer,
} from "./support/door";

let server: ScimServer;
beforeAll(async () => {
  server = await openScim();
});

const list = (idp: ScimClient, authorization?: string): Promise<Reply> =>
  server.send({ path: `${idp.base}/Users?count=0`, headers: authorization === undefined ? {} : { authorization } });

test("SCIM-040: Bearer in any case; without credentials, or with wrong ones, 401 says which", async () => {
  const idp = await scimClient(server);
  for (const scheme of ["Bearer", "bearer", "BEARER"])
    expect((await list(idp, `${scheme} ${idp.token}`)).status).toBe(200);

  const missing = await list(idp);
  expect([missing.status, missing.headers["www-authenticate"], missing.body.status]).toEqual([
    401,
    'Bearer realm="scim"',
    "401",
  ]);
  const changed = `${idp.token.slice(0, -1)}${idp.token.endsWith("a") ? "b" : "a"}`;
  for (const wrong of [
    "Bearer",
    "Bearer ",
    "Bearer nonsense",
    `Bearer ${changed}`,
    `Digest ${idp.token}`,
    "Basic !!!",
    `Bearer ${idp.token} x`,
  ]) {
    const reply = await list(idp, wrong);
    expect([wrong, reply.status, reply.headers["www-authenticate"]]).toEqual([
      wrong,
      401,
      'Bearer realm="scim", error="invalid_token"',
    ]);
  }
});

test("SCIM-010: path and token must agree, inside one organization and across two", async () => {
  const [a, b] = [await scimClient(server), await scimClient(server)];

  expect((await list(a, `Bearer ${b.token}`)).status).toBe(401);
  expect(
    (
      await server.send({
        path: "/scim/v2/con_01h455vb4pex5vsknk084sn02q/Users",
        headers: { authorization: `Bearer ${a.token}` },
      })
    ).status,
  ).toBe(401);
});

test("SCIM-041: a token is revoked with the commit, others of the connection live on", async () => {
  const idp = await scimClient(server);
  const second = await clientOf(server, idp.org);
  const rows = await asOwner(
    "select id, encode(secret_hash, 'hex') as hash, scopes from scim_token where org_id = $1 order by id",
    [idp.org.orgId],
  );
  expect(rows).toHaveLength(2);
  expect(JSON.stringify(rows)).not.toContain(idp.token);
  await idp.org.run((tx) => revokeScimToken(tx, { id: rows[0]?.["id"] as ScimTokenId }));

  expect((await list(idp, `Bearer ${idp.token}`)).status).toBe(401);
  expect((await list(second, `Bearer ${second.token}`)).status).toBe(200);
});

test("SCIM-040, SCIM-043: what was allowed a moment ago is asked again in every request, and nothing of the old stays", async () => {
  const changes: readonly [string, number][] = [
    ["update scim_token set revoked_at = now() where org_id = $1", 401],
    [`update scim_token set scopes = '["scim.read"]' where org_id = $1`, 403],
    [`update scim_token set ip_allow = '["192.0.2.0/24"]' where org_id = $1`, 403],
    ["update identity_connection set scim_state = 'PAUSED' where org_id = $1", 403],
    ["update organization set status = 'SUSPENDED' where org_id = $1", 403],
    ["update identity_connection set deleted_at = now() where org_id = $1", 401],
  ];
  for (const [change, status] of changes) {
    const idp = await scimClient(server);
    const add = (name: string) => idp.post("/Users", { schemas: [coreUser], userName: idp.org.email(name) });
    expect((await add("first")).status).toBe(201);
    await asOwner(change, [idp.org.orgId]);
    expect([change, (await add("late")).status]).toEqual([change, status]);
    const late = "select 1 from member where org_id = $1 and user_name like 'late%'";
    expect(await asOwner(late, [idp.org.orgId])).toEqual([]);
  }
  const idp = await scimClient(server);
  await idp.find('userName eq "nobody"');
  await asOwner("update identity_connection set role_ceiling = 'MEMBER' where org_id = $1", [idp.org.orgId]);
  const chief = { schemas: [coreUser], userName: idp.org.email("chief"), roles: [{ value: "admin" }] };
  expect((await idp.post("/Users", chief)).body[plenumUser].role).toBe("member");
});

test("SCIM-041: an expired token is no token", async () => {
  const idp = await scimClient(server);
  await asOwner("update scim_token set expires_at = now() - interval '1 second' where org_id = $1", [idp.org.orgId]);

  expect((await list(idp, `Bearer ${idp.token}`)).status).toBe(401);
});

test("SCIM-043: the token alone is taken where the dialect says so, Basic where the connection opted in", async () => {
  const idp = await scimClient(server);
  const strict = await scimClient(server, { preset: "strict" });
  const basic = (client: ScimClient, user = publicId("connection", client.connectionId)) =>
    `Basic ${Buffer.from(`${user}:${client.token}`).toString("base64")}`;
  expect((await list(idp, idp.token)).status).toBe(200);
  expect((await list(strict, strict.token)).status).toBe(401);
  expect((await list(idp, basic(idp))).status).toBe(401);

  const ping = await scimClient(server, { preset: "ping", switches: { basicAuth: true } });
  expect((await list(ping, basic(ping))).status).toBe(200);
  expect((await list(ping, basic(ping, "con_other"))).status).toBe(401);
});

test("SCIM-046: a token that only reads may read and nothing else", async () => {
  const idp = await scimClient(server, { scopes: ["scim.read"] });
  const owner = (await idp.get("/Users")).body.Resources[0];
  const writes = [
    await idp.post("/Users", { schemas: [coreUser], userName: idp.org.email("ada") }),
    await idp.put(`/Users/${owner.id}`, owner),
    await idp.patch(`/Users/${owner.id}`, patchOp({ op: "add", path: "title", value: "x" })),
    await idp.delete(`/Users/${owner.id}`),
    await idp.post("/Groups", { displayName: "G" }),
  ];

  expect(writes.map((r) => [r.status, r.body.status])).toEqual(Array(5).fill([403, "403"]));
  expect((await idp.get("/Groups")).status).toBe(200);
  expect((await idp.get("/Users")).body.totalResults).toBe(1);
});

test("SCIM-032: switched off, paused, not entitled, not active: 403, never an empty list", async () => {
  const idp = await scimClient(server);
  const set = (text: string) => asOwner(text, [idp.org.orgId]);
  for (const [text, back] of [
    [
      "update identity_connection set scim_state = 'PAUSED' where org_id = $1",
      "update identity_connection set scim_state = 'ON' where org_id = $1",
    ],
    [
      "update identity_connection set scim_state = 'OFF' where org_id = $1",
      "update identity_connection set scim_state = 'ON' where org_id = $1",
    ],
    [
      "update organization_entitlement set value = 0 where org_id = $1 and feature = 'sso'",
      "update organization_entitlement set value = 1 where org_id = $1 and feature = 'sso'",
    ],
    [
      "update organization set status = 'SUSPENDED' where org_id = $1",
      "update organization set status = 'ACTIVE' where org_id = $1",
    ],
    [
      `update scim_token set ip_allow = '["192.0.2.0/24"]' where org_id = $1`,
      "update scim_token set ip_allow = '[]' where org_id = $1",
    ],
  ] as const) {
    await set(text);
    const reply = await idp.get("/Users");
    expect([text, reply.status, reply.body.totalResults]).toEqual([text, 403, undefined]);
    await set(back);
  }
  expect((await idp.get("/Users")).status).toBe(200);
});

test("SCIM-201, SCIM-OK21: above 50 a second and 200 at once, 429 with whole seconds, and what is left in every answer", async () => {
  const idp = await scimClient(server);
  const other = await scimClient(server);
  const first = await idp.get("/Users?count=0");
  expect([first.headers["ratelimit-policy"], first.headers["ratelimit"]]).toEqual([
    '"connection";q=200;w=4',
    '"connection";r=199;t=1',
  ]);
  // A slow machine never sends 50 a second; a share of one a second and four at once is used up by anybody.
  await asOwner(`update identity_connection set options = '{"scimRequestsPerSecond": 1}' where org_id = $1`, [
    idp.org.orgId,
  ]);
  const replies = await Promise.all(Array.from({ length: 20 }, () => idp.get("/Users?count=0")));
  const refused = replies.filter((r) => r.status === 429);

  expect(replies.filter((r) => r.status === 200).length).toBeGreaterThanOrEqual(4);
  expect(refused.length).toBeGreaterThan(0);
  expect(refused[0]?.headers["retry-after"]).toMatch(/^[1-9]\d*$/);
  expect(refused[0]?.body.status).toBe("429");
  expect((await other.get("/Users?count=0")).status).toBe(200);
});

test("SCIM-201: an operator may give a connection another share", async () => {
  const idp = await scimClient(server);
  await asOwner(`update identity_connection set options = '{"scimRequestsPerSecond": 1000}' where org_id = $1`, [
    idp.org.orgId,
  ]);

  expect((await idp.get("/Users?count=0")).headers["ratelimit-policy"]).toBe('"connection";q=4000;w=4');
  expect(parseId("connection", publicId("connection", idp.connectionId))).toBe(idp.connectionId);
});

test("SCIM-201: two hundred at once and fifty each second after that", () => {
  const limiter = new RateLimiter();
  const took = Array.from({ length: 260 }, () => {
    try {
      return limiter.take("con", limits.ratePerSecond)["RateLimit"];
    } catch (error) {
      return (error as { status: number }).status;
    }
  });

  expect(took.filter((t) => t !== 429).length).toBeGreaterThanOrEqual(limits.rateBurst);
  expect(took.at(-1)).toBe(429);
  expect(limiter.take("other", limits.ratePerSecond)["RateLimit"]).toBe('"connection";r=199;t=1');
});

test("SCIM-041, SCIM-195: who comes by a token that is dead by now leaves nothing, not even a line in the log", async () => {
  const idp = await scimClient(server);
  const add = (name: string) => idp.post("/Users", { schemas: [coreUser], userName: idp.org.email(name) });
  expect((await add("first")).status).toBe(201);
  await asOwner("update scim_token set revoked_at = now() where org_id = $1", [idp.org.orgId]);

  expect([(await add("late")).status, (await add("later")).status]).toEqual([401, 401]);
  expect(await asOwner("select status from provisioning_entry where org_id = $1", [idp.org.orgId])).toEqual([
    { status: 201 },
  ]);
});

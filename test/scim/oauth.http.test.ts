import { generateKeyPairSync, randomUUID, type KeyObject } from "node:crypto";
import { exportJWK, SignJWT, UnsecuredJWT, type JWK } from "jose";
import { listEntries } from "../../services/domain/audit";
import {
  createOAuthClient,
  deleteConnection,
  listOAuthClients,
  revokeOAuthClient,
  rotateOAuthClient,
  type CreatedOAuthClient,
} from "../../services/domain/identity";
import { FakeClock } from "../../services/kernel/clock";
import { coreUser } from "../../services/scim/urns";
import { refusal } from "../support/identity";
import { buildOrg, publicUrl, type TestOrg } from "../support/world";
import { asOwner, openScim, ScimClient, type Reply, type ScimServer } from "./support/door";

let server: ScimServer;
let replica: ScimServer;
beforeAll(async () => {
  server = await openScim();
  replica = await openScim();
});

const tokenUrl = `${publicUrl}/oauth2/token`;
const assertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

type Form = Readonly<Record<string, string>>;

function ask(form: Form | string, headers: Form = {}, at = server): Promise<Reply> {
  const raw = typeof form === "string" ? form : new URLSearchParams(form).toString();
  const type = { "content-type": "application/x-www-form-urlencoded" };
  const path = "/oauth2/token";
  return at.send({ method: "POST", path, raw, headers: { ...type, "content-length": String(raw.length), ...headers } });
}

interface Scene {
  readonly org: TestOrg;
  readonly client: CreatedOAuthClient;
}

async function withSecret(more: { scopes?: string[]; ipAllow?: string[] } = {}): Promise<Scene> {
  const org = await buildOrg(server.db, { seats: 20 });
  const client = await org.run((tx) => createOAuthClient(tx, { name: "Okta", ...more }), org.operator);
  return { org, client };
}

const basic = (user: string, password: string): Form => ({
  authorization: `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`,
});
const bySecret = ({ clientId, secret }: CreatedOAuthClient): Form => ({
  grant_type: "client_credentials",
  client_id: clientId,
  client_secret: secret ?? "",
});

function scimOf({ org, client }: Scene, reply: Reply): ScimClient {
  return new ScimClient(server, org, client.connectionId, String(reply.body.access_token));
}

test("SCIM-042: a client gets a token for an hour by client_secret_post and by client_secret_basic, and provisions with it", async () => {
  const scene = await withSecret();
  const { clientId, secret } = scene.client;
  const posted = await ask(bySecret(scene.client));
  const inHeader = await ask({ grant_type: "client_credentials" }, basic(clientId, secret ?? ""));

  for (const reply of [posted, inHeader]) {
    expect([reply.status, reply.headers["cache-control"], reply.headers["pragma"]]).toEqual([
      200,
      "no-store",
      "no-cache",
    ]);
    expect(reply.body).toEqual({
      access_token: expect.stringMatching(/^plmscim_/),
      token_type: "Bearer",
      expires_in: 3600,
      scope: "scim.read scim.write",
    });
    const created = await scimOf(scene, reply).post("/Users", {
      schemas: [coreUser],
      userName: scene.org.email(reply === posted ? "ada" : "bob"),
    });
    expect(created.status).toBe(201);
  }
  expect(posted.body.access_token).not.toBe(inHeader.body.access_token);
});

test("SCIM-042: the service provider config names both ways to authenticate", async () => {
  const scene = await withSecret();
  const { body } = await scimOf(scene, await ask(bySecret(scene.client))).get("/ServiceProviderConfig");
  expect(body.authenticationSchemes.map((scheme: { type: string }) => scheme.type)).toEqual([
    "oauthbearertoken",
    "oauth2",
  ]);
});

test("SCIM-042, SCIM-046: a narrower scope may be asked for, a wider one is refused", async () => {
  const scene = await withSecret();
  const read = await ask({ ...bySecret(scene.client), scope: "scim.read" });
  expect([read.status, read.body.scope]).toEqual([200, "scim.read"]);
  const reader = scimOf(scene, read);
  expect((await reader.get("/Users")).status).toBe(200);
  expect((await reader.post("/Users", { schemas: [coreUser], userName: scene.org.email("x") })).status).toBe(403);

  const narrow = await withSecret({ scopes: ["scim.read"] });
  for (const scope of ["scim.write", "scim.read scim.write", "admin"]) {
    const refused = await ask({ ...bySecret(narrow.client), scope });
    expect([refused.status, refused.body.error]).toEqual([400, "invalid_scope"]);
  }
});

test("SCIM-042: the token works only at the connection and organization of its client", async () => {
  const ours = await withSecret();
  const theirs = await withSecret();
  const token = String((await ask(bySecret(ours.client))).body.access_token);
  const stranger = new ScimClient(server, theirs.org, theirs.client.connectionId, token);
  expect((await stranger.get("/Users")).status).toBe(401);
});

test("SCIM-042: the token ends after its hour, and at once on every replica with its client", async () => {
  const scene = await withSecret();
  const [first, second] = [await ask(bySecret(scene.client)), await ask(bySecret(scene.client))];
  await asOwner(
    "update scim_token set expires_at = now() - interval '1 second' where org_id = $1 and id = (select id from scim_token where org_id = $1 order by created_at, id limit 1)",
    [scene.org.orgId],
  );
  const statuses = async () => [
    (await scimOf(scene, first).get("/Users")).status,
    (await scimOf(scene, second).get("/Users")).status,
  ];
  expect(await statuses()).toEqual([401, 200]);

  await scene.org.run((tx) => revokeOAuthClient(tx, { id: scene.client.id }));
  expect(await statuses()).toEqual([401, 401]);
  const again = await ask(bySecret(scene.client), {}, replica);
  expect([again.status, again.body.error]).toEqual([401, "invalid_client"]);
  expect(await scene.org.run((tx) => listOAuthClients(tx, {}))).toEqual([]);
});

test("SCIM-042: a deleted connection gives no tokens any more", async () => {
  const scene = await withSecret();
  await scene.org.run((tx) => deleteConnection(tx, { id: scene.client.connectionId }), scene.org.operator);
  expect((await ask(bySecret(scene.client))).status).toBe(401);
});

test("SCIM-042: a secret is rotated with overlap: both work, then only the new one", async () => {
  const scene = await withSecret();
  const rotated = await scene.org.run((tx) => rotateOAuthClient(tx, { id: scene.client.id, overlapHours: 48 }));
  const renewed = { ...scene.client, secret: rotated.secret };
  const statuses = async () => [(await ask(bySecret(scene.client))).status, (await ask(bySecret(renewed))).status];
  expect(rotated.oldSecretHours).toBe(48);
  expect(await statuses()).toEqual([200, 200]);

  await asOwner("update oauth_client set old_secret_until = now() where org_id = $1", [scene.org.orgId]);
  expect(await statuses()).toEqual([401, 200]);
  const bad = await refusal(scene.org.run((tx) => rotateOAuthClient(tx, { id: scene.client.id, overlapHours: 721 })));
  expect(bad).toMatchObject({ code: "invalid", facts: { field: "overlapHours" } });
});

test("SCIM-042: outside of its networks a client gets nothing, and its token works from there only", async () => {
  const elsewhere = await withSecret({ ipAllow: ["192.0.2.0/24"] });
  expect((await ask(bySecret(elsewhere.client))).status).toBe(401);

  const here = await withSecret({ ipAllow: ["127.0.0.0/8"] });
  const reply = await ask(bySecret(here.client));
  expect((await scimOf(here, reply).get("/Users")).status).toBe(200);
  await asOwner(`update scim_token set ip_allow = '["192.0.2.7"]' where org_id = $1`, [here.org.orgId]);
  expect((await scimOf(here, reply).get("/Users")).status).toBe(403);
});

test("SCIM-042: wrong clients, secrets and forms are refused in the words of RFC 6749", async () => {
  const ours = await withSecret();
  const theirs = await withSecret();
  const right = bySecret(ours.client);
  const cases: [string, Form | string, Form, number, string][] = [
    ["no proof", { grant_type: "client_credentials" }, {}, 401, "invalid_client"],
    ["another's secret", { ...right, client_secret: theirs.client.secret ?? "" }, {}, 401, "invalid_client"],
    ["another's id", { ...right, client_id: theirs.client.clientId }, {}, 401, "invalid_client"],
    ["an id of nobody", { ...right, client_id: "org_x.oac_y" }, {}, 401, "invalid_client"],
    ["two ways at once", right, basic(ours.client.clientId, ours.client.secret ?? ""), 400, "invalid_request"],
    ["another grant", { ...right, grant_type: "password" }, {}, 400, "unsupported_grant_type"],
    ["a parameter twice", `${new URLSearchParams(right).toString()}&grant_type=x`, {}, 400, "invalid_request"],
    ["JSON", JSON.stringify(right), { "content-type": "application/json" }, 400, "invalid_request"],
    ["too much", { ...right, padding: "x".repeat(40_000) }, {}, 413, "invalid_request"],
  ];
  for (const [name, form, headers, status, error] of cases) {
    const reply = await ask(form, headers);
    expect([name, reply.status, reply.body.error]).toEqual([name, status, error]);
    expect(reply.text).not.toContain(String(ours.client.secret));
  }
  const wrong = await ask({ grant_type: "client_credentials" }, basic(ours.client.clientId, "nothing"));
  expect([wrong.status, wrong.headers["www-authenticate"]]).toEqual([401, 'Basic realm="oauth2"']);
  const got = await server.send({ path: "/oauth2/token" });
  expect([got.status, got.headers["allow"]]).toEqual([405, "POST"]);
});

test("SCIM-042, SEC-50: tokens that were given and refused stand in the audit log", async () => {
  const { org, client } = await withSecret();
  await ask(bySecret(client));
  await ask({ ...bySecret(client), client_secret: String((await withSecret()).client.secret) });
  await ask({ ...bySecret(client), client_secret: String(client.secret).replace(/.$/, "0") });
  const rotated = await org.run((tx) => rotateOAuthClient(tx, { id: client.id, overlapHours: 0 }));
  await ask(bySecret(client));
  await ask(bySecret({ ...client, secret: rotated.secret }));

  const entries = await org.run((tx) => listEntries(tx, { first: 50 }));
  const told = entries.filter((entry) => entry.action === "oauth_client.token").map((entry) => entry.result);
  expect(told.sort()).toEqual(["DENIED", "DONE", "DONE"]);
});

test("SCIM-042: guessing is limited, on all replicas together", async () => {
  const scene = await withSecret();
  const form = bySecret(scene.client);
  const replies = await Promise.all(Array.from({ length: 70 }, (_, i) => ask(form, {}, i % 2 ? server : replica)));
  const statuses = replies.map((reply) => reply.status);
  // A minute may end in the middle, and another sixty begin.
  expect(new Set(statuses)).toEqual(new Set([200, 429]));
  expect(statuses.filter((status) => status === 429).length).toBeGreaterThanOrEqual(1);
  expect(replies.find((reply) => reply.status === 429)?.headers["retry-after"]).toBe("60");
}, 60_000);

interface Signer {
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
  readonly jwk: JWK;
}

async function signer(kid: string, kind: "rsa" | "ec" | "ed25519" = "ec"): Promise<Signer> {
  const pair =
    kind === "rsa"
      ? generateKeyPairSync("rsa", { modulusLength: 2048 })
      : kind === "ec"
        ? generateKeyPairSync("ec", { namedCurve: "P-256" })
        : generateKeyPairSync("ed25519");
  return { ...pair, jwk: { ...(await exportJWK(pair.publicKey)), kid } };
}

async function withKeys(...signers: Signer[]): Promise<Scene> {
  const org = await buildOrg(server.db, { seats: 20 });
  const jwks = { keys: signers.map(({ jwk }) => jwk) };
  const client = await org.run((tx) => createOAuthClient(tx, { name: "Entra", jwks }), org.operator);
  return { org, client };
}

interface Claims {
  readonly alg?: string;
  readonly kid?: string;
  readonly typ?: string;
  readonly claims?: Readonly<Record<string, unknown>>;
}

const nowSeconds = () => Math.floor(Date.now() / 1000);

async function assertionOf(clientId: string, { privateKey, jwk }: Signer, more: Claims = {}): Promise<string> {
  const algs: Readonly<Record<string, string>> = { RSA: "RS256", EC: "ES256", OKP: "EdDSA" };
  const { alg = algs[jwk.kty] ?? "none", kid = jwk.kid ?? "", typ = "JWT", claims = {} } = more;
  const all: Readonly<Record<string, unknown>> = {
    iss: clientId,
    sub: clientId,
    aud: tokenUrl,
    jti: randomUUID(),
    exp: nowSeconds() + 60,
    ...claims,
  };
  const kept = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
  return new SignJWT(kept).setProtectedHeader({ alg, kid, typ }).sign(privateKey);
}

const byAssertion = (assertion: string): Form => ({
  grant_type: "client_credentials",
  client_assertion_type: assertionType,
  client_assertion: assertion,
});

test.each(["rsa", "ec", "ed25519"] as const)("SCIM-042: private_key_jwt with a key of kind %s", async (kind) => {
  const key = await signer("one", kind);
  const scene = await withKeys(key);
  expect(scene.client.secret).toBeNull();
  const reply = await ask(byAssertion(await assertionOf(scene.client.clientId, key)));
  expect([reply.status, reply.body.expires_in]).toEqual([200, 3600]);
  expect((await scimOf(scene, reply).get("/Users")).status).toBe(200);
});

test("SCIM-042: an assertion counts once: twenty at the same moment on two replicas give one token", async () => {
  const key = await signer("one");
  const { client } = await withKeys(key);
  const form = byAssertion(await assertionOf(client.clientId, key));
  const replies = await Promise.all(Array.from({ length: 20 }, (_, i) => ask(form, {}, i % 2 ? server : replica)));
  const statuses = replies.map((reply) => reply.status).sort();
  expect(statuses).toEqual([200, ...Array<number>(19).fill(401)]);
  expect((await ask(form, {}, replica)).status).toBe(401);
}, 60_000);

test("SCIM-042: what is no assertion of this client for this server, now, is refused", async () => {
  const key = await signer("one", "rsa");
  const other = await signer("one", "rsa");
  const { client } = await withKeys(key);
  const theirs = await withKeys(other);
  const { clientId } = client;
  const claims = (set: Readonly<Record<string, unknown>>) => assertionOf(clientId, key, { claims: set });
  const pem = key.publicKey.export({ type: "spki", format: "pem" }) as string;
  const hmac = new SignJWT({ iss: clientId, sub: clientId, aud: tokenUrl, jti: "h", exp: nowSeconds() + 60 })
    .setProtectedHeader({ alg: "HS256", kid: "one" })
    .sign(new TextEncoder().encode(pem));
  const none = new UnsecuredJWT({ jti: "n" })
    .setIssuer(clientId)
    .setSubject(clientId)
    .setAudience(tokenUrl)
    .setExpirationTime("1m")
    .encode();
  const good = await assertionOf(clientId, key);
  const [head, , signature] = good.split(".");
  const swapped = Buffer.from(
    JSON.stringify({ iss: clientId, sub: clientId, aud: tokenUrl, jti: "s", exp: nowSeconds() + 90 }),
  ).toString("base64url");
  const attacks: Record<string, string> = {
    "alg none": none,
    "HS256 with the public key as secret": await hmac,
    "another's key": await assertionOf(clientId, other),
    "another tenant's client with our key": await assertionOf(theirs.client.clientId, key),
    "an unknown kid": await assertionOf(clientId, key, { kid: "two" }),
    "a changed payload": `${head}.${swapped}.${signature}`,
    "a stripped signature": `${head}.${good.split(".")[1]}.`,
    "for somebody else": await claims({ aud: "https://elsewhere.example/token" }),
    "for us and somebody else": await claims({ aud: [tokenUrl, "https://elsewhere.example"] }),
    "for nobody": await claims({ aud: undefined }),
    expired: await claims({ exp: nowSeconds() - 31 }),
    "without an end": await claims({ exp: undefined }),
    "for a day": await claims({ exp: nowSeconds() + 86_400 }),
    "from the future": await claims({ iat: nowSeconds() + 120 }),
    "not yet": await claims({ nbf: nowSeconds() + 120 }),
    "without a number": await claims({ jti: undefined }),
    "with an endless number": await claims({ jti: "x".repeat(256) }),
    "of another issuer": await claims({ iss: "somebody" }),
    "about another subject": await claims({ sub: theirs.client.clientId }),
    "an access token's type": await assertionOf(clientId, key, { typ: "at+jwt" }),
    "no token at all": "a.b.c",
    "a huge one": "x".repeat(20_000),
  };
  for (const [name, assertion] of Object.entries(attacks)) {
    const reply = await ask(byAssertion(assertion));
    expect([name, reply.status, reply.body.error]).toEqual([name, 401, "invalid_client"]);
  }
  expect((await ask(byAssertion(good))).status).toBe(200);
  expect((await ask({ ...byAssertion(good), client_assertion_type: "saml" })).body.error).toBe("invalid_request");
  expect((await ask({ ...byAssertion(good), client_id: theirs.client.clientId })).status).toBe(401);
}, 60_000);

test("SCIM-042: keys are rotated by a new set, old and new side by side as long as the set holds both", async () => {
  const [old, fresh] = [await signer("old"), await signer("new")];
  const { org, client } = await withKeys(old);
  const replaced = (...keys: Signer[]) =>
    org.run((tx) => rotateOAuthClient(tx, { id: client.id, jwks: { keys: keys.map(({ jwk }) => jwk) } }));
  const statuses = async () => [
    (await ask(byAssertion(await assertionOf(client.clientId, old)))).status,
    (await ask(byAssertion(await assertionOf(client.clientId, fresh)))).status,
  ];
  expect(await statuses()).toEqual([200, 401]);
  await replaced(old, fresh);
  expect(await statuses()).toEqual([200, 200]);
  await replaced(fresh);
  expect(await statuses()).toEqual([401, 200]);
  expect(await refusal(org.run((tx) => rotateOAuthClient(tx, { id: client.id })))).toMatchObject({ code: "conflict" });
});

test("SCIM-042: a key set takes one to five strong public keys, each by its name", async () => {
  const org = await buildOrg(server.db);
  const { jwk, privateKey } = await signer("one");
  const weak = generateKeyPairSync("rsa", { modulusLength: 1024 });
  const cases: [unknown, string][] = [
    [{ keys: [] }, "jwks"],
    [{ keys: Array(6).fill(jwk) }, "jwks"],
    [{ keys: [jwk, jwk] }, "jwks"],
    [{ keys: [jwk, { ...jwk, kid: undefined }] }, "jwks"],
    [{ keys: [{ kty: "oct", k: "c2VjcmV0" }] }, "jwks.keys.0"],
    [{ keys: [await exportJWK(privateKey)] }, "jwks.keys.0"],
    [{ keys: [await exportJWK(weak.publicKey)] }, "jwks.keys.0"],
    [{ keys: [{ ...jwk, use: "enc" }] }, "jwks.keys.0"],
    [{ keys: [{ kty: "EC", crv: "P-256", x: "AA", y: "AA" }] }, "jwks.keys.0"],
    ["text", "jwks"],
  ];
  for (const [jwks, field] of cases) {
    const told = await refusal(org.run((tx) => createOAuthClient(tx, { name: "x", jwks }), org.operator));
    expect(told).toMatchObject({ code: "invalid", facts: { field } });
  }
});

test("SCIM-042: by the server's clock: an assertion of an hour ago is over, whatever the client believes", async () => {
  const late = await openScim({ clock: new FakeClock(new Date(Date.now() + 3_600_000)) });
  const key = await signer("one");
  const { client } = await withKeys(key);
  const form = byAssertion(await assertionOf(client.clientId, key));
  expect((await ask(form, {}, late)).status).toBe(401);
  expect((await ask(form)).status).toBe(200);
});

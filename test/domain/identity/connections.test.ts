import { X509Certificate } from "node:crypto";
import {
  acceptCertificate,
  addCertificate,
  addConnection,
  addSpKey,
  changeConnection,
  compromiseCertificate,
  deleteConnection,
  entranceOf,
  findSamlConnection,
  listConnections,
  moveSpKey,
  purgeConnections,
  restoreConnection,
  retireCertificate,
  showConnection,
  startLoginSession,
  switchConnection,
  type ConnectionChange,
} from "../../../services/domain/identity";
import { getOrganization } from "../../../services/domain/organizations";
import { dayMs, type FakeClock } from "../../../services/kernel/clock";
import type { ConnectionId } from "../../../services/kernel/ids";
import type { Database } from "../../../services/platform/unit-of-work";
import { asSuperuser, importedConnection, refusal, signedIn } from "../../support/identity";
import { makeKeys, type KeyPair } from "../../support/saml-kit";
import { buildOrg, testClock, testWorld, unique, type TestOrg } from "../../support/world";

let db: Database;
let clock: FakeClock;
let keys: KeyPair;
let second: KeyPair;
let old: KeyPair;

beforeAll(async () => {
  clock = testClock();
  db = await testWorld({ clock });
  [keys, second, old] = await Promise.all([
    makeKeys("idp"),
    makeKeys("second"),
    makeKeys("old", 2048, "2025-01-01T00:00:00Z"),
  ]);
});

const change = async (org: TestOrg, id: ConnectionId, changed: ConnectionChange, ifVersion?: string) =>
  org.run(
    async (tx) => changeConnection(tx, { id, change: changed, ...(ifVersion ? { ifVersion } : {}) }),
    await signedIn(org, org.ownerId),
  );
const move = async (org: TestOrg, id: ConnectionId, to: "DRAFT" | "TESTING" | "ACTIVE" | "DISABLED") =>
  org.run(async (tx) => switchConnection(tx, { id, to }), await signedIn(org, org.ownerId));
const show = (org: TestOrg, id: ConnectionId) => org.run((tx) => showConnection(tx, { id }));

/** A session that this connection has brought about, and a way to ask whether it still opens anything. */
async function ssoSession(org: TestOrg, connectionId: ConnectionId): Promise<() => Promise<string>> {
  const start = { memberId: org.ownerId, method: "SAML", connectionId } as const;
  const session = await org.run((tx) => startLoginSession(tx, start), org.system);
  return async () => {
    const result = await refusal(db.run(entranceOf(session.secret, org.origin)!, (tx) => getOrganization(tx)));
    return result === "done" ? "open" : result.code;
  };
}

test("SAML-01, SAML-05: a connection is switched on once it names who answers, where to ask and what to check by", async () => {
  const org = await buildOrg(db, { plan: "enterprise" });
  const id = await org.run((tx) => addConnection(tx, "Okta"));
  const missing = async (to: "TESTING" | "ACTIVE") => {
    const refused = await refusal(move(org, id, to));
    return refused === "done" ? refused : [refused.code, refused.facts["missing"]];
  };

  expect(await missing("TESTING")).toEqual(["conflict", "idpEntityId"]);
  await change(org, id, { idpEntityId: "https://idp.acme.example/metadata" });
  expect(await missing("TESTING")).toEqual(["conflict", "ssoUrl"]);
  await change(org, id, { ssoUrl: "https://idp.acme.example/sso?tenant=a&b=c", ssoBinding: "REDIRECT" });
  expect(await missing("ACTIVE")).toEqual(["conflict", "certificate"]);
  await org.run((tx) => addCertificate(tx, { connectionId: id, certificate: keys.certificatePem }), org.operator);

  expect((await move(org, id, "TESTING")).samlState).toBe("TESTING");
  expect((await move(org, id, "ACTIVE")).samlState).toBe("ACTIVE");
  expect(await refusal(move(org, id, "DRAFT"))).toMatchObject({
    code: "conflict",
    facts: { from: "ACTIVE", to: "DRAFT", next: ["TESTING", "DISABLED"] },
  });
  expect((await move(org, id, "DISABLED")).samlState).toBe("DISABLED");
});

test("SAML-05, ORG-08: without the entitlement nothing is switched on", async () => {
  const org = await buildOrg(db);
  const id = await org.run((tx) => addConnection(tx, "Okta"));

  expect(await refusal(move(org, id, "TESTING"))).toMatchObject({ code: "entitlement_required" });
});

test("SAML-10: whether an expired certificate vouches is the connection's own rule", async () => {
  const org = await buildOrg(db);
  const id = await importedConnection(org, old);
  await move(org, id, "DISABLED");

  expect((await move(org, id, "ACTIVE")).samlState).toBe("ACTIVE");
  const refused = await refusal(change(org, id, { options: { expiredCertificates: "enforce" } }));
  expect(refused).toMatchObject({ code: "conflict", facts: { missing: "certificate" } });
});

test("SAML-11: settings are checked one by one, versioned, and audited without secrets", async () => {
  const org = await buildOrg(db);
  const id = await importedConnection(org, keys);
  const { connection } = await show(org, id);
  const bad: readonly [ConnectionChange, string][] = [
    [{ skewSeconds: 301 }, "skewSeconds"],
    [{ skewSeconds: 1.5 }, "skewSeconds"],
    [{ signaturePolicy: "none" }, "signaturePolicy"],
    [{ idpInitiated: "always" }, "idpInitiated"],
    [{ provisioning: "everybody" }, "provisioning"],
    [{ roleCeiling: "OWNER" }, "roleCeiling"],
    [{ ssoUrl: "javascript:alert(1)" }, "ssoUrl"],
    [{ metadataUrl: "http://idp.acme.example/metadata" }, "metadataUrl"],
    [{ options: { sha1Until: new Date(clock.now().getTime() + 91 * dayMs) } }, "options.sha1Until"],
    [{ options: { maxAuthnAgeSeconds: 5 } }, "options.maxAuthnAgeSeconds"],
    [{ mapping: { email: "a\u0000b" } }, "mapping.email"],
  ];
  for (const [changed, field] of bad) {
    expect(await refusal(change(org, id, changed))).toMatchObject({ code: "invalid", facts: { field } });
  }

  const changed = await change(org, id, {
    skewSeconds: 120,
    signaturePolicy: "both",
    provisioning: "existing",
    mapping: { email: "mail" },
    options: { expiredCertificates: "warn", inclusiveC14n: true, authnContexts: ["urn:mfa"] },
  });
  expect(changed).toMatchObject({ skewSeconds: 120, signaturePolicy: "both", mapping: { email: "mail" } });
  expect(changed.options).toEqual({ inclusiveC14n: true, authnContexts: ["urn:mfa"], provisioningChosen: true });
  expect(BigInt(changed.version)).toBe(BigInt(connection.version) + 1n);
  expect((await show(org, id)).connection).toEqual({ ...changed, updatedAt: expect.any(Date) });
  const back = await change(org, id, { options: { inclusiveC14n: null, authnContexts: null } });
  expect(back.options).toEqual({ provisioningChosen: true });

  expect(await refusal(change(org, id, { name: "Late" }, connection.version))).toMatchObject({
    code: "stale_version",
    facts: { version: back.version },
  });
  const audit = await asSuperuser<{ facts: object }>(
    "select facts from audit_entry where org_id = $1 and action = 'connection.change' order by at, id",
    [org.orgId],
  );
  expect(audit[0]?.facts).toMatchObject({ before: { skewSeconds: 60 }, after: { skewSeconds: 120 } });
  expect(JSON.stringify(audit)).not.toContain("PRIVATE KEY");
});

test("SAML-02: an entity id of our own that replaces the address is one connection's in the world", async () => {
  const [org, other] = [await buildOrg(db), await buildOrg(db)];
  const [mine, theirs] = [await importedConnection(org, keys), await importedConnection(other, keys)];
  const spEntityId = `https://old.example/${unique("sp")}`;

  await change(org, mine, { spEntityId });
  expect(await refusal(change(other, theirs, { spEntityId }))).toMatchObject({ code: "duplicate" });
  expect((await show(org, mine)).urls.entityId).toBe(spEntityId);
  await change(org, mine, { spEntityId: null });
  expect((await change(other, theirs, { spEntityId })).spEntityId).toBe(spEntityId);
});

test("SAML-12: switching a connection off ends its sessions with the commit, unless its settings say otherwise", async () => {
  const org = await buildOrg(db);
  const id = await importedConnection(org, keys);
  const [first, beside] = [await ssoSession(org, id), await ssoSession(await buildOrg(db), id)];

  await move(org, id, "DISABLED");
  expect([await first(), await beside()]).toEqual(["unauthenticated", "open"]);

  await move(org, id, "ACTIVE");
  await change(org, id, { options: { endSessions: false } });
  const kept = await ssoSession(org, id);
  await move(org, id, "TESTING");
  expect(await kept()).toBe("open");
});

test("SAML-12: a deleted connection comes back within thirty days; then its keys are gone and its identities stay", async () => {
  const org = await buildOrg(db);
  const id = await importedConnection(org, keys);
  const session = await ssoSession(org, id);
  await asSuperuser(
    `insert into sso_identity (org_id, id, connection_id, idp_entity_id, name_id_format, name_id_key, member_id, created_at)
     values ($1, gen_random_uuid(), $2, 'idp', 'persistent', 'ada', $3, now())`,
    [org.orgId, id, org.ownerId],
  );
  const act = async (verb: typeof deleteConnection | typeof restoreConnection) =>
    org.run(async (tx) => verb(tx, { id }), await signedIn(org, org.ownerId));

  await act(deleteConnection);
  expect(await session()).toBe("unauthenticated");
  expect(await refusal(show(org, id))).toMatchObject({ code: "not_found" });
  expect((await org.run((tx) => listConnections(tx, { deleted: true }))).map((c) => c.id)).toEqual([id]);
  await act(restoreConnection);
  expect((await show(org, id)).connection.samlState).toBe("DISABLED");

  await act(deleteConnection);
  const dueAt: (Date | null)[] = [];
  const settle = async (_tx: unknown, at: Date | null) => void dueAt.push(at);
  const deletedAt = clock.now();
  await purgeConnections(db, org.system, settle);
  clock.advanceMs(30 * dayMs);
  await purgeConnections(db, org.system, settle);
  expect(dueAt).toEqual([new Date(deletedAt.getTime() + 30 * dayMs), null]);
  const left = await asSuperuser<{ keys: number; certificates: number; identities: number }>(
    `select (select count(*)::integer from sp_key where org_id = $1) as keys,
       (select count(*)::integer from idp_certificate where org_id = $1) as certificates,
       (select count(*)::integer from sso_identity where org_id = $1) as identities`,
    [org.orgId],
  );
  expect(left).toEqual([{ keys: 0, certificates: 0, identities: 1 }]);
  expect(await refusal(act(restoreConnection))).toMatchObject({ code: "not_found" });
});

test("SAML-09, SAML-16: two certificates vouch side by side; duplicates, private keys and a sixth are refused", async () => {
  const org = await buildOrg(db);
  const connectionId = await importedConnection(org, keys);
  const add = async (certificate: string) =>
    org.run(async (tx) => addCertificate(tx, { connectionId, certificate }), await signedIn(org, org.ownerId));
  const before = (await show(org, connectionId)).connection.version;

  await add(second.certificatePem.replaceAll("\n", "\r\n"));
  const both = await org.run((tx) => findSamlConnection(tx, connectionId));
  expect(both?.certificates.map((c) => c.sha256).sort()).toEqual([keys.sha256, second.sha256].sort());
  // Whoever verified with a snapshot from before is told by the version.
  expect(BigInt(both!.version)).toBeGreaterThan(BigInt(before));
  expect(await refusal(add(second.certificatePem))).toMatchObject({ code: "duplicate" });
  expect(await refusal(add(keys.privateKeyPem))).toMatchObject({ code: "invalid", facts: { reason: "private_key" } });
  for (const name of ["three", "four", "five"]) await add((await makeKeys(name)).certificatePem);
  expect(await refusal(add((await makeKeys("six")).certificatePem))).toMatchObject({
    code: "conflict",
    facts: { max: 5 },
  });

  const { certificates } = await show(org, connectionId);
  const retire = async (i: number) =>
    org.run(async (tx) => retireCertificate(tx, { id: certificates[i]!.id }), await signedIn(org, org.ownerId));
  for (const i of [0, 1, 2, 3]) expect((await retire(i)).status).toBe("RETIRED");
  expect(await refusal(retire(4))).toMatchObject({ code: "conflict", facts: { missing: "certificate" } });
  expect(await refusal(retire(0))).toMatchObject({ code: "conflict", facts: { status: "RETIRED" } });
  // A105: a retired one vouches no more, until somebody adds it again.
  expect((await org.run((tx) => findSamlConnection(tx, connectionId)))?.certificates).toHaveLength(1);
  expect((await add(keys.certificatePem)).status).toBe("LIVE");
});

test("SAML-10, SAML-A94, SAML-A105: a compromised certificate vouches for nothing at once and ends every session of its connection", async () => {
  const org = await buildOrg(db);
  const connectionId = await importedConnection(org, keys);
  const sessions = [await ssoSession(org, connectionId), await ssoSession(org, connectionId)];
  const [certificate] = (await show(org, connectionId)).certificates;

  const ended = await org.run(
    async (tx) => compromiseCertificate(tx, { id: certificate!.id }),
    await signedIn(org, org.ownerId),
  );

  expect(ended).toEqual({ sessionsEnded: 2 });
  expect(await Promise.all(sessions.map((session) => session()))).toEqual(["unauthenticated", "unauthenticated"]);
  expect((await org.run((tx) => findSamlConnection(tx, connectionId)))?.certificates).toEqual([]);
  const again = org.run(
    async (tx) => addCertificate(tx, { connectionId, certificate: keys.certificatePem }),
    org.operator,
  );
  expect(await refusal(again)).toMatchObject({ code: "invalid", facts: { reason: "compromised_certificate" } });
  const accept = org.run((tx) => acceptCertificate(tx, { id: certificate!.id }), org.operator);
  expect(await refusal(accept)).toMatchObject({ code: "conflict", facts: { status: "COMPROMISED" } });
});

test("SAML-15: keys of our own go next, published, active, retired, and every step can be taken back", async () => {
  const org = await buildOrg(db);
  const connectionId = await importedConnection(org, keys);
  const [first] = (await show(org, connectionId)).keys;
  const made = await addSpKey(db, org.operator, { connectionId, use: "SIGNING" });
  const go = async (id: typeof made.id, to: "NEXT" | "PUBLISHED" | "ACTIVE" | "RETIRED") =>
    org.run((tx) => moveSpKey(tx, { id, to }), org.operator);
  const states = async () =>
    Object.fromEntries(
      (await show(org, connectionId)).keys.map((key) => [key.id === made.id ? "new" : "old", key.status]),
    );

  const certificate = new X509Certificate(made.certificate);
  expect(certificate.publicKey.asymmetricKeyDetails?.modulusLength).toBe(3072);
  expect(made.validTo.getTime() - made.validFrom.getTime()).toBe(3 * 365 * dayMs);
  expect(await states()).toEqual({ old: "ACTIVE", new: "NEXT" });
  expect(await refusal(go(made.id, "ACTIVE"))).toMatchObject({
    code: "conflict",
    facts: { next: ["PUBLISHED", "RETIRED"] },
  });
  await go(made.id, "PUBLISHED");
  await go(made.id, "NEXT");
  await go(made.id, "PUBLISHED");
  await go(made.id, "ACTIVE");
  expect(await states()).toEqual({ old: "PUBLISHED", new: "ACTIVE" });
  await go(first!.id, "ACTIVE");
  expect(await states()).toEqual({ old: "ACTIVE", new: "PUBLISHED" });
  await go(made.id, "ACTIVE");
  expect(await refusal(go(made.id, "RETIRED"))).toMatchObject({ code: "conflict", facts: { from: "ACTIVE" } });
  // Until it is retired, the old key still decrypts what was encrypted for it.
  expect((await org.run((tx) => findSamlConnection(tx, connectionId)))?.keys).toHaveLength(2);
  await go(first!.id, "RETIRED");
  expect((await org.run((tx) => findSamlConnection(tx, connectionId)))?.keys.map((key) => key.status)).toEqual([
    "ACTIVE",
  ]);
  await go(first!.id, "PUBLISHED");
  expect(await states()).toEqual({ old: "PUBLISHED", new: "ACTIVE" });
});

test("SAML-11, SAML-15, SEC-10: private halves are sealed at rest and in nobody's answer", async () => {
  const org = await buildOrg(db);
  const connectionId = await importedConnection(org, keys);
  const other = await buildOrg(db);

  expect(JSON.stringify(await show(org, connectionId))).not.toMatch(/PRIVATE KEY|privateKey/);
  const rows = await asSuperuser<{ sealed: Buffer }>("select private_key_enc as sealed from sp_key where org_id = $1", [
    org.orgId,
  ]);
  expect(rows.map(({ sealed }) => sealed.includes("PRIVATE KEY"))).toEqual([false]);
  expect(await refusal(show(other, connectionId))).toMatchObject({ code: "not_found" });
});

test("SAML-15: two administrators who activate different keys at once leave one active", async () => {
  const org = await buildOrg(db);
  const connectionId = await importedConnection(org, keys);
  const add = () => addSpKey(db, org.operator, { connectionId, use: "SIGNING" });
  const made = [await add(), await add()];
  for (const { id } of made) await org.run((tx) => moveSpKey(tx, { id, to: "PUBLISHED" }), org.operator);

  await Promise.all(made.map(({ id }) => org.run((tx) => moveSpKey(tx, { id, to: "ACTIVE" }), org.operator)));

  const states = (await show(org, connectionId)).keys.map((key) => key.status).sort();
  expect(states).toEqual(["ACTIVE", "PUBLISHED", "PUBLISHED"]);
});

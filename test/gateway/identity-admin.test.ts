import { startLoginSession } from "../../services/domain/identity";
import { publicId, type MemberId } from "../../services/kernel/ids";
import { idpMetadata } from "../support/idp-metadata";
import { asSuperuser, importedConnection, registerAuthenticator, testRun } from "../support/identity";
import { buildOrg, publicUrl, type TestOrg } from "../support/world";
import { answerOf, GraphqlDoor, tokenOf, type Data } from "./support/door";
import { idpKeys, otherKeys } from "./support/mutation-scene";

const published = new Map<string, string>();
const records = new Map<string, string[][]>();
let door: GraphqlDoor;

beforeAll(async () => {
  door = await GraphqlDoor.open({
    budget: { points: 1e9, restorePerSecond: 1e9 },
    outside: {
      fetchMetadata: (url) => {
        const xml = published.get(url);
        return Promise.resolve({ url, headers: {}, status: xml ? 200 : 404, body: Buffer.from(xml ?? "nothing here") });
      },
      resolveTxt: (name) => Promise.resolve(records.get(name) ?? []),
    },
  });
});

type Act = (name: string, input: object, shows?: string) => Promise<Data>;

/** Asks for one mutation, as a token's or a session's. */
function acting(who: {
  readonly token?: string;
  readonly secret?: string;
}): Act & { ask(query: string): Promise<Data> } {
  const headers: Record<string, string> = who.secret
    ? { cookie: `plenum_session=${who.secret}`, origin: publicUrl }
    : { authorization: `Bearer ${who.token}` };
  const ask = async (query: string, variables: object = {}) =>
    answerOf(await door.send({ body: { query, variables }, headers }));
  const act: Act = async (name, input, shows = "") => {
    const type = `${name[0]!.toUpperCase()}${name.slice(1)}Input`;
    const query = `mutation ($input: ${type}!) { it: ${name}(input: $input) { ${shows} userErrors { code path facts } } }`;
    const { data, errors } = await ask(query, { input });
    return errors.length > 0 ? { errors: errors.map((e) => e.extensions) } : data.it;
  };
  return Object.assign(act, { ask: async (query: string) => (await ask(query)).data });
}

async function enterprise(): Promise<{ org: TestOrg; act: ReturnType<typeof acting> }> {
  const org = await buildOrg(door.db, { plan: "enterprise", seats: 5 });
  return { org, act: acting({ token: await tokenOf(org, "OWNER", org.ownerId) }) };
}

async function signIn(org: TestOrg, memberId: MemberId): Promise<string> {
  return (await org.run((tx) => startLoginSession(tx, { memberId, method: "LINK" }), org.system)).secret;
}

const settings = `name idpEntityId idpSsoUrl idpSsoBinding idpSloUrl idpSloBinding samlState scimState provisioning
  certificates { sha256 status keyBits subject } keys { use status }`;

test("SAML-03, SAML-04: metadata as a file, their address and typed settings make the same connection, a draft", async () => {
  const { act } = await enterprise();
  const keys = await idpKeys();
  const metadataUrl = "https://idp.acme.example/published.xml";
  published.set(metadataUrl, idpMetadata(keys));
  const manual = {
    idpEntityId: "https://idp.acme.example/metadata",
    ssoUrl: "https://idp.acme.example/sso?tenant=a&b=c",
    certificates: [keys.certificatePem],
  };
  const shown = [];
  for (const source of [{ metadataXml: idpMetadata(keys) }, { metadataUrl }, { manual }]) {
    const { connection: made } = await act("createConnection", { name: "Okta" }, "connection { id entityId }");
    const input = { ...source, connectionId: made.id, provisioning: "EXISTING" };
    const { connection, userErrors } = await act(
      "importConnection",
      input,
      `connection { ${settings} idpMetadataUrl }`,
    );
    expect(userErrors).toEqual([]);
    expect(made.entityId).toBe(`${publicUrl}/saml/${made.id}`);
    shown.push(connection);
  }
  const [byFile, byUrl, byHand] = shown;
  expect(byFile).toMatchObject({
    name: "Okta",
    samlState: "DRAFT",
    idpEntityId: manual.idpEntityId,
    idpSsoUrl: manual.ssoUrl,
    idpSsoBinding: "REDIRECT",
    provisioning: "EXISTING",
    certificates: [{ status: "LIVE", keyBits: 2048 }],
    keys: [{ use: "SIGNING", status: "ACTIVE" }],
    idpMetadataUrl: null,
  });
  expect(byUrl).toEqual({ ...byFile, idpMetadataUrl: metadataUrl });
  expect(byHand).toEqual(byFile);
});

test("SAML-03, SAML-07: an import needs one source, and one that can be had; a refused one leaves nothing", async () => {
  const { act } = await enterprise();
  const refused = async (input: object) => (await act("importConnection", input)).userErrors;

  expect(await refused({})).toMatchObject([{ code: "INVALID", path: ["input", "metadataXml"] }]);
  expect(await refused({ metadataXml: "<x/>", metadataUrl: "https://a.example" })).toMatchObject([{ code: "INVALID" }]);
  expect(await refused({ metadataUrl: "http://idp.acme.example/x" })).toMatchObject([
    { code: "INVALID", path: ["input", "metadataUrl"], facts: { reason: "url_scheme" } },
  ]);
  expect(await refused({ metadataUrl: "https://idp.acme.example/gone" })).toMatchObject([
    { code: "INVALID", path: ["input", "metadataUrl"], facts: { reason: "status", status: 404 } },
  ]);
  expect(await refused({ manual: { idpEntityId: "e", ssoUrl: "https://a.example", certificates: [] } })).toMatchObject([
    { code: "INVALID", path: ["input", "manual", "certificates"] },
  ]);
  expect((await act.ask("{ identityConnections { id } }")).identityConnections).toEqual([]);
});

test("ORG-08: without single sign-on in the plan no key is drawn and nothing is made", async () => {
  const act = acting({ token: await tokenOf(await buildOrg(door.db), "OWNER") });
  for (const [name, input] of [
    ["createConnection", { name: "x" }],
    ["importConnection", { metadataXml: idpMetadata(await idpKeys()) }],
  ] as const) {
    expect((await act(name, input)).userErrors).toMatchObject([
      { code: "ENTITLEMENT_REQUIRED", facts: { feature: "sso" } },
    ]);
  }
});

test("SAML-01, SAML-05, SAML-12: a connection is switched, deleted and brought back", async () => {
  const { org, act } = await enterprise();
  const connectionId = publicId("connection", await importedConnection(org, await idpKeys()));
  const set = async (state: string) => await act("setSamlState", { connectionId, state }, "connection { samlState }");

  expect((await set("TESTING")).connection).toEqual({ samlState: "TESTING" });
  expect((await set("ACTIVE")).connection).toEqual({ samlState: "ACTIVE" });
  expect((await set("DRAFT")).userErrors).toMatchObject([
    { code: "CONFLICT", facts: { next: ["TESTING", "DISABLED"] } },
  ]);
  expect((await act("deleteConnection", { connectionId }, "connectionId")).connectionId).toBe(connectionId);
  const listed = async (deleted: boolean) =>
    (await act.ask(`{ identityConnections(deleted: ${deleted}) { id samlState } }`)).identityConnections;
  expect([await listed(false), await listed(true)]).toEqual([[], [{ id: connectionId, samlState: "DISABLED" }]]);
  await act("restoreConnection", { connectionId });
  expect([await listed(false), await listed(true)]).toEqual([[{ id: connectionId, samlState: "DISABLED" }], []]);
  const empty = (await act("createConnection", { name: "Empty" }, "connection { id }")).connection.id as string;
  expect((await act("setSamlState", { connectionId: empty, state: "ACTIVE" })).userErrors).toMatchObject([
    { code: "CONFLICT", facts: { missing: "idpEntityId" } },
  ]);
});

test("ORG-09, SCIM-192: provisioning is switched off and on, tokens and members stay", async () => {
  const { org, act } = await enterprise();
  const connectionId = publicId("connection", await importedConnection(org, await idpKeys()));
  const set = async (state: string) =>
    await act("setScimState", { connectionId, state }, "connection { scimState provisioning }");

  expect((await set("PAUSED")).userErrors).toMatchObject([{ code: "CONFLICT", facts: { from: "OFF", next: ["ON"] } }]);
  expect((await set("ON")).connection).toEqual({ scimState: "ON", provisioning: "EXISTING" });
  await act("createScimToken", { connectionId, name: "Okta" });
  expect((await set("PAUSED")).connection.scimState).toBe("PAUSED");
  expect((await set("ON")).connection.scimState).toBe("ON");
  expect((await set("OFF")).connection.scimState).toBe("OFF");
  expect(
    (await act.ask("{ scimTokens(first: 5) { nodes { name scopes ipAllow connection { id } } } }")).scimTokens,
  ).toEqual({
    nodes: [{ name: "Okta", scopes: ["scim.read", "scim.write"], ipAllow: [], connection: { id: connectionId } }],
  });
  const draft = (await act("createConnection", { name: "Entra" }, "connection { id }")).connection.id as string;
  expect((await act("setScimState", { connectionId: draft, state: "ON" })).userErrors).toMatchObject([
    { code: "SSO_REQUIRED_FIRST" },
  ]);
});

test("SCIM-041: a token is rotated: both work for a while, or the old one ends at once", async () => {
  const { org, act } = await enterprise();
  const connectionId = publicId("connection", await importedConnection(org, await idpKeys()));
  const first = await act(
    "createScimToken",
    { connectionId, name: "Okta", scopes: ["scim.read"], ipAllow: ["192.0.2.0/24"] },
    "tokenId",
  );
  const shows = "tokenId secret expiresAt previousEndsAt";

  const second = await act("rotateScimToken", { tokenId: first.tokenId, overlapHours: 2, validDays: 30 }, shows);
  expect(second.secret).toMatch(/^plmscim_/);
  const hours = (Date.parse(second.previousEndsAt as string) - Date.now()) / 3_600_000;
  expect([
    Math.round(hours * 10) / 10,
    Math.round((Date.parse(second.expiresAt as string) - Date.now()) / 864e5),
  ]).toEqual([2, 30]);
  const live = async () =>
    (await act.ask("{ scimTokens(first: 5) { nodes { id name scopes ipAllow } } }")).scimTokens.nodes as {
      id: string;
    }[];
  const kept = { name: "Okta", scopes: ["scim.read"], ipAllow: ["192.0.2.0/24"] };
  expect(await live()).toEqual([
    { id: first.tokenId, ...kept },
    { id: second.tokenId, ...kept },
  ]);

  const third = await act("rotateScimToken", { tokenId: second.tokenId, overlapHours: 0 }, shows);
  expect((await live()).map(({ id }) => id)).toEqual([first.tokenId, third.tokenId]);
  expect((await act("rotateScimToken", { tokenId: second.tokenId })).userErrors).toMatchObject([{ code: "NOT_FOUND" }]);
  expect((await act("rotateScimToken", { tokenId: third.tokenId, overlapHours: 721 })).userErrors).toMatchObject([
    { code: "INVALID", path: ["input", "overlapHours"] },
  ]);
  // An overlap never prolongs: the first had two hours left.
  const again = await act("rotateScimToken", { tokenId: first.tokenId, overlapHours: 720 }, shows);
  expect(again.previousEndsAt).toBe(second.previousEndsAt);
});

test("SCIM-041: two rotations of one token at once make two tokens and end the old one once", async () => {
  const { org, act } = await enterprise();
  const connectionId = publicId("connection", await importedConnection(org, await idpKeys()));
  const { tokenId } = await act("createScimToken", { connectionId, name: "Okta" }, "tokenId");

  const answers = await Promise.all(
    Array.from({ length: 6 }, () => act("rotateScimToken", { tokenId, overlapHours: 0 }, "tokenId")),
  );

  const made = answers.filter((it) => it.tokenId !== null);
  expect(made.length).toBe(1);
  expect(answers.flatMap((it) => it.userErrors as { code: string }[]).map(({ code }) => code)).toEqual(
    Array(5).fill("NOT_FOUND"),
  );
  const { scimTokens } = await act.ask("{ scimTokens(first: 9) { nodes { id } } }");
  expect(scimTokens.nodes).toEqual([{ id: made[0].tokenId }]);
});

test("SAML-06, SAML-09, SAML-10: certificates are added, accepted, retired, reported; the last one of a live connection stays", async () => {
  const { org, act } = await enterprise();
  const connectionId = publicId("connection", await importedConnection(org, await idpKeys()));
  const other = (await otherKeys()).certificatePem;
  const shows = "certificate { id status }";

  const { certificate } = await act("addIdpCertificate", { connectionId, certificate: other }, shows);
  expect(certificate.status).toBe("LIVE");
  expect((await act("addIdpCertificate", { connectionId, certificate: other })).userErrors).toMatchObject([
    { code: "DUPLICATE" },
  ]);
  expect((await act("acceptIdpCertificate", { certificateId: certificate.id })).userErrors).toMatchObject([
    { code: "CONFLICT" },
  ]);
  expect((await act("retireIdpCertificate", { certificateId: certificate.id }, shows)).certificate.status).toBe(
    "RETIRED",
  );
  const { identityConnection } = await act.ask(
    `{ identityConnection(id: "${connectionId}") { certificates { id status } } }`,
  );
  const first = identityConnection.certificates[0] as { id: string };
  expect((await act("retireIdpCertificate", { certificateId: first.id })).userErrors).toMatchObject([
    { code: "CONFLICT", facts: { missing: "certificate" } },
  ]);
  const secret = await signIn(org, org.ownerId);
  await asSuperuser(
    "update login_session set connection_id = (select id from identity_connection where org_id = $1) where org_id = $1",
    [org.orgId],
  );
  const reported = await act("reportIdpCertificateCompromised", { certificateId: first.id }, `${shows} sessionsEnded`);
  expect(reported).toMatchObject({ certificate: { status: "COMPROMISED" }, sessionsEnded: 1 });
  expect(await acting({ secret }).ask("{ viewer { permissions } }")).toEqual({ viewer: null });
});

test("SAML-15: a key of ours goes from next to active, the old one stays published beside it", async () => {
  const { org, act } = await enterprise();
  const connectionId = publicId("connection", await importedConnection(org, await idpKeys()));
  const { key } = await act("addSpKey", { connectionId, use: "SIGNING" }, "key { id status certificate }");
  expect([key.status, key.certificate.startsWith("-----BEGIN CERTIFICATE-----")]).toEqual(["NEXT", true]);
  const move = async (status: string) =>
    act("setSpKeyStatus", { keyId: key.id, status }, "key { status connection { keys { status } } }");

  expect((await move("ACTIVE")).userErrors).toMatchObject([
    { code: "CONFLICT", facts: { next: ["PUBLISHED", "RETIRED"] } },
  ]);
  await move("PUBLISHED");
  expect((await move("ACTIVE")).key).toEqual({
    status: "ACTIVE",
    connection: { keys: [{ status: "PUBLISHED" }, { status: "ACTIVE" }] },
  });
  expect(
    JSON.stringify(await act.ask(`{ identityConnection(id: "${connectionId}") { keys { certificate } } }`)),
  ).not.toContain("PRIVATE KEY");
});

test("SAML-75, SAML-76: a domain is claimed, proved by its DNS, given to a connection, and taken off", async () => {
  const { org, act } = await enterprise();
  const connectionId = publicId("connection", await importedConnection(org, await idpKeys()));
  const shows = "domain { id domain status includesSubdomains dnsRecord { type name value } connection { id } }";
  const claimed = await act("claimDomain", { domain: `Atelier.${org.domain}` }, shows);
  const { id: domainId, dnsRecord } = claimed.domain as { id: string; dnsRecord: { name: string; value: string } };
  expect(claimed.domain).toMatchObject({
    domain: `atelier.${org.domain}`,
    status: "PENDING",
    dnsRecord: { type: "TXT", name: `_plenum-verify.atelier.${org.domain}` },
  });

  const check = async () => act("checkDomain", { domainId }, `proved answered domain { status verifiedBy }`);
  expect(await check()).toMatchObject({
    proved: false,
    answered: true,
    domain: { status: "PENDING", verifiedBy: null },
  });
  records.set(dnsRecord.name, [[dnsRecord.value]]);
  expect(await check()).toMatchObject({
    proved: true,
    answered: true,
    domain: { status: "VERIFIED", verifiedBy: "DNS" },
  });
  const updated = await act("updateDomain", { domainId, connectionId, includesSubdomains: true }, shows);
  expect(updated.domain).toMatchObject({ includesSubdomains: true, connection: { id: connectionId } });
  const reader = acting({ token: await tokenOf(org, "ADMIN") });
  expect(
    (await reader.ask(`{ verifiedDomains(first: 5, filter: { status: [VERIFIED] }) { totalCount } }`)).verifiedDomains
      .totalCount,
  ).toBe(2);
  await act("removeDomain", { domainId });
  expect((await act("checkDomain", { domainId })).userErrors).toMatchObject([{ code: "NOT_FOUND" }]);
  expect((await act("claimDomain", { domain: "gmail.com" })).userErrors).toMatchObject([
    { code: "INVALID", path: ["input", "domain"], facts: { reason: "free_mail" } },
  ]);
});

test("SAML-17: what runs out is told to administrators, the soonest first, in pages", async () => {
  const { org, act } = await enterprise();
  const connectionId = publicId("connection", await importedConnection(org, await idpKeys()));
  const first = await act("createScimToken", { connectionId, name: "Okta", validDays: 20 }, "tokenId");
  const second = await act("createScimToken", { connectionId, name: "Entra", validDays: 10 }, "tokenId");
  await act("createScimToken", { connectionId, name: "later", validDays: 90 });
  const page = async (args: string) =>
    (
      await act.ask(
        `{ identityExpiries(${args}) { totalCount nodes { kind what subjectId connectionId daysLeft } pageInfo { endCursor } } }`,
      )
    ).identityExpiries;

  const soonest = await page("first: 1");
  const common = { kind: "SCIM_TOKEN", connectionId };
  expect(soonest).toMatchObject({
    totalCount: 2,
    nodes: [{ ...common, what: "Entra", subjectId: second.tokenId as string, daysLeft: 10 }],
  });
  expect((await page(`first: 5, after: "${soonest.pageInfo.endCursor}"`)).nodes).toEqual([
    { ...common, what: "Okta", subjectId: first.tokenId as string, daysLeft: 20 },
  ]);
});

test("SAML-87: sessions are listed and ended: one's own, a member's by an administrator, an owner's by nobody below", async () => {
  const { org } = await enterprise();
  const [ada, admin] = [await org.add("ada"), await org.add("adam", { role: "ADMIN" })];
  const [laptop, phone] = [
    acting({ secret: await signIn(org, ada.id) }),
    acting({ secret: await signIn(org, ada.id) }),
  ];
  const mine = "{ sessions(first: 5) { nodes { id isCurrent method member { id } } } }";
  const { nodes } = (await laptop.ask(mine)).sessions as { nodes: { id: string; isCurrent: boolean }[] };
  expect(nodes.map(({ isCurrent }) => isCurrent)).toEqual([true, false]);
  expect(
    await laptop.ask(`{ sessions(first: 5, memberId: "${publicId("member", org.ownerId)}") { nodes { id } } }`),
  ).toBe(null);

  const revoked = await laptop("revokeSession", { sessionId: nodes[1]!.id }, "session { endedAt }");
  expect(revoked.session.endedAt).toMatch(/Z$/);
  expect(await phone.ask("{ viewer { permissions } }")).toEqual({ viewer: null });
  expect((await laptop("revokeSession", { sessionId: nodes[1]!.id })).userErrors).toMatchObject([
    { code: "NOT_FOUND" },
  ]);

  const owner = acting({ secret: await signIn(org, org.ownerId) });
  const ownerSession = (await owner.ask(mine)).sessions.nodes[0].id as string;
  expect((await laptop("revokeSession", { sessionId: ownerSession })).userErrors).toMatchObject([
    { code: "NOT_FOUND" },
  ]);
  const administrator = acting({ secret: await signIn(org, admin.id) });
  expect((await administrator("revokeSession", { sessionId: ownerSession })).errors).toMatchObject([
    { code: "FORBIDDEN" },
  ]);
  expect(
    (await administrator("revokeMemberSessions", { memberId: publicId("member", org.ownerId) })).errors,
  ).toMatchObject([{ code: "FORBIDDEN" }]);
  const all = await administrator("revokeMemberSessions", { memberId: publicId("member", ada.id) }, "sessionsEnded");
  expect(all.sessionsEnded).toBe(1);
  expect(await laptop.ask("{ viewer { permissions } }")).toEqual({ viewer: null });
  expect((await owner.ask(mine)).sessions.nodes.length).toBe(1);
});

test("SAML-11: an open session is not enough to change how people sign in; a fresh one is", async () => {
  const { org } = await enterprise();
  const secret = await signIn(org, org.ownerId);
  const act = acting({ secret });
  await asSuperuser("update login_session set auth_at = now() - interval '16 minutes' where org_id = $1", [org.orgId]);

  for (const [name, input] of [
    ["createConnection", { name: "x" }],
    ["claimDomain", { domain: `x.${org.domain}` }],
    ["setSsoEnforcement", { policy: "OFF" }],
    ["addSsoExemption", { kind: "GUESTS" }],
  ] as const) {
    expect((await act(name, input)).errors).toMatchObject([
      { code: "FORBIDDEN", facts: { reason: "FORBIDDEN", maxAgeMinutes: 15 } },
    ]);
  }
});

test("SAML-80, SAML-81, SAML-98: single sign-on is required by who has tried it and read who could not come in", async () => {
  const { org } = await enterprise();
  const connection = await importedConnection(org, await idpKeys());
  await org.add("ada");
  const act = acting({ secret: await signIn(org, org.ownerId) });
  const state = async () => (await act.ask("{ ssoEnforcement { policy isInForce isPaused missing } }")).ssoEnforcement;
  const need = async (acknowledged?: string) =>
    await act("setSsoEnforcement", { policy: "REQUIRED", acknowledged }, "enforcement { policy isInForce }");

  expect(await state()).toMatchObject({ policy: "OFF", isInForce: false, missing: ["BREAK_GLASS"] });
  expect((await need()).userErrors).toMatchObject([{ code: "CONFLICT", facts: { missing: "breakGlass" } }]);
  await registerAuthenticator(org, org.ownerId);
  const owner = publicId("member", org.ownerId);
  await act("addSsoExemption", { kind: "BREAK_GLASS", memberId: owner });
  await act("addSsoExemption", { kind: "API_TOKENS" });
  expect(
    (await act.ask("{ ssoExemptions(first: 5) { totalCount nodes { kind member { id } } } }")).ssoExemptions,
  ).toEqual({
    totalCount: 2,
    nodes: [
      { kind: "BREAK_GLASS", member: { id: owner } },
      { kind: "API_TOKENS", member: null },
    ],
  });
  expect((await need()).userErrors).toMatchObject([{ facts: { missing: "testRun" } }]);
  await testRun(org, connection, org.ownerId);

  const preview =
    "{ previewSsoEnforcement { digest apiTokensStopped lockedOut(first: 1) { totalCount nodes { memberId reasons } pageInfo { hasNextPage } } } }";
  const { digest, lockedOut, apiTokensStopped } = (await act.ask(preview)).previewSsoEnforcement;
  expect([apiTokensStopped, lockedOut.totalCount, lockedOut.pageInfo.hasNextPage]).toEqual([0, 2, true]);
  expect(lockedOut.nodes).toEqual([{ memberId: expect.stringMatching(/^mem_/), reasons: ["NO_RECENT_SSO"] }]);
  expect((await need("0".repeat(64))).userErrors).toMatchObject([{ facts: { missing: "acknowledgement" } }]);
  expect((await need(digest as string)).enforcement).toEqual({ policy: "REQUIRED", isInForce: true });
  expect((await act("removeSsoExemption", { kind: "BREAK_GLASS", memberId: owner })).userErrors).toMatchObject([
    { code: "CONFLICT", facts: { missing: "breakGlass" } },
  ]);
  const off = await act("setSsoEnforcement", { policy: "OFF" }, "enforcement { policy isInForce }");
  expect(off.enforcement).toEqual({ policy: "OFF", isInForce: false });
});

test("GQL-10, GQL-11: the report's pages hang together, and its cursors are sealed", async () => {
  const { org, act } = await enterprise();
  for (const name of ["a", "b", "c", "d"]) await org.add(name);
  const page = async (args: string) =>
    (
      await act.ask(
        `{ previewSsoEnforcement { lockedOut(${args}) { nodes { email } edges { cursor } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } } }`,
      )
    )?.previewSsoEnforcement.lockedOut;
  const whole = (await page("first: 100")).nodes as object[];
  const seen: object[] = [];
  let after = "";
  for (let more = true; more;) {
    const next: Data = await page(`first: 2${after}`);
    seen.push(...(next.nodes as object[]));
    after = `, after: "${next.pageInfo.endCursor}"`;
    more = next.pageInfo.hasNextPage as boolean;
  }
  expect(seen).toEqual(whole);
  expect(whole.length).toBe(5);
  const back = await page(`last: 2`);
  expect([back.nodes, back.pageInfo.hasPreviousPage]).toEqual([whole.slice(-2), true]);
  const before = await page(`last: 2, before: "${back.pageInfo.startCursor}"`);
  expect(before.nodes).toEqual(whole.slice(1, 3));
  for (const wrong of ["first: 101", "first: 0", `first: 1, after: "Zm9yZ2Vk"`, "first: 1, last: 1"]) {
    expect(await page(wrong)).toBe(undefined);
  }
});

import { vouchForDomain } from "../../services/domain/identity";
import { parseId, publicId } from "../../services/kernel/ids";
import { changeMember } from "../../services/domain/members";
import type { Database } from "../../services/platform/unit-of-work";
import { makeKeys, type KeyPair } from "../support/saml-kit";
import { answered, Browser, codeOn, connectIdp, openSaml, signIn, type SamlSite } from "../support/saml-door";
import { countsOf, trailOf } from "../support/saml-rows";
import { buildOrg, publicUrl, testWorld, type TestOrg } from "../support/world";

let db: Database;
let base: string;
let keys: KeyPair;
let org: TestOrg;
let idp: SamlSite;

beforeAll(async () => {
  db = await testWorld();
  [base, keys] = await Promise.all([openSaml(db), makeKeys("idp")]);
  org = await buildOrg(db, { seats: 50 });
  idp = await connectIdp(org, keys);
});

const as = (who: TestOrg, name: string, more = {}) => ({
  assertion: {
    nameId: `id-${name}`,
    attributes: [
      ["email", [who.email(name)]],
      ["firstName", ["Ada"]],
      ["lastName", ["Byron"]],
    ] as const,
    ...more,
  },
});

test("SAML-47, SAML-53, SAML-54: a first sign-in makes one member in one seat with one session, and lands where it began", async () => {
  const browser = new Browser(base);
  const before = await countsOf(org);

  const { visit, session } = await signIn(browser, idp, as(org, "ada"), "?RelayState=%2Fmembers%3Fpage%3D2%23top");

  expect([visit.status, visit.location]).toEqual([303, `${publicUrl}/members?page=2#top`]);
  expect(visit.headers.get("cache-control")).toBe("no-store");
  expect(visit.headers.get("referrer-policy")).toBe("no-referrer");
  expect(session).toMatchObject({ organization: { id: publicId("organization", org.orgId) }, role: "MEMBER" });
  expect(await countsOf(org)).toEqual({
    sessions: before.sessions + 1,
    members: before.members + 1,
    outcomes: before.outcomes + 1,
    replays: before.replays + 1,
    identities: before.identities + 1,
    seats: before.seats + 1,
  });
  expect(await trailOf(org)).toEqual([
    {
      action: "sso.sign_in",
      result: "DONE",
      facts: expect.objectContaining({
        effect: "CREATED",
        idpEntityId: idp.idpEntityId,
        nameId: expect.stringMatching(/^[0-9a-f]{16}$/),
        assertion: expect.stringMatching(/^[0-9a-f]{16}$/),
        certificate: keys.sha256,
        context: "urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport",
      }),
    },
  ]);
});

test("SAML-60: whoever came before is recognised by identity provider and NameID, whatever the address says now", async () => {
  await signIn(new Browser(base), idp, as(org, "grace"));
  const before = await countsOf(org);

  const { session } = await signIn(new Browser(base), idp, {
    assertion: { nameId: "id-grace", attributes: [["email", ["somebody@else.example"]]] },
  });

  expect(session).toMatchObject({ role: "MEMBER" });
  expect(await countsOf(org)).toMatchObject({
    members: before.members,
    identities: before.identities,
    sessions: before.sessions + 1,
  });
  expect((await trailOf(org))[0]?.facts).toMatchObject({ effect: "KNOWN" });
});

test.each(["assertion", "response", "both"] as const)(
  "SAML-34: a response signed on the %s signs in",
  async (signed) => {
    const { session } = await signIn(new Browser(base), idp, { ...as(org, `signed-${signed}`), signed });

    expect(session).toMatchObject({ role: "MEMBER" });
  },
);

test("SAML-53, SAML-85: both cookies are out of reach of scripts and of other sites", async () => {
  const browser = new Browser(base);
  const start = await browser.get(idp.connection.urls.loginUrl);
  expect(start.headers.getSetCookie()).toEqual([
    expect.stringMatching(/^plenum_sso=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax; Max-Age=900$/),
  ]);

  const { visit } = await signIn(browser, idp, as(org, "cookie"));

  expect(visit.headers.getSetCookie()).toEqual([
    expect.stringMatching(/^plenum_session=plmses_\S+; Path=\/; HttpOnly; SameSite=Lax; Max-Age=43200$/),
  ]);
});

test("SAML-A97: a session cookie planted before the sign-in is replaced", async () => {
  const browser = new Browser(base);
  const planted = "plmses_planted";
  browser.cookies.set(`${publicUrl} plenum_session`, planted);

  await signIn(browser, idp, as(org, "fixation"));

  expect(browser.cookies.get(`${publicUrl} plenum_session`)).toMatch(/^plmses_[0-9a-z]{26}_/);
});

test("SAML-A88, SAML-53: a response posted from another browser ends at the cookie, and the right one can still finish", async () => {
  const victim = new Browser(base);
  const thief = new Browser(base);
  const { form } = await answered(victim, idp, as(org, "victim"));
  const before = await countsOf(org);

  const posted = await thief.post(idp.connection.urls.acsUrl, form);
  expect([posted.status, posted.location]).toEqual([
    303,
    expect.stringMatching(/\/saml\/con_\w+\/complete\?code=[\w-]{22}$/),
  ]);
  await thief.get(idp.connection.urls.loginUrl);
  const stolen = await thief.get(posted.location ?? "");

  expect([stolen.status, codeOn(stolen)]).toEqual([403, "browser_mismatch"]);
  expect((await trailOf(org))[0]).toMatchObject({ result: "DENIED", facts: { code: "browser_mismatch" } });
  expect(await countsOf(org)).toMatchObject({
    members: before.members,
    sessions: before.sessions,
    seats: before.seats,
  });
  expect((await victim.get(posted.location ?? "")).status).toBe(303);
});

test("SAML-A87: the attacker's own response, posted from a foreign page into a victim's browser, signs nobody in", async () => {
  const attacker = new Browser(base);
  const victim = new Browser(base);
  const { form } = await answered(attacker, idp, as(org, "attacker"));
  const before = await countsOf(org);

  const posted = await victim.post(idp.connection.urls.acsUrl, form, { origin: "https://evil.example" });
  const completed = await victim.get(posted.location ?? "");

  expect(codeOn(completed)).toBe("browser_mismatch");
  expect((await victim.get("/session")).status).toBe(401);
  expect(await countsOf(org)).toMatchObject({ members: before.members, sessions: before.sessions });
});

test("SAML-53: the code works once, and not after its minute", async () => {
  const browser = new Browser(base);
  const { form } = await answered(browser, idp, as(org, "once"));
  const posted = await browser.post(idp.connection.urls.acsUrl, form);

  expect((await browser.get(posted.location ?? "")).status).toBe(303);
  const again = await browser.get(posted.location ?? "");
  expect([again.status, codeOn(again)]).toEqual([403, "outcome_unknown"]);
  for (const code of [
    "",
    "?code=",
    "?code=short",
    `?code=${"A".repeat(22)}`,
    `?code=${"A".repeat(22)}&code=${"A".repeat(22)}`,
  ]) {
    expect(codeOn(await browser.get(`${idp.connection.urls.acsUrl.replace("/acs", "/complete")}${code}`))).toBe(
      "outcome_unknown",
    );
  }
});

test("SAML-18: several tabs of one browser can each finish", async () => {
  const browser = new Browser(base);
  const first = await answered(browser, idp, as(org, "tabs"));
  const second = await answered(browser, idp, as(org, "tabs"));

  for (const { form } of [first, second]) {
    const posted = await browser.post(idp.connection.urls.acsUrl, form);
    expect((await browser.get(posted.location ?? "")).status).toBe(303);
  }
});

test.each([
  ["//evil.example", "/"],
  ["https://evil.example/", "/"],
  ["/\\evil.example", "/"],
  ["/\t/evil.example", "/"],
  ["javascript:alert(1)", "/"],
  ["/a\r\nSet-Cookie: x=1", "/"],
  [`/${"a".repeat(10_000)}`, "/"],
  ["/saml/con_x/login", "/"],
  ["/sso?email=x", "/"],
  ["members", "/"],
  ["/members/../..//evil.example", "/"],
  ["/b/acme/ada", "/b/acme/ada"],
])("SAML-23, SAML-A79: the address to return to is ours, or it is the default (%#)", async (asked, landing) => {
  const { visit } = await signIn(new Browser(base), idp, as(org, "landing"), `?return_to=${encodeURIComponent(asked)}`);

  expect([visit.status, visit.location]).toEqual([303, `${publicUrl}${landing}`]);
  expect(visit.text).not.toContain("evil");
});

test.each(["https://evil.example", "//evil.example", "a".repeat(10_000), "x\r\ny"])(
  "SAML-22, SAML-A79: a RelayState that is not ours (%#) chooses no page",
  async (RelayState) => {
    const browser = new Browser(base);
    const { form } = await answered(browser, idp, as(org, "relay"), "?RelayState=/members");
    const posted = await browser.post(idp.connection.urls.acsUrl, { ...form, RelayState });
    const visit = await browser.get(posted.location ?? "");

    expect([visit.status, visit.location]).toEqual([303, `${publicUrl}/`]);
  },
);

test("SAML-22: an identity provider that forgets the RelayState does no harm", async () => {
  const browser = new Browser(base);
  const { form } = await answered(browser, idp, as(org, "forgetful"), "?RelayState=/members");
  const posted = await browser.post(idp.connection.urls.acsUrl, { SAMLResponse: form.SAMLResponse });

  expect((await browser.get(posted.location ?? "")).location).toBe(`${publicUrl}/members`);
});

test("SAML-86: the session ends when the identity provider says so", async () => {
  const inTenMinutes = new Date(Date.now() + 600_000).toISOString();
  const { session } = await signIn(new Browser(base), idp, as(org, "limited", { sessionEnd: inTenMinutes }));

  expect(session).toMatchObject({ expiresAt: inTenMinutes });
});

test("SAML-87, SCIM-187: a member's suspension ends the session with the same commit", async () => {
  const browser = new Browser(base);
  const { session } = await signIn(browser, idp, as(org, "leaver"));
  const member = (session as { member: string }).member;

  await org.run(
    (tx) => changeMember(tx, { id: parseId("member", member), changes: [{ kind: "suspend" }] }),
    org.operator,
  );

  expect((await browser.get("/session")).status).toBe(401);
  const { visit } = await signIn(browser, idp, as(org, "leaver"));
  expect([visit.status, codeOn(visit)]).toEqual([403, "member_deactivated"]);
  expect((await browser.get("/session")).status).toBe(401);
});

test("SAML-A86, SAML-63: a person of two organizations signs in to the one whose identity provider vouched", async () => {
  const other = await buildOrg(db);
  const otherIdp = await connectIdp(other, await makeKeys("other"));
  const browser = new Browser(base);
  await org.run((tx) => vouchForDomain(tx, { domain: "shared.example" }), org.operator);
  const shared = { assertion: { nameId: "shared", attributes: [["email", ["owner@shared.example"]]] as const } };

  const here = await signIn(browser, idp, shared);
  const there = await signIn(new Browser(base), otherIdp, shared);

  expect(here.session).toMatchObject({ organization: { slug: org.slug }, role: "MEMBER" });
  expect(codeOn(there.visit)).toBe("email_domain_not_owned");
});

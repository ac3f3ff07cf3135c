import type { Database } from "../../services/platform/unit-of-work";
import { printSignInLink } from "../../services/domain/identity";
import { findPersonByEmail } from "../../services/platform/lobby";
import { login, makeKeys, type KeyPair, type LoginOptions } from "../support/saml-kit";
import {
  askedIn,
  Browser,
  codeOn,
  connectIdp,
  openSaml,
  sceneFor,
  signIn,
  type SamlSite,
  type Visit,
} from "../support/saml-door";
import { listCertificateRows } from "../../services/domain/identity/certificate.store";
import { configure, countsOf, execute, requestRow, trailOf } from "../support/saml-rows";
import { buildOrg, publicUrl, testWorld, type TestOrg } from "../support/world";

let db: Database;
let base: string;
let keys: KeyPair;
let org: TestOrg;
let idp: SamlSite;
let testUrl: string;

beforeAll(async () => {
  db = await testWorld();
  [base, keys] = await Promise.all([openSaml(db), makeKeys("idp")]);
});

beforeEach(async () => {
  org = await buildOrg(db);
  idp = await connectIdp(org, keys);
  testUrl = idp.connection.urls.acsUrl.replace("/acs", "/test");
});

/** The owner at a browser, signed in by link. */
async function owner(): Promise<Browser> {
  const browser = new Browser(base);
  const person = await findPersonByEmail(db, org.email("owner"));
  await browser.get(await printSignInLink(db, person ?? ("" as never)));
  return browser;
}

async function trial(
  browser: Browser,
  o: LoginOptions = {},
): Promise<{ visit: Visit; requestId: string; form: { SAMLResponse: string } }> {
  const start = await browser.get(testUrl);
  const { id } = askedIn(start.location ?? "");
  const form = { SAMLResponse: Buffer.from(login(sceneFor(idp, id), o)).toString("base64") };
  const posted = await browser.post(idp.connection.urls.acsUrl, form);
  return { visit: posted.location === null ? posted : await browser.get(posted.location), requestId: id, form };
}

const as = (name: string) => ({
  assertion: {
    nameId: `id-${name}`,
    attributes: [
      ["email", [org.email(name)]],
      ["firstName", ["Ada"]],
    ] as const,
  },
});

test.each(["DRAFT", "TESTING", "ACTIVE"])(
  "SAML-95, SAML-A82: a trial of a connection that is %s reports what a sign-in would do, and does nothing",
  async (state) => {
    await configure(org, idp.connection.id, { saml_state: state });
    const browser = await owner();
    const before = await countsOf(org);

    const { visit, requestId } = await trial(browser, as("ada"));

    expect(visit.status).toBe(200);
    expect(visit.text).toContain("The trial succeeded");
    expect(visit.text).toContain("would create a member");
    expect(visit.text).toContain("SAML-42 audience_mismatch");
    expect(visit.text).not.toContain("not reached");
    expect(await countsOf(org)).toEqual(before);
    expect((await requestRow(org, requestId))?.status).toBe("CONSUMED");
    expect(
      await execute(org, "select 1 from saml_test_run where org_id = $1 and passed and response_enc is not null"),
    ).toBe(1);
  },
);

test("SAML-95, SAML-97: a trial that fails says what to change, in the administrator's language, with masked values", async () => {
  const browser = await owner();
  const start = await browser.get(testUrl);
  const { id } = askedIn(start.location ?? "");
  const xml = login(sceneFor(idp, id), {
    assertion: { ...as("ada").assertion, audiences: [[`${idp.connection.spEntityId}/`]] },
  });
  const posted = await browser.post(idp.connection.urls.acsUrl, { SAMLResponse: Buffer.from(xml).toString("base64") });

  const page = await browser.get(posted.location ?? "", { "accept-language": "fr" });

  expect(page.text).toContain("L&#39;essai a échoué");
  expect(page.text).toContain("ne diffère que par une barre oblique finale");
  expect(await execute(org, "select 1 from saml_test_run where org_id = $1 and not passed")).toBe(1);
  const good = await trial(browser, as("masked"));
  expect(good.visit.text).toContain("mas…");
  expect(good.visit.text).not.toContain("id-masked");
});

test("SAML-96: what would stop the person shows as an outcome with a hint", async () => {
  await configure(org, idp.connection.id, { provisioning: "existing" });
  const browser = await owner();
  const { visit } = await trial(browser, as("nobody"));

  expect(visit.text).toContain("The trial failed");
  expect(visit.text).toContain("would be refused: member_unknown");
  expect(visit.text).toContain("This person is no member");
});

test("SAML-A82: the answer to a trial is no sign-in, also a second time, and the other way round", async () => {
  const browser = await owner();
  const { form } = await trial(browser, as("escalation"));
  const victim = new Browser(base);

  expect(codeOn(await victim.post(idp.connection.urls.acsUrl, form))).toBe("request_unknown");
  expect((await victim.get("/session")).status).toBe(401);
  // A sign-in's answer begins no report.
  expect((await signIn(new Browser(base), idp, as("normal"))).session).toMatchObject({ role: "MEMBER" });
  expect(await execute(org, "select 1 from saml_test_run where org_id = $1")).toBe(1);
});

test("SAML-95: the report is for whoever began it", async () => {
  const browser = await owner();
  const start = await browser.get(testUrl);
  const { id } = askedIn(start.location ?? "");
  const posted = await browser.post(idp.connection.urls.acsUrl, {
    SAMLResponse: Buffer.from(login(sceneFor(idp, id), as("private"))).toString("base64"),
  });
  const member = new Browser(base);
  await signIn(member, idp, as("member"));

  expect((await new Browser(base).get(posted.location ?? "")).status).toBe(403);
  expect((await member.get(posted.location ?? "")).status).toBe(403);
  expect((await member.get(testUrl)).status).toBe(403);
  expect((await browser.get(posted.location ?? "")).status).toBe(200);
  expect((await browser.get(`${testUrl}/nonsense`)).status).toBe(404);
  expect((await browser.get(`${testUrl}/0190aaaa-0000-7000-8000-000000000000`)).status).toBe(404);
});

test("SAML-105: twenty trials an hour, then a pause; a disabled connection has none", async () => {
  const browser = await owner();
  for (let i = 0; i < 20; i++) expect((await browser.get(testUrl)).status).toBe(302);
  expect([(await browser.get(testUrl)).status, codeOn(await browser.get(testUrl))]).toEqual([429, "rate_limited"]);

  await configure(org, idp.connection.id, { saml_state: "DISABLED" });
  expect(codeOn(await browser.get(testUrl))).toBe("connection_inactive");
});

test("SAML-100: trials are in the audit log, with the code and without the message", async () => {
  const browser = await owner();
  await trial(browser, { assertion: { issuer: "https://other.example" } });

  expect((await trailOf(org, 50)).some(({ action }) => action === "sso.refuse")).toBe(false);
  const rows = await execute(
    org,
    "select 1 from audit_entry where org_id = $1 and action = 'connection.test' and facts ->> 'code' = 'issuer_mismatch'",
  );
  expect(rows).toBe(1);
});

test("SAML-96: the report says as whom the person would come in: role by the mapping, seat, domain, groups, NameID", async () => {
  const roles = { when: "every_login", rules: [{ value: "plenum-admins", role: "ADMIN" }] };
  await configure(org, idp.connection.id, { mapping: { roles } });
  const browser = await owner();
  const before = await countsOf(org);
  const { attributes } = as("chief").assertion;
  const assertion = {
    nameId: "id-of-chief",
    attributes: [...attributes, ["groups", ["plenum-admins", "staff"]] as const],
  };

  const { visit } = await trial(browser, { assertion });

  expect(visit.text).toContain("would create a member, in the role of administrator, in a seat");
  expect(visit.text).toContain("verified for your organization");
  expect(visit.text).toContain("plenum-admins, staff");
  expect(visit.text).toContain("id-…ef <code>persistent</code>");
  expect(await countsOf(org)).toEqual(before);
  const foreign = await trial(browser, {
    assertion: { nameId: "id-foreign", attributes: [["email", ["x@other.example"]]] },
  });
  expect(foreign.visit.text).toContain("would be refused: email_domain_not_owned");
  expect(foreign.visit.text).toContain("not verified for your organization");
});

test("SAML-96: what passes with a warning is said in words", async () => {
  const browser = await owner();
  const late = new Date(Date.now() + 3 * 86_400_000).toISOString();
  const assertion = { ...as("long").assertion, notOnOrAfter: late, confirmationEnd: late };

  expect((await trial(browser, { assertion })).visit.text).toContain("stays valid for more than a day");
});

test("SAML-97, SAML-16: a certificate that the trial showed is added as second one, by whoever has compared it", async () => {
  const browser = await owner();
  const fresh = await makeKeys("renewed");
  const live = () => org.run(async (tx) => (await listCertificateRows(tx, idp.connection.id)).map((c) => c.sha256));
  const { visit } = await trial(browser, { ...as("ada"), keys: fresh });
  expect(visit.text).toContain(fresh.sha256);
  const action = /action="([^"]+\/certificate)"/.exec(visit.text)?.[1] ?? "";
  const target = new URL(action, `${testUrl}/x`).href;

  expect((await browser.post(target, {}, { origin: publicUrl })).status).toBe(403);
  expect((await browser.post(target, { compared: "yes" }, { origin: "https://evil.example" })).status).toBe(403);
  expect(await live()).toEqual([keys.sha256]);

  const added = await browser.post(target, { compared: "yes" }, { origin: publicUrl });
  expect([added.status, added.location]).toEqual([303, testUrl.replace(/test$/, "setup")]);
  expect(await live()).toEqual([keys.sha256, fresh.sha256]);
  expect((await signIn(new Browser(base), idp, { ...as("ada"), keys: fresh })).session).toMatchObject({
    role: "MEMBER",
  });
});

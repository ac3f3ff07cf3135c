import type { Database } from "../../services/platform/unit-of-work";
import { at, makeKeys, unsolicited, type AssertionOptions, type KeyPair } from "../support/saml-kit";
import {
  answered,
  Browser,
  codeOn,
  connectIdp,
  openSaml,
  sceneFor,
  type SamlSite,
  type Visit,
} from "../support/saml-door";
import { configure, countsOf, execute, trailOf } from "../support/saml-rows";
import { buildOrg, publicUrl, testWorld, type TestOrg } from "../support/world";

let db: Database;
let base: string;
let keys: KeyPair;
let org: TestOrg;
let idp: SamlSite;
let acsUrl: string;

beforeAll(async () => {
  db = await testWorld();
  [base, keys] = await Promise.all([openSaml(db), makeKeys("idp")]);
  org = await buildOrg(db, { seats: 30, name: "Acme & Söhne" });
  idp = await connectIdp(org, keys);
  ({ acsUrl } = idp.connection.urls);
  await configure(org, idp.connection.id, { idp_initiated: "accept" });
});

const scene = () => sceneFor(idp, "_none");
const tile = (name: string, o: AssertionOptions = {}) =>
  Buffer.from(
    unsolicited(scene(), {
      signed: "response",
      assertion: {
        nameId: `id-${name}`,
        inResponseTo: null,
        attributes: [
          ["email", [org.email(name)]],
          ["displayName", [`<b>${name}</b>`]],
        ],
        ...o,
      },
    }),
  ).toString("base64");
const post = (browser: Browser, SAMLResponse: string, RelayState?: string) =>
  browser.post(
    acsUrl,
    { SAMLResponse, ...(RelayState === undefined ? {} : { RelayState }) },
    { origin: "https://idp.example" },
  );
const codeIn = (page: Visit) => /name="code" value="([\w-]{22})"/.exec(page.text)?.[1] ?? "";
const press = (browser: Browser, page: Visit, headers: Record<string, string> = { origin: publicUrl }) =>
  browser.post(acsUrl.replace("/acs", "/complete"), { code: codeIn(page) }, headers);

test("SAML-56: an unsolicited sign-in is offered by name, and goes on when the person says so", async () => {
  const browser = new Browser(base);
  const before = await countsOf(org);

  const page = await browser.follow(await post(browser, tile("ada"), "/members"));

  expect(page.status).toBe(200);
  expect(page.text).toContain("&lt;b&gt;ada&lt;/b&gt;");
  expect(page.text).toContain("Acme &amp; Söhne");
  expect(await countsOf(org)).toMatchObject({
    sessions: before.sessions,
    members: before.members,
    seats: before.seats,
  });
  expect((await browser.get("/session")).status).toBe(401);

  const entered = await press(browser, page);
  expect([entered.status, entered.location]).toEqual([303, `${publicUrl}/members`]);
  expect((await browser.get("/session")).status).toBe(200);
  expect((await trailOf(org))[0]).toMatchObject({ action: "sso.sign_in", facts: { effect: "CREATED", request: null } });
});

test("SAML-A87: a foreign page can post a response, and neither see nor press the button", async () => {
  const victim = new Browser(base);
  const page = await victim.follow(await post(victim, tile("attacker")));

  expect(codeOn(await press(victim, page, { origin: "https://evil.example" }))).toBe("browser_mismatch");
  expect(codeOn(await press(victim, page, { "sec-fetch-site": "cross-site" }))).toBe("browser_mismatch");
  expect(page.headers.get("content-security-policy")).toContain("frame-ancestors 'none'");
  expect((await victim.get("/session")).status).toBe(401);
});

test("SAML-A88: the offer belongs to the first browser that comes with the code", async () => {
  const browser = new Browser(base);
  const thief = new Browser(base);
  const posted = await post(browser, tile("first"));
  const page = await browser.follow(posted);

  expect(codeOn(await thief.follow(posted))).toBe("browser_mismatch");
  expect(codeOn(await press(thief, page))).toBe("browser_mismatch");
  await thief.get(idp.connection.urls.loginUrl);
  expect(codeOn(await press(thief, page))).toBe("browser_mismatch");
  expect((await press(browser, page)).status).toBe(303);
  expect(codeOn(await press(browser, page))).toBe("outcome_unknown");
});

test("SAML-A63, SAML-48: one unsolicited response works once, also of fifty at the same time", async () => {
  const response = tile("once");
  const answers = await Promise.all(Array.from({ length: 50 }, () => post(new Browser(base), response)));

  expect(answers.filter((answer) => answer.status === 303)).toHaveLength(1);
  expect(answers.filter((answer) => codeOn(answer) === "replayed")).toHaveLength(49);
  expect(codeOn(await post(new Browser(base), response))).toBe("replayed");
});

test.each([
  ["five minutes old", (): AssertionOptions => ({ issueInstant: at(scene(), -302) }), "unsolicited_too_old"],
  ["expired", (): AssertionOptions => ({ notOnOrAfter: at(scene(), -61) }), "expired"],
  ["for another audience", (): AssertionOptions => ({ audiences: [["https://other.example"]] }), "audience_mismatch"],
  ["for another recipient", (): AssertionOptions => ({ recipient: "https://other.example" }), "recipient_mismatch"],
] as const)("SAML-56, SAML-57: %s, it is refused like a solicited one", async (_name, options, code) => {
  expect(codeOn(await post(new Browser(base), tile("late", options())))).toBe(code);
});

test("SAML-57: domains and states hold in this direction too", async () => {
  const browser = new Browser(base);
  const foreign = await browser.follow(
    await post(browser, tile("foreign", { attributes: [["email", ["ceo@other.example"]]] })),
  );
  expect(codeOn(await press(browser, foreign))).toBe("email_domain_not_owned");

  const page = await browser.follow(await post(browser, tile("switched")));
  await configure(org, idp.connection.id, { saml_state: "DISABLED" });
  expect(codeOn(await press(browser, page))).toBe("connection_inactive");
  expect(codeOn(await post(browser, tile("switched-2")))).toBe("connection_inactive");
  await configure(org, idp.connection.id, { saml_state: "ACTIVE" });
});

test.each(["https://evil.example", "//evil.example", "/\\evil", "javascript:alert(1)", "a".repeat(100)])(
  "SAML-A79: a RelayState is a path of ours or nothing (%#)",
  async (RelayState) => {
    const browser = new Browser(base);
    const page = await browser.follow(await post(browser, tile(`relay-${RelayState.length}`), RelayState));

    expect(page.text).not.toContain("evil");
    expect((await press(browser, page)).location).toBe(`${publicUrl}/`);
  },
);

test("SAML-55: answers to requests of ours go their usual way in this mode", async () => {
  const browser = new Browser(base);
  const { form } = await answered(browser, idp, {
    assertion: { nameId: "id-usual", attributes: [["email", [org.email("usual")]]] },
  });
  const posted = await browser.post(acsUrl, form);

  expect((await browser.get(posted.location ?? "")).status).toBe(303);
});

test("SAML-56: the offer does not wait for ever", async () => {
  const browser = new Browser(base);
  const posted = await post(browser, tile("slow"));
  await execute(org, "update sso_outcome set expires_at = now() where org_id = $1 and used_at is null");

  expect(codeOn(await browser.follow(posted))).toBe("outcome_unknown");
});

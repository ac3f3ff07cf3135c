import { createVerify } from "node:crypto";
import { inflateRawSync } from "node:zlib";
import { attribute, parseXml } from "../../services/kernel/xml/dom";
import type { Database } from "../../services/platform/unit-of-work";
import { SignedXml } from "xml-crypto";
import {
  logoutRequest,
  logoutResponse,
  redirectQuery,
  signedRequest,
  sloOf,
  type LogoutRequestOptions,
} from "../support/logout-kit";
import { makeKeys, operate, pick, statusOf, type KeyPair } from "../support/saml-kit";
import { Browser, codeOn, connectIdp, openSaml, sceneFor, signIn, type SamlSite } from "../support/saml-door";
import { configure, execute, trailOf } from "../support/saml-rows";
import { buildOrg, publicUrl, testWorld, type TestOrg } from "../support/world";

let db: Database;
let base: string;
let keys: KeyPair;
let org: TestOrg;
let idp: SamlSite;
const sloUrl = "https://idp.example/slo?tenant=1";

beforeAll(async () => {
  db = await testWorld();
  [base, keys] = await Promise.all([openSaml(db), makeKeys("idp")]);
  org = await buildOrg(db, { seats: 30 });
  idp = await connectIdp(org, keys);
  await configure(org, idp.connection.id, { slo_url: sloUrl, slo_binding: "REDIRECT" });
});

const as = (name: string, sessionIndex = "_s1") => ({
  assertion: { nameId: `id-${name}`, sessionIndex, attributes: [["email", [org.email(name)]]] as const },
});

async function signedIn(name: string, sessionIndex?: string): Promise<Browser> {
  const browser = new Browser(base);
  await signIn(browser, idp, as(name, sessionIndex));
  return browser;
}

const isIn = async (browser: Browser) => (await browser.get("/session")).status === 200;
const scene = (site = idp, requestId = "_x") => sceneFor(site, requestId);
const sloOfSite = (site = idp) => sloOf(scene(site));
const ask = (browser: Browser, o: LogoutRequestOptions, relayState?: string, site = idp) =>
  browser.get(
    `${sloOfSite(site)}?${redirectQuery(scene(site), "SAMLRequest", logoutRequest(scene(site), o), relayState === undefined ? {} : { relayState })}`,
  );

function inflated(location: string, name: "SAMLRequest" | "SAMLResponse") {
  const url = new URL(location);
  const root = parseXml(inflateRawSync(Buffer.from(url.searchParams.get(name) ?? "", "base64")).toString());
  return { url, root };
}

function signatureHolds(location: string, site = idp): boolean {
  const signed = /(SAMLRe\w+=[^&]+(?:&RelayState=[^&]*)?&SigAlg=[^&]+)&Signature=([^&]+)/.exec(location);
  const certificate = site.connection.keys[0]?.certificatePem ?? "";
  return createVerify("sha256")
    .update(signed?.[1] ?? "")
    .verify(certificate, decodeURIComponent(signed?.[2] ?? ""), "base64");
}

test("SAML-91: the identity provider ends the sessions of the name, and is answered, signed, at its own address", async () => {
  const [here, there, other] = [await signedIn("ada"), await signedIn("ada", "_s2"), await signedIn("grace")];

  const answer = await ask(new Browser(base), { id: "_slo-1", nameId: "id-ada" }, "idp-state");

  const { url, root } = inflated(answer.location ?? "", "SAMLResponse");
  expect([answer.status, url.origin + url.pathname, url.searchParams.get("tenant")]).toEqual([
    302,
    "https://idp.example/slo",
    "1",
  ]);
  expect([
    attribute(root, "InResponseTo"),
    attribute(root, "Destination"),
    attribute(pick(root, "StatusCode"), "Value"),
  ]).toEqual(["_slo-1", sloUrl, statusOf("Success")]);
  expect(url.searchParams.get("RelayState")).toBe("idp-state");
  expect(signatureHolds(answer.location ?? "")).toBe(true);
  expect([await isIn(here), await isIn(there), await isIn(other)]).toEqual([false, false, true]);
  expect((await trailOf(org))[0]).toMatchObject({ action: "sso.logout", facts: { sessions: 2 } });
});

test("SAML-91: session indexes narrow it down, another format is another name", async () => {
  const [one, two] = [await signedIn("lin", "_a"), await signedIn("lin", "_b")];

  await ask(new Browser(base), { nameId: "id-lin", sessionIndexes: ["_a"] });
  expect([await isIn(one), await isIn(two)]).toEqual([false, true]);
  await ask(new Browser(base), { nameXml: '<saml:NameID Format="urn:other">id-lin</saml:NameID>' });
  expect(await isIn(two)).toBe(true);
  await ask(new Browser(base), { nameXml: "<saml:NameID>id-lin</saml:NameID>" });
  expect(await isIn(two)).toBe(false);
});

test("SAML-A78: the same request again ends nothing more and is answered alike", async () => {
  const query = redirectQuery(scene(), "SAMLRequest", logoutRequest(scene(), { id: "_replayed", nameId: "id-kay" }));
  const browser = await signedIn("kay");
  const first = await new Browser(base).get(`${sloOfSite()}?${query}`);
  expect(await isIn(browser)).toBe(false);
  const again = await signedIn("kay");

  const second = await new Browser(base).get(`${sloOfSite()}?${query}`);

  expect([first.status, second.status]).toEqual([302, 302]);
  expect(await isIn(again)).toBe(true);
});

test("SAML-A77: an identity provider ends no session of another connection or organization", async () => {
  const other = await buildOrg(db);
  const otherIdp = await connectIdp(other, await makeKeys("other"));
  const victim = await signedIn("victim");

  const answer = await ask(new Browser(base), { nameId: "id-victim" }, undefined, otherIdp);

  expect(answer.status).toBe(200);
  expect(await isIn(victim)).toBe(true);
  const misplaced = await new Browser(base).get(
    `${sloOfSite()}?${redirectQuery(scene(otherIdp), "SAMLRequest", logoutRequest(scene(otherIdp), { nameId: "id-victim", destination: sloOfSite() }))}`,
  );
  expect(codeOn(misplaced)).toBe("signature_invalid");
  expect(await isIn(victim)).toBe(true);
});

test("SAML-A70, SAML-A71: unsigned and confused requests end nothing and are in the audit log", async () => {
  const browser = await signedIn("kept");
  const unsigned = redirectQuery(scene(), "SAMLRequest", logoutRequest(scene(), { nameId: "id-kept" }), {
    unsigned: true,
  });
  const confused = `${redirectQuery(scene(), "SAMLResponse", logoutResponse(scene()))}&%53AMLRequest=${unsigned.split("=")[1] ?? ""}`;

  expect(codeOn(await new Browser(base).get(`${sloOfSite()}?${unsigned}`))).toBe("signature_missing");
  expect(codeOn(await new Browser(base).get(`${sloOfSite()}?${confused}`))).toBe("query_ambiguous");
  expect(codeOn(await new Browser(base).get(sloOfSite()))).toBe("response_missing");

  expect(await isIn(browser)).toBe(true);
  expect((await trailOf(org, 3)).map(({ facts }) => facts["code"])).toEqual([
    "response_missing",
    "query_ambiguous",
    "signature_missing",
  ]);
});

test("SAML-93: a posted request works alike; the answer goes as a form where the identity provider wants it", async () => {
  await configure(org, idp.connection.id, { slo_binding: "POST" });
  const browser = await signedIn("post");
  const field = Buffer.from(signedRequest(scene(), { id: "_posted", nameId: "id-post" })).toString("base64");

  const answer = await new Browser(base).post(sloOfSite(), { SAMLRequest: field, RelayState: "a".repeat(81) });
  await configure(org, idp.connection.id, { slo_binding: "REDIRECT" });

  expect(await isIn(browser)).toBe(false);
  const sent = Buffer.from(/name="SAMLResponse" value="([^"]+)"/.exec(answer.text)?.[1] ?? "", "base64").toString();
  const verifier = new SignedXml({ publicCert: idp.connection.keys[0]?.certificatePem ?? "" });
  operate(sent, (root) => {
    expect(attribute(root, "InResponseTo")).toBe("_posted");
    verifier.loadSignature(pick(root, "Signature"));
  });
  expect(verifier.checkSignature(sent)).toBe(true);
  expect(answer.text).not.toContain("RelayState");
  expect(answer.headers.get("content-security-policy")).toContain("form-action 'self' https://idp.example https:;");
});

test("SAML-90: signing out here ends the session first and tells the identity provider the exact name", async () => {
  const browser = await signedIn("bob", "_bob-session");

  const page = await browser.post("/saml/logout", {}, { origin: publicUrl });

  expect(await isIn(browser)).toBe(false);
  const fields = Object.fromEntries(
    [...page.text.matchAll(/name="(\w+)" value="([^"]*)"/g)].map(([, name, value]) => [name, value]),
  );
  expect(Object.keys(fields)).toEqual(["tenant", "SAMLRequest", "RelayState", "SigAlg", "Signature"]);
  const query = new URLSearchParams(fields as Record<string, string>).toString();
  const { root } = inflated(`https://x.example/?${query}`, "SAMLRequest");
  expect(signatureHolds(query)).toBe(true);
  expect([
    attribute(root, "Destination"),
    pick(root, "NameID").textContent,
    attribute(pick(root, "NameID"), "Format"),
    pick(root, "SessionIndex").textContent,
  ]).toEqual([sloUrl, "id-bob", "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent", "_bob-session"]);
  expect(page.headers.get("content-security-policy")).toContain("form-action 'self' https://idp.example https:;");

  const requestId = attribute(root, "ID") ?? "";
  const back = (o: object) =>
    `${sloOfSite()}?${redirectQuery(scene(), "SAMLResponse", logoutResponse(scene(idp, requestId), o))}`;
  const partial = `<samlp:Status><samlp:StatusCode Value="${statusOf("Success")}"><samlp:StatusCode Value="${statusOf("PartialLogout")}"/></samlp:StatusCode></samlp:Status>`;
  const done = await browser.get(back({ statusXml: partial }), { "accept-language": "fr" });
  expect([done.status, done.text.includes("n&#39;a pas pu fermer") || done.text.includes("n'a pas pu fermer")]).toEqual(
    [200, true],
  );
  // SAML-A75: nobody waits any more, and an unknown answer changes nothing.
  expect(codeOn(await browser.get(back({})))).toBe("logout_unknown");
  expect(
    codeOn(
      await browser.get(
        `${sloOfSite()}?${redirectQuery(scene(), "SAMLResponse", logoutResponse(scene(idp, "_never")))}`,
      ),
    ),
  ).toBe("logout_unknown");
});

test("SAML-90: without an address for it the logout is ours alone, and says so; so for sessions by e-mail link", async () => {
  await configure(org, idp.connection.id, { slo_url: null });
  const browser = await signedIn("local");

  const page = await browser.post("/saml/logout", {}, { origin: publicUrl });
  await configure(org, idp.connection.id, { slo_url: sloUrl });

  expect([page.status, await isIn(browser)]).toEqual([200, false]);
  expect(page.text).toContain("Your session has ended.");
});

test("SAML-88: a foreign page signs nobody out, and nobody is signed out without a session", async () => {
  const browser = await signedIn("csrf");

  const foreign = await browser.post("/saml/logout", {}, { origin: "https://evil.example" });
  const crossSite = await browser.post("/saml/logout", {}, { "sec-fetch-site": "cross-site" });

  expect([foreign.status, crossSite.status, await isIn(browser)]).toEqual([403, 403, true]);
  expect((await new Browser(base).post("/saml/logout", {}, { origin: publicUrl })).status).toBe(403);
});

test("SAML-91: what was signed out stays so for the database, whoever still holds the cookie", async () => {
  await signedIn("rows");
  await ask(new Browser(base), { nameId: "id-rows" });

  const open = await execute(
    org,
    "select 1 from login_session where org_id = $1 and name_id_key = 'id-rows' and ended_at is null",
  );
  const reasons = await execute(
    org,
    "select 1 from login_session where org_id = $1 and name_id_key = 'id-rows' and end_reason = 'SINGLE_LOGOUT'",
  );
  expect([open, reasons]).toEqual([0, 1]);
});

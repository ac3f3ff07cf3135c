import express from "express";
import { auth, metadata, type AuthOptions } from "samlp";
import { importConnection } from "../../services/domain/identity";
import type { Database } from "../../services/platform/unit-of-work";
import { makeKeys, type KeyPair } from "../support/saml-kit";
import { Browser, codeOn, openSaml, type Visit } from "../support/saml-door";
import { trailOf } from "../support/saml-rows";
import { listen } from "../support/listen";
import { buildOrg, publicUrl, testWorld, type TestOrg } from "../support/world";

// An identity provider that nobody here wrote: npm's `samlp` of Auth0, with an xml-crypto of its own.
let db: Database;
let base: string;
let keys: KeyPair;
let org: TestOrg;
let idp: string;
let user: {
  id: string;
  displayName: string;
  name: { givenName: string; familyName: string };
  emails: { value: string }[];
};
let modes: Partial<AuthOptions> = {};

beforeAll(async () => {
  db = await testWorld();
  [base, keys] = await Promise.all([openSaml(db), makeKeys("samlp")]);
  org = await buildOrg(db, { seats: 20 });
  const app = express();
  let acs = "";
  const issuer = "urn:test:samlp";
  const cert = keys.certificatePem;
  app.get("/metadata", metadata({ issuer, cert, redirectEndpointPath: "/sso", postEndpointPath: "/sso" }));
  app.get("/sso", (req, res, next) => {
    auth({
      issuer,
      cert,
      key: keys.privateKeyPem,
      recipient: acs,
      destination: acs,
      sessionIndex: "_samlp-session",
      getPostURL: (_audience, _dom, _req, done) => done(null, acs),
      getUserFromRequest: () => user,
      ...modes,
    })(req, res, next);
  });
  idp = await listen(app);
  const xml = await (await fetch(`${idp}/metadata`)).text();
  const connection = await org.run((tx) => importConnection(tx, { from: { kind: "metadata", xml } }), org.operator);
  acs = connection.urls.acsUrl;
  loginUrl = connection.urls.loginUrl;
});

let loginUrl: string;

/** What a browser does: follows to the identity provider, submits the form that comes back, follows home. */
async function signIn(browser: Browser, query = ""): Promise<Visit> {
  const form = await browser.get((await browser.get(loginUrl + query)).location ?? "");
  const field = (name: string) => new RegExp(`name="${name}"\\s+value="([^"]*)"`).exec(form.text)?.[1] ?? "";
  const action = /action="([^"]+)"/.exec(form.text)?.[1] ?? "";
  const unescape = (text: string) =>
    text
      .replace(/&#x([0-9a-f]+);/gi, (_, hex: string) => String.fromCodePoint(parseInt(hex, 16)))
      .replaceAll("&amp;", "&");
  const posted = await browser.post(unescape(action), {
    SAMLResponse: unescape(field("SAMLResponse")),
    RelayState: unescape(field("RelayState")),
  });
  return posted.location === null ? posted : browser.get(posted.location);
}

const named = (name: string) => ({
  id: `samlp|${name}`,
  displayName: name,
  name: { givenName: name, familyName: "Tester" },
  emails: [{ value: org.email(name) }],
});

test.each([
  ["assertion signed", {}],
  ["response signed", { signResponse: true, signAssertion: false }],
  ["both signed", { signResponse: true }],
])("SAML-109: samlp signs a person in over HTTP, %s", async (name, mode) => {
  modes = mode;
  user = named(name.replaceAll(" ", "-"));
  const browser = new Browser(base);

  const visit = await signIn(browser, "?RelayState=/welcome");

  expect([visit.status, visit.location]).toEqual([303, `${publicUrl}/welcome`]);
  expect(JSON.parse((await browser.get("/session")).text)).toMatchObject({
    role: "MEMBER",
    organization: { slug: org.slug },
  });
  expect((await trailOf(org))[0]).toMatchObject({
    action: "sso.sign_in",
    facts: { effect: "CREATED", idpEntityId: "urn:test:samlp" },
  });
});

test("SAML-109: samlp recognises the person the next time, and a stranger's address stays out", async () => {
  modes = {};
  user = named("returning");
  await signIn(new Browser(base));
  await signIn(new Browser(base));
  expect((await trailOf(org))[0]?.facts).toMatchObject({ effect: "KNOWN" });

  user = { ...named("stranger"), emails: [{ value: "stranger@elsewhere.example" }] };
  expect(codeOn(await signIn(new Browser(base)))).toBe("email_domain_not_owned");
});

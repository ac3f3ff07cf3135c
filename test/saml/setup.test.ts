import { addSpKey, moveSpKey, printSignInLink, mappingProfileNames } from "../../services/domain/identity";
import { findPersonByEmail } from "../../services/platform/lobby";
import type { Database } from "../../services/platform/unit-of-work";
import { setupGuides } from "../../services/saml/setup-guides";
import { Browser, connectIdp, openSaml, signIn, type SamlSite } from "../support/saml-door";
import { makeKeys, type KeyPair } from "../support/saml-kit";
import { buildOrg, testWorld, type TestOrg } from "../support/world";

let db: Database;
let base: string;
let keys: KeyPair;
let org: TestOrg;
let idp: SamlSite;
let setupUrl: string;

beforeAll(async () => {
  db = await testWorld();
  [base, keys] = await Promise.all([openSaml(db), makeKeys("idp")]);
  org = await buildOrg(db);
  idp = await connectIdp(org, keys, { idpEntityId: "http://www.okta.com/exk1fcia6d6EMsf331d8" });
  setupUrl = idp.connection.urls.acsUrl.replace("/acs", "/setup");
});

async function ownerOf(which: TestOrg): Promise<Browser> {
  const browser = new Browser(base);
  const person = await findPersonByEmail(db, which.email("owner"));
  await browser.get(await printSignInLink(db, person ?? ("" as never)));
  return browser;
}

const copied = (text: string) => [...text.matchAll(/data-copy="([^"]*)"/g)].map(([, value]) => value);

test("SAML-14: every value has a button that copies exactly it, and the page warns that it must match exactly", async () => {
  await addSpKey(db, org.operator, { connectionId: idp.connection.id, use: "ENCRYPTION" });
  const { text, status, headers } = await (await ownerOf(org)).get(setupUrl);
  const { urls, spEntityId } = idp.connection;

  expect(status).toBe(200);
  const values = copied(text);
  const sloUrl = urls.acsUrl.replace("/acs", "/slo");
  for (const value of [spEntityId, urls.acsUrl, sloUrl, urls.loginUrl, urls.metadataUrl]) {
    expect(values).toContain(value);
  }
  expect(values.filter((value) => value?.startsWith("-----BEGIN CERTIFICATE-----"))).toHaveLength(3);
  expect(text).not.toContain("PRIVATE KEY");
  expect(text).toContain("Copy every value exactly as it stands");
  expect(text).toContain(keys.sha256);
  expect(headers.get("content-security-policy")).toMatch(/script-src 'nonce-[^']+'/);
});

test("SAML-14: it speaks the words of the identity provider, guessed by its entity id or chosen, in the reader's language", async () => {
  const browser = await ownerOf(org);

  const guessed = await browser.get(setupUrl);
  expect(guessed.text).toContain("<dt>Audience URI (SP Entity ID)</dt>");
  const french = await browser.get(`${setupUrl}?idp=entra`, { "accept-language": "fr" });
  expect(french.text).toContain("<dt>Identifier (Entity ID)</dt>");
  expect(french.text).toContain("Recopiez chaque valeur telle quelle");
  expect(french.text).toContain("Applications d&#39;entreprise");
  for (const name of mappingProfileNames) {
    const { text } = await browser.get(`${setupUrl}?idp=${name}`);
    for (const [label] of setupGuides[name].fields) expect(text).toContain(`<dt>${label}</dt>`);
  }
});

test("SAML-97: an error that the identity provider showed can be pasted and is explained", async () => {
  const browser = await ownerOf(org);
  const paste = (error: string) => browser.get(`${setupUrl}?${new URLSearchParams({ error }).toString()}`);

  expect((await paste("Sorry, … AADSTS50011: The redirect URI 'x' …")).text).toContain(
    "The reply URL entered in Entra is not our ACS address.",
  );
  expect((await paste("it is broken <script>alert(1)</script>")).text).toContain(
    "This text holds no code that we know",
  );
  expect((await paste("<script>alert(1)</script>")).text).not.toContain("alert(1)");
});

test("SAML-14, SAML-63: neither strangers, nor plain members, nor another organization's owner see it", async () => {
  const member = new Browser(base);
  await signIn(member, idp, { assertion: { nameId: "m", attributes: [["email", [org.email("m")]]] } });
  const foreign = await ownerOf(await buildOrg(db));

  expect((await new Browser(base).get(setupUrl)).status).toBe(403);
  expect((await member.get(setupUrl)).status).toBe(403);
  expect((await foreign.get(setupUrl)).status).toBe(404);
});

test("SAML-13, SAML-15: metadata lists the key in use first: identity providers encrypt for whichever they read first", async () => {
  const own = await buildOrg(db);
  const { id: connectionId, urls } = (await connectIdp(own, keys)).connection;
  const caller = own.operator;
  const listed = async () => {
    const { text } = await new Browser(base).get(urls.metadataUrl);
    return [...text.matchAll(/use="encryption">[^]*?<ds:X509Certificate>([^<]+)</g)].map(([, body]) => body);
  };
  const bodyOf = (pem: string) => pem.replace(/-----[A-Z ]+-----/g, "").trim();
  const first = await addSpKey(db, caller, { connectionId, use: "ENCRYPTION" });
  const second = await addSpKey(db, caller, { connectionId, use: "ENCRYPTION" });
  expect(await listed()).toEqual([bodyOf(first.certificate)]);

  await db.run(caller, (tx) => moveSpKey(tx, { id: second.id, to: "PUBLISHED" }));
  expect(await listed()).toEqual([first, second].map(({ certificate }) => bodyOf(certificate)));
  await db.run(caller, (tx) => moveSpKey(tx, { id: second.id, to: "ACTIVE" }));
  expect(await listed()).toEqual([second, first].map(({ certificate }) => bodyOf(certificate)));
});

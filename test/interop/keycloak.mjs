// Driven by keycloak.sh. SAML-109 with Keycloak, set up over its own REST interface the way docs/guides/saml/keycloak says.
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { Browser } from "./browser.mjs";
import { Keycloak, realm } from "./keycloak-admin.mjs";
import { plenum } from "./plenum.mjs";

const [origin, idp, folder] = process.argv.slice(2);
const keycloak = new Keycloak(idp);
await keycloak.makeRealm();

// Each side reads the other's metadata, and nothing is typed.
writeFileSync(join(folder, "idp.xml"), await (await fetch(`${idp}/realms/${realm}/protocol/saml/descriptor`)).text());
const { loginUrl, metadataUrl } = await plenum("saml", "import", "--metadata-file", join(folder, "idp.xml"));
const ourMetadata = async () => (await fetch(metadataUrl)).text();
const described = await keycloak.importClient(await ourMetadata());
const { attributes } = described;
assert.equal((await plenum("saml", "show")).signRequests, true, "its metadata want signed requests");
assert.equal(attributes["saml.client.signature"], "true", "and ours say that they are");
assert.equal(attributes.saml_name_id_format, "persistent");
await keycloak.addMappers();
await plenum("saml", "set", "--profile", "keycloak");
console.log("each side has read the other's metadata");

async function signIn(browser, user, query = "") {
  let page = await browser.visit(loginUrl + query);
  if (/name="password"/.test(page.text)) page = await browser.submit(page, { username: user, password: `${user}pw` });
  return /name="SAMLResponse"/.test(page.text) ? browser.submit(page) : page;
}

async function who(browser) {
  const answer = await browser.step(`${origin}/session`);
  return answer.status === 200 ? JSON.parse(answer.text) : undefined;
}

async function isSignedIn(what) {
  const browser = new Browser();
  const page = await signIn(browser, "alice");
  assert.equal((await who(browser))?.member, alice.member, `${what}: ${page.url} ${page.text.slice(-900)}`);
  return browser;
}

const first = new Browser();
const page = await signIn(first, "alice");
const alice = await who(first);
assert.equal(alice?.organization.slug, "acme", page.text.slice(-900));
console.log("signed in, with a signed request by redirect:", alice.member);

await isSignedIn("in another browser");
const mallory = new Browser();
assert.match((await signIn(mallory, "mallory")).text, /<code>email_domain_not_owned<\/code>/);
assert.equal(await who(mallory), undefined);
const replayer = new Browser();
let form = await replayer.visit(loginUrl);
form = await replayer.submit(form, { username: "alice", password: "alicepw" });
await replayer.submit(form);
assert.match((await replayer.submit(form)).text, /<code>replayed<\/code>/);
console.log("recognised again; a foreign address and a replayed response are refused");

// SAML-20: the same question in a form. What belongs to a connection and to no command is asked for by GraphQL.
const { token } = await plenum("token", "create", "--org", "acme", "--role", "owner");
async function change(settings) {
  const { id: connectionId } = await plenum("saml", "show");
  const query =
    "mutation($input: UpdateConnectionInput!) { updateConnection(input: $input) { userErrors { message } } }";
  const answer = await fetch(`${origin}/graphql`, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: `Bearer ${token}` },
    body: JSON.stringify({ query, variables: { input: { connectionId, ...settings } } }),
  });
  assert.deepEqual((await answer.json()).data?.updateConnection, { userErrors: [] });
}
await change({ ssoBinding: "POST" });
const asked = await new Browser().visit(loginUrl);
assert.match(asked.text, /name="SAMLRequest"/);
const poster = new Browser();
const login = await poster.submit(await poster.visit(loginUrl));
await poster.submit(await poster.submit(login, { username: "alice", password: "alicepw" }));
assert.equal((await who(poster))?.member, alice.member);
await change({ ssoBinding: "REDIRECT" });
console.log("signed in, with a signed request by POST");

// What the guide says an administrator sees.
await plenum("saml", "set", "--sign-requests", "off");
const unsigned = await new Browser().visit(loginUrl);
assert.match(unsigned.text, /Invalid requester/i);
await plenum("saml", "set", "--sign-requests", "on");
console.log("an unsigned request is refused by Keycloak: Invalid requester");

// What is signed: as it comes out of the import both are.
for (const [response, assertion] of [
  ["true", "false"],
  ["false", "true"],
]) {
  await keycloak.setClient({ "saml.server.signature": response, "saml.assertion.signature": assertion });
  await isSignedIn(`signed: response ${response}, assertion ${assertion}`);
}
await keycloak.setClient({ "saml.server.signature": "true" });
console.log("signed in with the response, the assertion and both signed");

// SAML-55, 56: the tile.
await keycloak.setClient({ saml_idp_initiated_sso_url_name: "plenum" });
async function tile(browser) {
  const page = await browser.visit(`${idp}/realms/${realm}/protocol/saml/clients/plenum`);
  const answered = await browser.submit(page, { username: "alice", password: "alicepw" });
  return /name="SAMLResponse"/.test(answered.text) ? browser.submit(answered) : answered;
}
assert.match((await tile(new Browser())).text, /<code>unsolicited<\/code>/);
await plenum("saml", "set", "--idp-initiated", "restart");
const restarted = new Browser();
const around = await tile(restarted);
await restarted.submit(around);
assert.equal((await who(restarted))?.member, alice.member);
await plenum("saml", "set", "--idp-initiated", "accept");
const accepted = new Browser();
const offer = await tile(accepted);
assert.equal(await who(accepted), undefined);
await accepted.submit(offer, {}, { origin });
assert.equal((await who(accepted))?.member, alice.member);
await plenum("saml", "set", "--idp-initiated", "off");
console.log("the tile: refused when off, sent around under restart, asked about under accept");

// SAML-90: signing out here, by redirect and by form.
for (const sloBinding of ["REDIRECT", "POST"]) {
  await change({ sloBinding });
  const leaver = await isSignedIn("before signing out");
  let onward = await leaver.visit(`${origin}/saml/logout`, { method: "POST", headers: { origin } });
  assert.equal(await who(leaver), undefined);
  while (/name="SAML(Request|Response)"/.test(onward.text)) onward = await leaver.submit(onward);
  assert.match(onward.text, /Your session has ended/, `${sloBinding}: ${onward.url} ${onward.text.slice(-900)}`);
  assert.match((await leaver.visit(loginUrl)).text, /name="password"/);
}
await change({ sloBinding: "REDIRECT" });
console.log("signed out from here, by redirect and by POST, and Keycloak has forgotten the session");

// SAML-21, SAML-46: proving again who one is, by clocks that agree to the second.
const proven = await isSignedIn("before she proves it again");
assert.doesNotMatch((await proven.visit(loginUrl)).text, /name="password"/);
await plenum("saml", "set", "--skew-seconds", "0");
await new Promise((done) => setTimeout(done, 2_000));
const askedAgain = await proven.visit(`${loginUrl}?reauth=1`);
assert.match(askedAgain.text, /name="password"/);
const proof = await proven.submit(await proven.submit(askedAgain, { username: "alice", password: "alicepw" }));
assert.equal((await who(proven))?.member, alice.member, proof.text.slice(-900));
await plenum("saml", "set", "--skew-seconds", "60");
console.log("proved again: Keycloak asks for the password, and says that it was now");

// SAML-91: signing out at Keycloak. As our metadata are imported it tells us itself, by a POST of its own without any
// browser; with "Front channel logout" on it sends the browser around.
async function leaveKeycloak(browser) {
  let page = await browser.visit(`${idp}/realms/${realm}/protocol/openid-connect/logout`);
  for (let hops = 0; hops < 6 && /<form/.test(page.text); hops++) page = await browser.submit(page);
  assert.match(page.text, /You are logged out/);
}
for (const frontchannelLogout of [false, true]) {
  await keycloak.setClient({}, { frontchannelLogout });
  const [leaver, elsewhere] = [await isSignedIn("before signing out"), await isSignedIn("in another browser")];
  await leaveKeycloak(leaver);
  assert.equal(await who(leaver), undefined, `frontchannelLogout ${frontchannelLogout}`);
  // It names the session that ends; another one of the same person stays.
  assert.equal((await who(elsewhere))?.member, alice.member);
}
await keycloak.setClient({}, { frontchannelLogout: false });
const [{ id: aliceId }] = await keycloak.call("GET", `/${realm}/users?username=alice`);
const signOutAlice = () => keycloak.call("POST", `/${realm}/users/${aliceId}/logout`);
await signOutAlice();
// Of several sessions Keycloak 26 names one only, so there is one.
const only = await isSignedIn("before her administrator signs her out");
await signOutAlice();
assert.equal(await who(only), undefined);
console.log("signed out at Keycloak: by its person, by front and by back channel, and by its administrator");

// SAML-36: a key for encryption, and what Keycloak makes of it without further settings.
await plenum("saml", "key", "add", "--use", "encryption");
const again = await keycloak.call(
  "POST",
  `/${realm}/client-description-converter`,
  await ourMetadata(),
  "application/xml",
);
assert.equal(again.attributes["saml.encrypt"], "true");
await keycloak.setClient(again.attributes);
await plenum("saml", "set", "--require-encryption", "on");
await isSignedIn("encrypted, as imported");
console.log(
  "encrypted:",
  JSON.stringify(
    Object.fromEntries(
      Object.entries(again.attributes).filter(([name]) => /encrypt/.test(name) && !/certificate/.test(name)),
    ),
  ),
);
const [cbc, gcm] = ["http://www.w3.org/2001/04/xmlenc#aes128-cbc", "http://www.w3.org/2009/xmlenc11#aes256-gcm"];
const [v15, oaep, oaep11] = [
  "http://www.w3.org/2001/04/xmlenc#rsa-1_5",
  "http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p",
  "http://www.w3.org/2009/xmlenc11#rsa-oaep",
];
for (const [data, key] of [
  [cbc, oaep],
  [gcm, oaep],
  [gcm, oaep11],
]) {
  await keycloak.setClient({ "saml.encryption.algorithm": data, "saml.encryption.keyAlgorithm": key });
  await isSignedIn(`${data}, ${key}`);
}
await keycloak.setClient({ "saml.encryption.keyAlgorithm": v15 });
assert.match((await signIn(new Browser(), "alice")).text, /<code>encryption_algorithm<\/code>/);
await keycloak.setClient({ "saml.encryption.keyAlgorithm": oaep11, "saml.encrypt": "false" });
assert.match((await signIn(new Browser(), "alice")).text, /<code>encryption_required<\/code>/);
await keycloak.setClient({ "saml.encrypt": "true" });
console.log("encrypted assertions are opened, RSA 1.5 and an assertion in clear are refused");

// SAML-15: Keycloak's next key stands here before it counts there; the old one goes afterwards.
const { component, certificate } = await keycloak.addKey("next", {
  priority: ["-1"],
  enabled: ["true"],
  active: ["true"],
});
writeFileSync(join(folder, "next.pem"), certificate);
await plenum("saml", "certificate", "add", "--file", join(folder, "next.pem"));
await isSignedIn("with the old key of Keycloak");
await keycloak.changeKey(component, { priority: ["200"] });
await isSignedIn("with the new key of Keycloak");
const { certificates } = await plenum("saml", "show");
assert.equal(certificates.length, 2);
const [old] = certificates.toSorted((a, b) => a.validFrom.localeCompare(b.validFrom));
await plenum("saml", "certificate", "retire", "--certificate", old.id);
await isSignedIn("after the old one went");
await keycloak.changeKey(component, { priority: ["-1"] });
assert.match((await signIn(new Browser(), "alice")).text, /<code>signature_/);
await keycloak.changeKey(component, { priority: ["200"] });
console.log("Keycloak's key changed, and its old one is refused once it is retired");

// SAML-16: ours. "Use metadata descriptor URL" lets it read our keys by itself, and both sorts change without a click.
await keycloak.setClient({ "saml.useMetadataDescriptorUrl": "true", "saml.metadataDescriptorUrl": metadataUrl });
await isSignedIn("with the keys that it reads by itself");
for (const use of ["signing", "encryption"]) {
  const before = (await plenum("saml", "show")).keys.find(
    (key) => key.use.toLowerCase() === use && key.status === "ACTIVE",
  );
  const { id: next } = await plenum("saml", "key", "add", "--use", use);
  await plenum("saml", "key", "move", "--key", next, "--to", "published");
  await isSignedIn(`${use}: published`);
  // It reads our metadata once an hour, as they say (cacheDuration); its administrator lets the hour pass.
  await keycloak.call("POST", `/${realm}/clear-keys-cache`);
  await plenum("saml", "key", "move", "--key", next, "--to", "active");
  await isSignedIn(`${use}: active`);
  await plenum("saml", "key", "move", "--key", before.id, "--to", "retired");
  await isSignedIn(`${use}: the old one gone`);
  console.log(`our key for ${use} changed`);
}

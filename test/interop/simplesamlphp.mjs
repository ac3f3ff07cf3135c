// Driven by simplesamlphp.sh. SAML-109, SAML-18 … 54 with a stack that shares no line of code with ours.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { readFileSync, writeFileSync, renameSync } from "node:fs";
import { join } from "node:path";
import { Browser } from "./browser.mjs";
import { plenum } from "./plenum.mjs";

const [loginUrl, origin, folder] = process.argv.slice(2);
const entityId = loginUrl.replace(/\/login$/, "");
const idp = new URL((await new Browser().step(loginUrl)).location).origin;

/** Lets SimpleSAMLphp read our metadata again, with settings of its own for us. */
async function readAgain(...settings) {
  const target = join(folder, "metadata/saml20-sp-remote.php");
  const source = [join(folder, "config"), `${entityId}/metadata`];
  await promisify(execFile)("php", [join(folder, "read-sp.php"), target, ...source, ...settings]);
}

/** SimpleSAMLphp's own settings, put in place at once. */
function hostIdp(more) {
  const file = join(folder, "metadata/saml20-idp-hosted.php");
  const settings = `'host'=>'__DEFAULT__','auth'=>'users','saml20.sign.response'=>true,'sign.logout'=>true,${more}`;
  writeFileSync(`${file}.new`, `<?php $metadata['${idp}/idp']=[${settings}];`);
  renameSync(`${file}.new`, file);
}

async function signIn(browser, user, query = "") {
  let page = await browser.visit(loginUrl + query);
  if (/name="password"/.test(page.text)) page = await browser.submit(page, { username: user, password: `${user}pw` });
  return /name="SAMLResponse"/.test(page.text) ? browser.submit(page) : page;
}

async function who(browser) {
  const answer = await browser.step(`${origin}/session`);
  return answer.status === 200 ? JSON.parse(answer.text) : undefined;
}

const alice = new Browser();
await signIn(alice, "alice", "?RelayState=%2F");
const first = await who(alice);
assert.equal(first?.organization.slug, "acme", "alice has a session in acme");
assert.equal(first.role, "MEMBER");
console.log("signed in through SimpleSAMLphp:", first.member);

// The identity provider knows her already: no password is asked, and she is the same member.
await signIn(alice, "alice");
assert.equal((await who(alice)).member, first.member);
const elsewhere = new Browser();
await signIn(elsewhere, "alice");
assert.equal((await who(elsewhere)).member, first.member);
console.log("recognised again, also in another browser");

// SAML-61: the identity provider may say what it likes about addresses of others.
const mallory = new Browser();
const refused = await signIn(mallory, "mallory");
assert.match(refused.text, /<code>email_domain_not_owned<\/code>/);
assert.equal(await who(mallory), undefined);
console.log("a foreign address is refused");

// SAML-63 of the catalogue: the same response once more.
const replayer = new Browser();
let form = await replayer.visit(loginUrl);
form = await replayer.submit(form, { username: "alice", password: "alicepw" });
await replayer.submit(form);
assert.match((await replayer.submit(form)).text, /<code>replayed<\/code>/);
console.log("a replayed response is refused");

// SAML-55: the tile at the identity provider, in all three modes. Off is the default.
async function tile(browser) {
  const start = `${idp}/saml2/idp/SSOService.php?spentityid=${encodeURIComponent(entityId)}&RelayState=x`;
  let page = await browser.visit(start);
  if (/name="password"/.test(page.text)) page = await browser.submit(page, { username: "alice", password: "alicepw" });
  return browser.submit(page);
}
assert.match((await tile(new Browser())).text, /<code>unsolicited<\/code>/);
await plenum("saml", "set", "--idp-initiated", "restart");
const restarted = new Browser();
const around = await tile(restarted);
assert.equal(await who(restarted), undefined);
await restarted.submit(around);
assert.equal((await who(restarted)).member, first.member);
// SAML-56: the person is asked, by name, on a page of ours.
await plenum("saml", "set", "--idp-initiated", "accept");
const accepted = new Browser();
const offer = await tile(accepted);
assert.match(offer.text, /Go on signing in\?/);
assert.equal(await who(accepted), undefined);
await accepted.submit(offer, {}, { origin });
assert.equal((await who(accepted)).member, first.member);
await plenum("saml", "set", "--idp-initiated", "off");
console.log("the tile: refused when off, sent around under restart, asked about under accept");

// SAML-90: signing out here ends the session here and at the identity provider, which then asks for a password again.
const leaver = new Browser();
await signIn(leaver, "alice");
assert.ok(await who(leaver));
const onward = await leaver.step(`${origin}/saml/logout`, { method: "POST", headers: { origin } });
assert.equal(await who(leaver), undefined);
const goodbye = await leaver.submit(onward);
assert.equal(goodbye.status, 200);
assert.match(goodbye.text, /Your session has ended/);
assert.match((await leaver.visit(loginUrl)).text, /name="password"/);
console.log("signed out from here, and the identity provider has forgotten the session");

// SAML-91: signing out at the identity provider ends the session here.
const idpFirst = new Browser();
await signIn(idpFirst, "alice");
assert.ok(await who(idpFirst));
await idpFirst.visit(`${idp}/saml2/idp/SingleLogoutService.php?ReturnTo=${encodeURIComponent(`${idp}/`)}`);
assert.equal(await who(idpFirst), undefined);
console.log("signed out from the identity provider");

// SAML-36: encrypted with AES-GCM for a key of ours, and with its default, AES-CBC, inside a signed Response.
const { id: key } = await plenum("saml", "key", "add", "--use", "encryption");
const gcm = "sharedkey_algorithm=http://www.w3.org/2009/xmlenc11#aes128-gcm";
for (const cipher of [gcm, "sharedkey_algorithm=http://www.w3.org/2001/04/xmlenc#aes128-cbc"]) {
  await readAgain("assertion.encryption=true", cipher);
  const secret = new Browser();
  await signIn(secret, "alice");
  assert.equal((await who(secret)).member, first.member);
}
await plenum("saml", "set", "--require-encryption", "on");
await readAgain();
const inClear = new Browser();
assert.match((await signIn(inClear, "alice")).text, /<code>encryption_required<\/code>/);
await readAgain("assertion.encryption=true", gcm);
console.log("encrypted assertions are opened, and one in clear is refused where encryption is required");

// SAML-15, SAML-16: both sides change their keys while people sign in, and not one sign-in fails.
let running = true;
let signedIn = 0;
const stream = (async () => {
  while (running) {
    const somebody = new Browser();
    const page = await signIn(somebody, "alice");
    assert.equal((await who(somebody))?.member, first.member, `a sign-in failed: ${page.url} ${page.text.slice(-600)}`);
    signedIn += 1;
  }
})();
const { id: next } = await plenum("saml", "key", "add", "--use", "encryption");
await plenum("saml", "key", "move", "--key", next, "--to", "published");
await readAgain("assertion.encryption=true", gcm);
await plenum("saml", "key", "move", "--key", next, "--to", "active");
await readAgain("assertion.encryption=true", gcm);
// Whatever was encrypted for the old one is on its way no longer than a request lives.
await new Promise((done) => setTimeout(done, 1_000));
await plenum("saml", "key", "move", "--key", key, "--to", "retired");
await plenum("saml", "certificate", "add", "--file", join(folder, "cert/next.crt"));
hostIdp("'privatekey'=>'next.key','certificate'=>'next.crt'");
// PHP may keep what it has compiled for a while.
const published = readFileSync(join(folder, "cert/next.crt"), "utf8").split("-----")[2].replace(/\s/g, "");
const offered = async () => (await new Browser().visit(`${idp}/saml2/idp/metadata.php`)).text.replace(/\s/g, "");
while (!(await offered()).includes(published)) await new Promise((done) => setTimeout(done, 50));
const after = signedIn;
while (signedIn < after + 3) await new Promise((done) => setTimeout(done, 50));
const old = (await plenum("saml", "show")).certificates.find(({ subject }) => /ssp-idp/.test(subject));
await plenum("saml", "certificate", "retire", "--certificate", old.id);
running = false;
await stream;
assert.ok(signedIn > 5);
console.log(`keys of both sides changed over ${signedIn} sign-ins, and none failed`);

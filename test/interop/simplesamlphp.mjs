// Driven by simplesamlphp.sh. SAML-109, SAML-18 … 54 with a stack that shares no line of code with ours.
import assert from "node:assert/strict";
import { Browser } from "./browser.mjs";

const [loginUrl, origin] = process.argv.slice(2);

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

// SAML-55: the tile at the identity provider is off by default.
const entityId = loginUrl.replace(/\/login$/, "");
const idp = new URL((await new Browser().step(loginUrl)).location).origin;
const tile = new Browser();
let page = await tile.visit(`${idp}/saml2/idp/SSOService.php?spentityid=${encodeURIComponent(entityId)}&RelayState=x`);
if (/name="password"/.test(page.text)) page = await tile.submit(page, { username: "alice", password: "alicepw" });
assert.match((await tile.submit(page)).text, /<code>unsolicited<\/code>/);
console.log("an unsolicited response is refused");

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

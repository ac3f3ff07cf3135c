// Driven by pysaml2.sh. SAML-109 with a third stack: Python and xmlsec1.
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { Browser } from "./browser.mjs";
import { plenum } from "./plenum.mjs";

const [loginUrl, origin, folder, idp] = process.argv.slice(2);

/** Our metadata, for its `local` metadata store. */
async function publish() {
  writeFileSync(join(folder, "sp.xml"), await (await fetch(loginUrl.replace(/login$/, "metadata"))).text());
}

async function signIn(user, mode) {
  const browser = new Browser();
  browser.cookies.set(
    new URL(idp).host,
    new Map([
      ["user", user],
      ["mode", mode],
    ]),
  );
  const page = await browser.submit(await browser.visit(`${loginUrl}?RelayState=%2F`));
  const answer = await browser.step(`${origin}/session`);
  return { page, member: answer.status === 200 ? JSON.parse(answer.text).member : undefined };
}

await publish();
const first = await signIn("alice", "both");
assert.ok(first.member, first.page.text.slice(-800));
for (const mode of ["assertion", "response"]) {
  assert.equal((await signIn("alice", mode)).member, first.member, `signed: ${mode}`);
}
console.log("signed in through pysaml2, with the assertion, the response and both signed");

const refused = await signIn("mallory", "both");
assert.match(refused.page.text, /<code>email_domain_not_owned<\/code>/);
assert.equal(refused.member, undefined);
console.log("a foreign address is refused");

// SAML-36: this release encrypts with Triple DES whatever our metadata ask for, and that is never opened.
await plenum("saml", "key", "add", "--use", "encryption");
await publish();
const secret = await signIn("alice", "encrypted");
assert.match(secret.page.text, /<code>encryption_algorithm<\/code>/);
assert.equal(secret.member, undefined);
console.log("its Triple DES is refused");

// Driven by chromium.sh. The identity provider and the attacker live on 127.0.0.1, Plenum on localhost: two sites.
import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { join } from "node:path";
import { inflateRawSync } from "node:zlib";
import { chromium } from "playwright-core";
import { plenum } from "./plenum.mjs";

const require = createRequire(import.meta.url);
const { login, unsolicited, makeKeys } = require("../../dist/test/support/saml-kit.js");
const { idpMetadata } = require("../../dist/test/support/idp-metadata.js");

const [origin, idpPort, folder] = process.argv.slice(2);
const idp = `http://127.0.0.1:${idpPort}`;
const keys = await makeKeys("chromium");
const shots = process.env.SHOTS;
if (shots) mkdirSync(shots, { recursive: true });

writeFileSync(
  join(folder, "idp.xml"),
  idpMetadata(keys, { entityId: `${idp}/metadata`, ssoUrl: `${idp}/sso` }).replace(
    'WantAuthnRequestsSigned="true"',
    "",
  ),
);
const { acsUrl, loginUrl, entityId } = await plenum("saml", "import", "--metadata-file", join(folder, "idp.xml"));

/** What the identity provider, or an attacker, answers with. */
const scene = (requestId) => ({
  ...{
    now: new Date(),
    idpEntityId: `${idp}/metadata`,
    spEntityId: entityId,
    acsUrl,
    requestId,
    keys,
    foreignKeys: keys,
  },
});
const person = (name) => ({
  nameId: `id-${name}`,
  attributes: [
    ["email", [`${name}@acme.test`]],
    ["firstName", [name]],
    ["groups", ["staff"]],
  ],
});
const escape = (text) => text.replaceAll("&", "&amp;").replaceAll('"', "&quot;");
const autoPost = (fields) =>
  `<form method="post" action="${acsUrl}">${Object.entries(fields)
    .map(([name, value]) => `<input type="hidden" name="${name}" value="${escape(value)}">`)
    .join("")}</form><script>document.forms[0].submit()</script>`;
const encode = (xml) => Buffer.from(xml).toString("base64");

/** The next answers: by the name of a person, and by a page that somebody else prepared. */
const say = { who: "alice", trap: "", options: {} };
const server = createServer((req, res) => {
  const url = new URL(req.url, idp);
  res.setHeader("Content-Type", "text/html; charset=utf-8");
  if (url.pathname === "/trap") return res.end(say.trap);
  if (url.pathname !== "/sso") return res.writeHead(404).end();
  const request = inflateRawSync(Buffer.from(url.searchParams.get("SAMLRequest"), "base64")).toString();
  const id = / ID="([^"]+)"/.exec(request)[1];
  const xml = login(scene(id), { assertion: person(say.who), ...say.options });
  res.end(autoPost({ SAMLResponse: encode(xml), RelayState: url.searchParams.get("RelayState") }));
});
await new Promise((done) => server.listen(Number(idpPort), "127.0.0.1", done));

const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox"] });
const failures = [];

async function visitor(options = {}) {
  const context = await browser.newContext({ locale: "en-GB", viewport: { width: 1000, height: 900 }, ...options });
  const page = await context.newPage();
  page.on("console", (line) => line.type() === "error" && failures.push(`${page.url()}: ${line.text()}`));
  return { context, page, who: () => sessionIn(context) };
}
async function sessionIn(context) {
  const answer = await context.request.get(`${origin}/session`);
  return answer.status() === 200 ? answer.json() : undefined;
}
async function shot(page, name) {
  if (shots) await page.screenshot({ path: join(shots, `${name}.png`), fullPage: true });
}

try {
  // SAML-53, SAML-54: the consumer service is posted to from another site and sees no cookie; completion sees it.
  const alice = await visitor();
  const posts = [];
  alice.page.on("request", (request) => request.url() === acsUrl && posts.push(request));
  await alice.page.goto(`${loginUrl}?RelayState=${encodeURIComponent("/?from=chromium")}`);
  await alice.page.waitForURL(`${origin}/?from=chromium`);
  assert.equal((await alice.who()).organization.slug, "acme");
  assert.equal(posts.length, 1);
  const headers = await posts[0].allHeaders();
  assert.equal(headers.cookie, undefined);
  assert.equal(headers.origin, idp);
  const cookies = await alice.context.cookies(origin);
  for (const cookie of cookies) assert.deepEqual([cookie.sameSite, cookie.httpOnly, cookie.path], ["Lax", true, "/"]);
  assert.ok(cookies.length >= 2);
  await shot(alice.page, "home-signed-in");
  console.log("signed in: the cross-site post carries no cookie, completion does");

  // SAML-A87: the attacker's own answer, posted from the attacker's page into a victim's browser, signs nobody in.
  const attacker = await visitor();
  say.who = "attacker";
  say.trap = await (await attacker.context.request.get(loginUrl)).text();
  const victim = await visitor();
  await victim.page.goto(`${idp}/trap`);
  await victim.page.waitForURL(/\/complete\?code=/);
  assert.match(await victim.page.content(), /<code>browser_mismatch<\/code>/);
  assert.equal(await victim.who(), undefined);
  await shot(victim.page, "refused-browser-mismatch");
  console.log("a response posted from a foreign page ends at the cookie");

  // SAML-56: an unsolicited one is offered by name, and nothing happens until the person presses the button.
  await plenum("saml", "set", "--idp-initiated", "accept");
  say.who = "alice";
  const tile = () => unsolicited(scene(null), { assertion: person("alice") });
  say.trap = autoPost({ SAMLResponse: encode(tile()), RelayState: "/?from=tile" });
  await victim.page.goto(`${idp}/trap`);
  await victim.page.waitForURL(/\/complete\?code=/);
  assert.equal(await victim.page.locator("h1").textContent(), "Go on signing in?");
  await shot(victim.page, "offer");
  assert.equal(await victim.who(), undefined);
  await victim.page.getByRole("button", { name: "Continue" }).click();
  await victim.page.waitForURL(`${origin}/?from=tile`);
  assert.equal((await victim.who()).member, (await alice.who()).member);
  await plenum("saml", "set", "--idp-initiated", "off");
  console.log("an unsolicited sign-in waits for the person");

  // SAML-90: signing out by a form of our own site.
  await alice.page.goto(origin);
  await alice.page.setContent(`<form method="post" action="${origin}/saml/logout"><button>out</button></form>`);
  await alice.page.getByRole("button").click();
  await alice.page.waitForURL(`${origin}/saml/logout`);
  assert.equal(await alice.who(), undefined);
  await shot(alice.page, "signed-out");

  // Ruling 8, SAML-83: an owner registers a passkey, is listed, and comes in by it when nothing else works.
  const owner = await visitor();
  const devtools = await owner.context.newCDPSession(owner.page);
  await devtools.send("WebAuthn.enable");
  await devtools.send("WebAuthn.addVirtualAuthenticator", {
    options: {
      ...{ protocol: "ctap2", transport: "internal", hasResidentKey: true, hasUserVerification: true },
      ...{ isUserVerified: true, automaticPresenceSimulation: true },
    },
  });
  await owner.page.goto(`${origin}/sign-in`);
  await shot(owner.page, "sign-in");
  await owner.page.getByRole("textbox").fill("owner@acme.test");
  await owner.page.getByRole("button").click();
  await shot(owner.page, "link-sent");
  const mail = (await plenum("mail", "list")).find(({ to }) => to === "owner@acme.test");
  await owner.page.goto(/http:\/\/localhost\S+\/sign-in\/[\w-]+/.exec(mail.text)[0]);
  await shot(owner.page, "link");
  await owner.page.getByRole("button").first().click();
  await owner.page.waitForURL(`${origin}/`);

  // SAML-62: signed in, the owner says that the identity is theirs. The form leads on to the identity provider, where a
  // redirect would be stopped by the policy of our own page.
  await plenum("saml", "set", "--link-policy", "confirm");
  const before = await owner.who();
  say.who = "owner";
  await owner.page.goto(`${loginUrl}?RelayState=${encodeURIComponent("/?from=link")}`);
  await owner.page.waitForURL(/\/link\/idl_/);
  await shot(owner.page, "link-identity");
  await owner.page.getByRole("button", { name: "Link this identity to my account" }).click();
  await owner.page.waitForURL(`${origin}/?from=link`);
  assert.equal((await owner.who()).member, before.member);
  await plenum("saml", "set", "--link-policy", "verified_domain");
  say.who = "alice";
  console.log("an identity is linked by the member's own hand");

  await owner.page.goto(`${origin}/security`);
  await shot(owner.page, "security-empty");
  await owner.page.locator("#passkey").fill("Laptop of the owner");
  await owner.page.getByRole("button", { name: "Add a passkey" }).click();
  await owner.page.getByText("Laptop of the owner").waitFor();
  await owner.page.locator("#authenticator").fill("Phone");
  await shot(owner.page, "security");
  await owner.page.getByRole("button", { name: "Add an authenticator app" }).click();
  await owner.page.locator("#code").waitFor();
  await shot(owner.page, "authenticator");
  const { member } = await owner.who();
  const query = `mutation ($i: AddSsoExemptionInput!) { addSsoExemption(input: $i) { userErrors { code message } } }`;
  const asked = await owner.context.request.post(`${origin}/graphql`, {
    headers: { origin },
    data: { query, variables: { i: { kind: "BREAK_GLASS", memberId: member } } },
  });
  const listed = await asked.json();
  assert.deepEqual(listed.data, { addSsoExemption: { userErrors: [] } });

  // The administrator's pages.
  await owner.page.goto(`${acsUrl.replace(/acs$/, "setup")}?idp=entra`);
  await owner.context.grantPermissions(["clipboard-read", "clipboard-write"], { origin });
  await owner.page.getByRole("button", { name: "Copy: Identifier (Entity ID)" }).click();
  await owner.page.getByText("Copied", { exact: true }).waitFor();
  assert.equal(await owner.page.evaluate(() => navigator.clipboard.readText()), entityId);
  await shot(owner.page, "setup");
  await owner.page.goto(acsUrl.replace(/acs$/, "test"));
  await owner.page.waitForURL(/\/test\/run_/);
  assert.equal(await owner.page.locator("h1").textContent(), "The trial succeeded");
  await shot(owner.page, "trial");
  say.options = { keys: await makeKeys("renewed") };
  await owner.page.goto(acsUrl.replace(/acs$/, "test"));
  await owner.page.waitForURL(/\/test\/run_/);
  await shot(owner.page, "trial-failed");
  await owner.page.getByRole("checkbox").check();
  await owner.page.getByRole("button", { name: "Add this certificate as second one" }).click();
  await owner.page.waitForURL(/\/setup$/);
  assert.equal((await plenum("saml", "show")).certificates.length, 2);
  say.options = {};
  console.log("the setup page copies, the trial reports, the shown certificate is added by a click");

  await owner.context.clearCookies();
  await plenum("saml", "set", "--state", "disabled");
  await owner.page.goto(`${origin}/break-glass`);
  await shot(owner.page, "break-glass");
  await owner.page.locator("#organization").fill("acme");
  await owner.page.getByRole("button", { name: "Use a passkey" }).click();
  await owner.page.waitForURL(`${origin}/`);
  assert.equal((await owner.who()).role, "OWNER");
  console.log("an owner came in by passkey while single sign-on was off");

  // The same pages in French, in the dark, on a phone.
  const phone = await visitor({ locale: "fr-FR", colorScheme: "dark", viewport: { width: 390, height: 800 } });
  for (const [name, path] of [
    ["accueil", "/"],
    ["connexion", "/sign-in"],
    ["acces-d-urgence", "/break-glass"],
    ["sso-inconnu", "/sso?email=x@nowhere.example"],
    ["desactivee", new URL(loginUrl).pathname],
  ]) {
    await phone.page.goto(origin + path);
    await shot(phone.page, `fr-${name}`);
    const wide = await phone.page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
    assert.equal(wide, false, `${path} is wider than a phone`);
  }

  // What a policy of ours blocks would be said on the console: our own pages break none.
  const ours = failures.filter((line) => /Content Security Policy|Refused to/.test(line));
  assert.deepEqual(ours, []);
} finally {
  await browser.close();
  server.close();
}

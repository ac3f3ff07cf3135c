import express from "express";
import {
  addExemption,
  startLoginSession,
  type PasskeyCreation,
  type PasskeyRequest,
} from "../../services/domain/identity";
import { codeOf, stepAt } from "../../services/domain/identity/totp";
import { pagesDoor } from "../../services/pages/router";
import { minuteMs, type FakeClock } from "../../services/kernel/clock";
import { publicId } from "../../services/kernel/ids";
import { findPersonByEmail } from "../../services/platform/lobby";
import { printSignInLink } from "../../services/domain/identity";
import type { Database } from "../../services/platform/unit-of-work";
import { importedConnection, requireSso, signedIn, unbase32 } from "../support/identity";
import { listen } from "../support/listen";
import { SoftPasskey } from "../support/passkey";
import { makeKeys, type KeyPair } from "../support/saml-kit";
import { buildOrg, publicUrl, testClock, testWorld, type TestOrg } from "../support/world";

let db: Database;
let clock: FakeClock;
let base: string;
let keys: KeyPair;

beforeAll(async () => {
  clock = testClock();
  db = await testWorld({ clock });
  keys = await makeKeys("idp");
  const app = express();
  app.use(pagesDoor({ db, publicUrl }));
  base = await listen(app);
});

const post = (path: string, form: Record<string, string>, headers: Record<string, string> = {}) =>
  fetch(base + path, { method: "POST", body: new URLSearchParams(form), headers, redirect: "manual" });
const page = async (path: string, headers: Record<string, string> = {}) => {
  const res = await fetch(base + path, { headers, redirect: "manual" });
  return { res, text: await res.text() };
};
async function cookieOf(org: TestOrg): Promise<{ cookie: string }> {
  const start = { memberId: org.ownerId, method: "SAML" } as const;
  const session = await org.run((tx) => startLoginSession(tx, start), org.system);
  return { cookie: `plenum_session=${session.secret}` };
}
const list = async (org: TestOrg) =>
  org.run(
    async (tx) => addExemption(tx, { kind: "BREAK_GLASS", memberId: org.ownerId }),
    await signedIn(org, org.ownerId),
  );

test("SAML-83: an authenticator is registered on the page and opens the emergency access on the other", async () => {
  const org = await buildOrg(db);
  const signed = await cookieOf(org);
  const setup = await (await post("/security/authenticator", { label: "phone" }, signed)).text();
  const secret = unbase32(/<code>([A-Z2-7]{32})<\/code>/.exec(setup)![1]!);
  const code = () => codeOf(secret, stepAt(clock.now()));
  const shown = await (await post("/security/authenticator/confirm", { code: code() }, signed)).text();
  const recovery = [...shown.matchAll(/<code>([a-z2-7-]{29})<\/code>/g)].map((match) => match[1]!);
  expect(recovery).toHaveLength(10);
  const { text } = await page("/security", signed);
  expect([text.includes("<dt>Authenticator app</dt>"), text.includes("10 recovery codes left")]).toEqual([true, true]);
  await list(org);

  clock.advanceMs(minuteMs);
  const form = { organization: org.slug, email: org.email("owner"), code: code(), recoveryCode: recovery[0]! };
  const wrong = await post("/break-glass", { ...form, recoveryCode: "aaaa-aaaa-aaaa-aaaa" });
  expect([wrong.status, (await wrong.text()).includes("sso_refused")]).toEqual([403, true]);
  const entered = await post("/break-glass", form);
  expect([entered.status, entered.headers.get("location")]).toEqual([303, "/"]);
  expect(entered.headers.get("set-cookie")).toMatch(/^plenum_session=plmses_\S+; .*Max-Age=3600$/);
  const who = await fetch(`${base}/session`, {
    headers: { cookie: entered.headers.get("set-cookie")!.split(";")[0]! },
  });
  expect(await who.json()).toMatchObject({ member: publicId("member", org.ownerId), role: "OWNER" });
});

test("SAML-83: a passkey is registered and used through the forms that the browser's script fills", async () => {
  const org = await buildOrg(db);
  const signed = await cookieOf(org);
  const key = new SoftPasskey();
  const creation = (await (
    await post("/security/passkey/question", { label: "laptop" }, signed)
  ).json()) as PasskeyCreation;
  const made = await post(
    "/security/passkey",
    { label: "laptop", response: JSON.stringify(key.create(creation)) },
    signed,
  );
  expect([made.status, made.headers.get("location")]).toEqual([303, "/security"]);
  await list(org);

  const question = await post("/break-glass/question", { organization: org.slug });
  const response = JSON.stringify(key.get((await question.json()) as PasskeyRequest));
  expect((await post("/break-glass", { organization: org.slug, response })).status).toBe(303);
  expect((await post("/break-glass", { organization: org.slug, response })).status).toBe(403);
  expect((await post("/break-glass", { organization: org.slug, response: "{" })).status).toBe(400);
});

test("SAML-88, SAML-11: other sites' forms and strangers are refused; the page runs no script but its own", async () => {
  const org = await buildOrg(db);
  const signed = await cookieOf(org);

  for (const headers of [{ origin: "https://evil.example" }, { origin: "null" }, { "sec-fetch-site": "cross-site" }]) {
    expect((await post("/security/authenticator", { label: "x" }, { ...signed, ...headers })).status).toBe(403);
    expect((await post("/break-glass", { organization: org.slug }, headers)).status).toBe(403);
  }
  // What a browser sends from our own pages, which ask for no referrer.
  const own = { ...signed, origin: "null", "sec-fetch-site": "same-origin" };
  expect((await post("/security/authenticator", { label: "x" }, own)).status).toBe(200);
  expect((await page("/security")).res.status).toBe(401);
  const { res, text } = await page("/break-glass", { "accept-language": "fr" });
  const policy = res.headers.get("content-security-policy")!;
  expect(policy).toContain("connect-src 'self'");
  expect(text).toContain(`<script nonce="${/script-src 'nonce-([^']+)'/.exec(policy)![1]!}">`);
  expect(text).toContain("Accès d'urgence".replace("'", "&#39;"));
});

test("SAML-77, SAML-78, SAML-82: a link page leads to single sign-on where that is required; a slug and a domain lead to the choice", async () => {
  const org = await buildOrg(db);
  const first = await importedConnection(org, keys);
  await requireSso(org, first);
  const link = await printSignInLink(db, (await findPersonByEmail(db, org.email("owner")))!);
  const path = new URL(link).pathname;
  const { text } = await page(path);
  expect(text).toContain(`href="/login/${org.slug}"`);
  expect(text).not.toContain("<button");

  const loginUrl = `${publicUrl}/saml/${publicId("connection", first)}/login`;
  const only = await page(`/login/${org.slug}`);
  expect([only.res.status, only.res.headers.get("location")]).toEqual([303, loginUrl]);
  const unknown = await page("/login/no-such-organization");
  expect([unknown.res.status, unknown.res.headers.get("location")]).toEqual([303, "/sign-in"]);
});

import express from "express";
import { publicId } from "../../services/kernel/ids";
import { createToken, printSignInLink } from "../../services/domain/identity";
import { changeMember } from "../../services/domain/members";
import { pagesDoor } from "../../services/pages/router";
import { findPersonByEmail, listMails } from "../../services/platform/lobby";
import type { Database } from "../../services/platform/unit-of-work";
import { listen } from "../support/listen";
import { buildOrg, publicUrl, testWorld, type TestOrg } from "../support/world";

let db: Database;
let base: string;

beforeAll(async () => {
  db = await testWorld();
  const app = express();
  app.use((_req, res, next) => {
    res.setHeader("X-Request-Id", "test-request");
    next();
  });
  app.use(pagesDoor({ db, publicUrl }));
  base = await listen(app);
});

const get = (path: string, headers: Record<string, string> = {}) => fetch(base + path, { headers, redirect: "manual" });
const post = (path: string, form: Record<string, string>, headers: Record<string, string> = {}) =>
  fetch(base + path, { method: "POST", body: new URLSearchParams(form), headers, redirect: "manual" });
const cookieOf = (res: Response) => res.headers.get("set-cookie")!.split(";")[0]!;

async function linkFor(org: TestOrg): Promise<string> {
  const person = await findPersonByEmail(db, org.email("owner"));
  return /(\/sign-in\/[^?]+)/.exec(await printSignInLink(db, person!))![1]!;
}

test("contract §3: a mailed link shows a page, posting it signs in, /session says who, DELETE ends it", async () => {
  const org = await buildOrg(db);
  const sent = await post("/sign-in", { email: org.email("owner") }, { "accept-language": "fr" });
  expect(sent.status).toBe(202);
  const mail = (await listMails(db, 1000)).find((m) => m.to === org.email("owner"))!;
  expect(mail.subject).toBe("Votre lien de connexion à Plenum");
  const path = new URL(/http\S+/.exec(mail.text)![0]).pathname;

  for (let n = 0; n < 2; n++) expect((await get(path)).status).toBe(200);
  const entered = await post(path, {});
  expect([entered.status, entered.headers.get("location")]).toEqual([303, "/"]);
  expect(entered.headers.get("set-cookie")).toMatch(
    /^plenum_session=plmses_\S+; Path=\/; HttpOnly; SameSite=Lax; Max-Age=43200$/,
  );
  const cookie = cookieOf(entered);
  expect((await post(path, {})).status).toBe(410);

  const who = await get("/session", { cookie });
  expect(await who.json()).toMatchObject({
    member: publicId("member", org.ownerId),
    organization: { id: publicId("organization", org.orgId), slug: org.slug },
    role: "OWNER",
    expiresAt: expect.stringMatching(/Z$/),
  });
  const home = await (await get("/", { cookie, "accept-language": "fr" })).text();
  expect(/<dd>(?<name>[^<]+) <code>(?<slug>[^<]+)<.*?<dd>(?<role>[^<]+)</s.exec(home)?.groups).toEqual({
    ...{ name: `The ${org.slug}`, slug: org.slug, role: "Propriétaire" },
  });
  expect(home).toContain("<title>Plenum</title>");

  const out = await fetch(`${base}/session`, { method: "DELETE", headers: { cookie } });
  expect(out.status).toBe(204);
  expect((await get("/session", { cookie })).status).toBe(401);
});

test("contract §3: the front page is there for nobody, too, and for somebody whose session has ended", async () => {
  for (const headers of [{}, { cookie: "plenum_session=nonsense" }]) {
    const front = await get("/", headers);
    expect(front.status).toBe(200);
    expect(await front.text()).toContain('href="/sign-in"');
  }
});

test("c1: a link that the operator printed signs in at once", async () => {
  const org = await buildOrg(db);
  const entered = await get(`${await linkFor(org)}?now=1`);

  expect(entered.status).toBe(303);
  expect((await get("/session", { cookie: cookieOf(entered) })).status).toBe(200);
});

test("SAML-77: an unknown address gets the same page and no mail; a broken one too", async () => {
  const org = await buildOrg(db);
  const bodies = await Promise.all(
    [org.email("owner"), org.email("nobody"), "no address"].map(async (email) =>
      (await post("/sign-in", { email })).text(),
    ),
  );

  const nonceless = bodies.map((body) => body.replace(/nonce="[^"]+"/g, ""));
  expect(new Set(nonceless).size).toBe(1);
});

test("SAML-88: a form that another site posts is refused and uses nothing", async () => {
  const org = await buildOrg(db);
  const path = await linkFor(org);

  expect((await post(path, {}, { origin: "https://evil.example" })).status).toBe(403);
  expect((await post(path, {}, { "sec-fetch-site": "cross-site" })).status).toBe(403);
  expect((await post(path, {}, { origin: publicUrl })).status).toBe(303);
});

test("contract §3: /session is 401 for nobody, and knows API tokens", async () => {
  const org = await buildOrg(db);
  const token = await org.run((tx) => createToken(tx, { name: "api", role: "ADMIN" }));

  expect((await get("/session")).status).toBe(401);
  expect(await (await get("/session")).json()).toEqual({
    error: { code: "unauthenticated", message: "sign in first", requestId: "test-request" },
  });
  expect((await get("/session", { authorization: "Bearer plm_nonsense" })).status).toBe(401);
  expect(await (await get("/session", { authorization: `Bearer ${token.text}` })).json()).toMatchObject({
    role: "ADMIN",
    expiresAt: null,
  });
});

test("SCIM-187: a suspended member's cookie is dead at the next request", async () => {
  const org = await buildOrg(db);
  const ada = await org.add("ada");
  const person = await findPersonByEmail(db, org.email("ada"));
  const entered = await get(/(\/sign-in\/\S+)/.exec(await printSignInLink(db, person!))![1]!);
  const cookie = cookieOf(entered);
  expect((await get("/session", { cookie })).status).toBe(200);

  await org.run((tx) => changeMember(tx, { id: ada.id, changes: [{ kind: "suspend" }] }));

  expect((await get("/session", { cookie })).status).toBe(401);
});

test("ORG-12: the page of an invitation names the organization, accepting it signs in, declining frees the seat", async () => {
  const org = await buildOrg(db, { name: "Café <b>Léon</b>" });
  await org.invite("ada", "bob");
  const path = async (name: string) => {
    const mail = (await listMails(db, 1000)).find((m) => m.to === org.email(name))!;
    return new URL(/http\S+/.exec(mail.text)![0]).pathname;
  };

  const page = await (await get(await path("ada"))).text();
  expect(page).toContain("Café &lt;b&gt;Léon&lt;/b&gt;");
  expect(page).not.toContain("<b>Léon");
  const accepted = await post(await path("ada"), { answer: "accept" });
  expect((await get("/session", { cookie: cookieOf(accepted) })).status).toBe(200);
  expect((await get(await path("ada"))).status).toBe(410);

  expect((await post(await path("bob"), { answer: "decline" })).status).toBe(200);
  expect((await post(await path("bob"), { answer: "accept" })).status).toBe(410);
});

test("SEC-20, SAML-54: pages are not cached, not framed, run no foreign script and leak no address", async () => {
  const res = await get("/sign-in");

  expect(res.headers.get("cache-control")).toBe("no-store");
  expect(res.headers.get("referrer-policy")).toBe("no-referrer");
  expect(res.headers.get("x-content-type-options")).toBe("nosniff");
  const csp = res.headers.get("content-security-policy")!;
  expect(csp).toContain("default-src 'none'");
  expect(csp).toContain("frame-ancestors 'none'");
  expect(csp).not.toContain("unsafe");
});

test("SAML-77: home-realm discovery depends on the domain alone", async () => {
  const org = await buildOrg(db);
  const ask = (email: string) => get(`/sso?email=${encodeURIComponent(email)}`, { accept: "application/json" });

  const answers = await Promise.all([ask(org.email("owner")), ask(org.email("nobody")), ask("x@nowhere.example")]);
  expect(answers.map((a) => a.status)).toEqual([404, 404, 404]);
  expect((await get("/sso?email=x@nowhere.example", { accept: "text/html" })).status).toBe(404);
});

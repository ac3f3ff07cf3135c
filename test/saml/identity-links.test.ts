import {
  addExemption,
  approveIdentityLink,
  changeConnection,
  rejectIdentityLink,
  startLoginSession,
  switchConnection,
} from "../../services/domain/identity";
import { changeMember, removeMember, type Member } from "../../services/domain/members";
import { parseId, type MemberId } from "../../services/kernel/ids";
import { listMails } from "../../services/platform/lobby";
import type { Database } from "../../services/platform/unit-of-work";
import { asSuperuser, refusal, registerAuthenticator, signedIn } from "../support/identity";
import { makeKeys, unsolicited, type KeyPair } from "../support/saml-kit";
import {
  Browser,
  codeOn,
  connectIdp,
  openSaml,
  sceneFor,
  signIn,
  type SamlSite,
  type Visit,
} from "../support/saml-door";
import { configure, countsOf, execute, trailOf } from "../support/saml-rows";
import { buildOrg, publicUrl, testWorld, type TestOrg } from "../support/world";

let db: Database;
let base: string;
let keys: KeyPair;

beforeAll(async () => {
  db = await testWorld({ poolMax: 20 });
  [base, keys] = await Promise.all([openSaml(db), makeKeys("idp")]);
});

interface Scene {
  readonly org: TestOrg;
  readonly idp: SamlSite;
  readonly ada: Member;
}

async function build(linkPolicy: "confirm" | "admin" = "confirm", more = {}): Promise<Scene> {
  const org = await buildOrg(db, { seats: 8 });
  const idp = await connectIdp(org, keys, more);
  const ada = await org.add("ada");
  await org.run(
    (tx) => changeConnection(tx, { id: idp.connection.id, change: { options: { linkPolicy } } }),
    org.operator,
  );
  return { org, idp, ada };
}

const as = (org: TestOrg, name: string, nameId = `id-${name}`) => ({
  assertion: { nameId, attributes: [["email", [org.email(name)]]] as const },
});
/** Signs in and answers where the link waits. */
async function wait({ org, idp }: Scene, browser: Browser, name = "ada", nameId = `id-${name}`): Promise<string> {
  const { visit, session } = await signIn(browser, idp, as(org, name, nameId), "?RelayState=%2Fmembers");
  expect([visit.status, session]).toEqual([303, null]);
  return visit.location ?? "";
}
const shape = (idp: SamlSite) => new RegExp(`^${idp.connection.urls.entityId}/link/idl_[0-9a-z]{26}$`);
const linkIn = (url: string) => parseId("identityLink", url.split("/").at(-1)!);
const lettersTo = async (org: TestOrg, name: string) =>
  (await listMails(db, 500)).filter((mail) => mail.to === org.email(name));
async function letterFor(org: TestOrg, name = "ada"): Promise<string> {
  const [mail] = await lettersTo(org, name);
  return /http\S+\/link\/plmlink_\S+/.exec(mail?.text ?? "")![0];
}
async function withSession(
  org: TestOrg,
  browser: Browser,
  memberId: MemberId,
  method: "LINK" | "BREAK_GLASS" = "LINK",
) {
  const { secret } = await org.run((tx) => startLoginSession(tx, { memberId, method }), org.system);
  browser.cookies.set(`${publicUrl} plenum_session`, secret);
}
const identities = async (org: TestOrg) => (await countsOf(org)).identities;
/** Where a page sends the browser on; a redirect would be held to the `form-action` of the page before. */
const onward = (visit: Visit) => /^0; url=(\S+)$/.exec(visit.headers.get("refresh") ?? "")?.[1];
const end = (visit: Visit) => [visit.status, visit.location ?? onward(visit) ?? codeOn(visit)];
const lastFacts = async (org: TestOrg) => (await trailOf(org))[0];

test("SAML-62: `confirm` grants nothing before the member has proved who they are by the letter, in the same browser", async () => {
  const scene = await build();
  const { org, idp } = scene;
  const before = await countsOf(org);
  const browser = new Browser(base);

  const url = await wait(scene, browser);
  expect(url).toMatch(shape(idp));
  expect(await countsOf(org)).toEqual({ ...before, outcomes: before.outcomes + 1, replays: before.replays + 1 });
  const page = await browser.get(url);
  expect([page.status, page.text.includes(org.email("ada")), page.text.includes("/letter")]).toEqual([200, true, true]);
  // Pressing the button without the letter proves nothing.
  expect(end(await browser.post(url, ""))).toEqual([403, "link_void"]);
  expect(await lettersTo(org, "ada")).toHaveLength(0);
  expect((await browser.post(`${url}/letter`, "")).status).toBe(202);
  const letter = await letterFor(org);
  expect(letter.startsWith(`${idp.connection.urls.entityId}/link/plmlink_`)).toBe(true);

  expect((await browser.get(letter)).status).toBe(200);
  expect(await identities(org)).toBe(before.identities);
  const done = await browser.post(letter, "");
  expect(done.location).toBe(null);
  expect(end(done)).toEqual([200, `${idp.connection.urls.loginUrl}?RelayState=%2Fmembers`]);
  expect(await countsOf(org)).toMatchObject({ identities: before.identities + 1, sessions: before.sessions });
  expect(await lastFacts(org)).toMatchObject({ action: "sso.link", facts: { proof: "LETTER" } });

  const { session } = await signIn(browser, idp, as(org, "ada"));
  expect(session).toMatchObject({ role: "MEMBER" });
  expect((await lastFacts(org))?.facts).toMatchObject({ effect: "LINKED" });
  await signIn(new Browser(base), idp, as(org, "ada"));
  expect((await lastFacts(org))?.facts).toMatchObject({ effect: "KNOWN" });
  expect(await identities(org)).toBe(before.identities + 1);
});

test("SAML-62: a session of that member in the same browser is proof; another member's, or an emergency one, is none", async () => {
  const scene = await build();
  const { org, idp, ada } = scene;
  const browser = new Browser(base);
  const bob = await org.add("bob");
  const url = await wait(scene, browser);

  await withSession(org, browser, bob.id);
  expect(end(await browser.post(url, ""))).toEqual([403, "link_void"]);
  await withSession(org, browser, ada.id, "BREAK_GLASS");
  expect(end(await browser.post(url, ""))).toEqual([403, "link_void"]);
  const other = await build();
  await withSession(other.org, browser, other.ada.id);
  expect(end(await browser.post(url, ""))).toEqual([403, "link_void"]);

  await withSession(org, browser, ada.id);
  const page = await browser.get(url);
  expect([page.text.includes('method="post"'), page.text.includes("/letter")]).toEqual([true, false]);
  expect(end(await browser.post(url, ""))).toEqual([200, `${idp.connection.urls.loginUrl}?RelayState=%2Fmembers`]);
  expect(await lastFacts(org)).toMatchObject({ action: "sso.link", facts: { proof: "SESSION" } });
});

test("SAML-62, SAML-88: another browser, no browser, another site and another connection find no link", async () => {
  const scene = await build();
  const { org, ada } = scene;
  const other = await build();
  const browser = new Browser(base);
  const url = await wait(scene, browser);
  await browser.post(`${url}/letter`, "");
  const letter = await letterFor(org);

  const stranger = new Browser(base);
  await wait(other, stranger);
  await withSession(org, stranger, ada.id);
  const there = (address: string) =>
    address.replace(scene.idp.connection.urls.entityId, other.idp.connection.urls.entityId);
  for (const address of [url, letter]) {
    expect(end(await stranger.get(address))).toEqual([403, "link_void"]);
    expect(end(await stranger.post(address, ""))).toEqual([403, "link_void"]);
    expect(end(await new Browser(base).post(address, ""))).toEqual([403, "link_void"]);
    expect(end(await browser.post(there(address), ""))).toEqual([403, "link_void"]);
    expect(end(await browser.post(address, "", { origin: "https://evil.example" }))).toEqual([403, "link_void"]);
  }
  expect(await identities(org)).toBe(0);
  expect(end(await browser.post(letter, ""))).toEqual([200, expect.stringContaining("/login?")]);
});

test("SAML-62: a letter works once, and the newest alone", async () => {
  const scene = await build();
  const { org } = scene;
  const browser = new Browser(base);
  const url = await wait(scene, browser);
  await browser.post(`${url}/letter`, "");
  const first = await letterFor(org);
  await browser.post(`${url}/letter`, "");
  const letters = (await lettersTo(org, "ada")).map((mail) => /http\S+\/link\/plmlink_\S+/.exec(mail.text)![0]);
  const second = letters.find((address) => address !== first)!;

  expect(end(await browser.post(first, ""))).toEqual([403, "link_void"]);
  const answers = await Promise.all(Array.from({ length: 6 }, () => browser.post(second, "")));
  expect(answers.map((answer) => answer.status).sort()).toEqual([200, 403, 403, 403, 403, 403]);
  expect(await identities(org)).toBe(1);
  expect(end(await browser.get(second))).toEqual([403, "link_void"]);
});

test("SAML-62: five letters in an hour, however many NameIDs ask for them and however fast", async () => {
  const scene = await build();
  const { org } = scene;
  const browsers = Array.from({ length: 3 }, () => new Browser(base));
  const urls = await Promise.all(browsers.map((browser, i) => wait(scene, browser, "ada", `other-${i}`)));

  const asked = await Promise.all(
    browsers.flatMap((browser, i) => [1, 2, 3].map(() => browser.post(`${urls[i]}/letter`, ""))),
  );

  expect(asked.map((answer) => answer.status).sort()).toEqual([202, 202, 202, 202, 202, 429, 429, 429, 429]);
  expect(codeOn(asked.find((answer) => answer.status === 429)!)).toBe("link_letters_spent");
  expect(await lettersTo(org, "ada")).toHaveLength(5);
});

test("SAML-62: the limit holds where one identity claims one address after another", async () => {
  const scene = await build();
  const { org } = scene;
  await org.add("bob");
  const browser = new Browser(base);
  const asked: number[] = [];
  for (const name of ["ada", "bob", "ada"]) {
    const url = await wait(scene, browser, name, "one-and-the-same");
    for (let n = 0; n < 4; n++) asked.push((await browser.post(`${url}/letter`, "")).status);
  }

  expect(asked).toEqual([202, 202, 202, 202, 202, 202, 202, 202, 202, 429, 429, 429]);
  expect([(await lettersTo(org, "ada")).length, (await lettersTo(org, "bob")).length]).toEqual([5, 4]);
});

type Meanwhile = (scene: Scene) => Promise<unknown>;
const meanwhile: readonly (readonly [string, string, Meanwhile])[] = [
  [
    "the member is suspended",
    "member_gone",
    ({ org, ada }) => org.run((tx) => changeMember(tx, { id: ada.id, changes: [{ kind: "suspend" }] })),
  ],
  ["the member is removed", "member_gone", ({ org, ada }) => org.run((tx) => removeMember(tx, { id: ada.id }))],
  [
    "the address changes",
    "address_changed",
    ({ org, ada }) =>
      execute(org, "update member set login_email_norm = $3, login_email = $3 where org_id = $1 and id = $2", [
        ada.id,
        org.email("moved"),
      ]),
  ],
  [
    "the identity provider changes",
    "identity_provider_changed",
    ({ org, idp }) => configure(org, idp.connection.id, { idp_entity_id: "https://new.example" }),
  ],
  ["the policy changes", "policy_changed", ({ org, idp }) => configure(org, idp.connection.id, { options: {} })],
  [
    "the domain lapses",
    "domain_not_verified",
    ({ org }) => execute(org, "update verified_domain set status = 'LAPSED', lapsed_at = now() where org_id = $1"),
  ],
  [
    "only SCIM's members may come",
    "provisioning_changed",
    ({ org, idp }) =>
      execute(
        org,
        "update identity_connection set options = options || '{\"scimOnly\": true}', version = version + 1 where org_id = $1 and id = $2",
        [idp.connection.id],
      ),
  ],
  ["it runs out", "expired", ({ org }) => execute(org, "update sso_link set expires_at = now() where org_id = $1")],
];

test.each(meanwhile)("SAML-62: a link is void once %s", async (_, obstacle, change) => {
  const confirm = await build();
  const browser = new Browser(base);
  const url = await wait(confirm, browser);
  await browser.post(`${url}/letter`, "");
  const letter = await letterFor(confirm.org);
  await change(confirm);

  for (const address of [letter, `${url}/letter`]) {
    expect(end(await browser.post(address, ""))).toEqual([403, "link_void"]);
  }
  expect(end(await browser.get(url))).toEqual([403, "link_void"]);
  expect(await identities(confirm.org)).toBe(0);

  const admin = await build("admin");
  const id = linkIn(await wait(admin, new Browser(base)));
  await change(admin);
  expect(await refusal(admin.org.run((tx) => approveIdentityLink(tx, { id }), admin.org.operator))).toEqual({
    code: "conflict",
    facts: { field: "linkId", reason: obstacle },
  });
  expect(await identities(admin.org)).toBe(0);
});

test("SAML-12, SAML-62: nothing is linked through a connection that is off", async () => {
  const { org, idp, ...scene } = await build();
  const browser = new Browser(base);
  const url = await wait({ org, idp, ...scene }, browser);
  await browser.post(`${url}/letter`, "");
  const letter = await letterFor(org);
  await org.run((tx) => switchConnection(tx, { id: idp.connection.id, to: "DISABLED" }), org.operator);

  expect(end(await browser.post(letter, ""))).toEqual([403, "connection_inactive"]);
  expect(await identities(org)).toBe(0);
});

test("SAML-62: `admin` waits for an administrator, who sees it, agrees once, and the member is told", async () => {
  const scene = await build("admin");
  const { org, idp } = scene;
  const browser = new Browser(base);

  const url = await wait(scene, browser);
  const page = await browser.get(url, { "accept-language": "fr" });
  expect([page.status, page.text.includes("Un administrateur doit"), page.text.includes('method="post"')]).toEqual([
    200,
    true,
    false,
  ]);
  await withSession(org, browser, scene.ada.id);
  expect(end(await browser.post(url, ""))).toEqual([403, "link_void"]);
  expect(end(await browser.post(`${url}/letter`, ""))).toEqual([403, "link_void"]);
  // One letter to the administrators a day, however many wait.
  await org.add("bob");
  await wait(scene, new Browser(base), "bob");
  expect(
    (await lettersTo(org, "owner")).filter((m) => /attend votre accord|waits for your word/.test(m.subject)),
  ).toHaveLength(1);
  // The same person again: the same link waits.
  expect(await wait(scene, new Browser(base))).toBe(url);

  const id = linkIn(url);
  const results = await Promise.allSettled(
    Array.from({ length: 5 }, () => org.run((tx) => approveIdentityLink(tx, { id }), org.operator)),
  );
  expect(results.filter((r) => r.status === "fulfilled")).toHaveLength(1);
  expect(await identities(org)).toBe(1);
  expect(await lettersTo(org, "ada")).toMatchObject([{ text: expect.stringContaining(idp.connection.urls.loginUrl) }]);
  expect(await lastFacts(org)).toMatchObject({ action: "sso.link", facts: { proof: "ADMINISTRATOR" } });
  expect((await signIn(new Browser(base), idp, as(org, "ada"))).session).toMatchObject({ role: "MEMBER" });
});

test("SAML-62: a rejected identity stays out until the link has run out, unless an administrator thinks again", async () => {
  const scene = await build("admin");
  const { org, idp } = scene;
  const browser = new Browser(base);
  const url = await wait(scene, browser);
  const id = linkIn(url);
  await org.run((tx) => rejectIdentityLink(tx, { id }), org.operator);
  await org.run((tx) => rejectIdentityLink(tx, { id }), org.operator);

  expect(codeOn((await signIn(new Browser(base), idp, as(org, "ada"))).visit)).toBe("link_rejected");
  expect(end(await browser.get(url))).toEqual([403, "link_rejected"]);
  await org.run((tx) => approveIdentityLink(tx, { id }), org.operator);
  expect((await signIn(new Browser(base), idp, as(org, "ada"))).session).toMatchObject({ role: "MEMBER" });
  expect(await refusal(org.run((tx) => rejectIdentityLink(tx, { id }), org.operator))).toMatchObject({
    code: "conflict",
    facts: { reason: "decided" },
  });

  const second = linkIn(await wait(scene, new Browser(base), "owner"));
  await org.run((tx) => rejectIdentityLink(tx, { id: second }), org.operator);
  await execute(org, "update sso_link set expires_at = now() where org_id = $1");
  expect(linkIn(await wait(scene, new Browser(base), "owner"))).not.toBe(second);
});

test("SAML-62, SAML-11: deciding needs the right, a fresh sign-in and, for an owner, an owner; foreign links are not there", async () => {
  const scene = await build("admin");
  const { org } = scene;
  const admin = await org.add("admin");
  await org.run((tx) => changeMember(tx, { id: admin.id, changes: [{ kind: "grantRole", role: "ADMIN" }] }));
  const id = linkIn(await wait(scene, new Browser(base), "owner"));
  const fresh = await signedIn(org, admin.id);
  const decide = (caller = fresh, work = approveIdentityLink) => refusal(org.run((tx) => work(tx, { id }), caller));

  expect(await decide(org.person(scene.ada.id, "MEMBER"))).toMatchObject({ code: "forbidden" });
  expect(await decide(org.person(admin.id, "ADMIN"))).toMatchObject({ facts: { reason: "reauthentication_required" } });
  expect(await decide()).toEqual({ code: "forbidden", facts: { role: "OWNER" } });
  expect(await decide(fresh, rejectIdentityLink)).toEqual({ code: "forbidden", facts: { role: "OWNER" } });
  const other = await buildOrg(db);
  for (const work of [approveIdentityLink, rejectIdentityLink]) {
    expect(await refusal(other.run((tx) => work(tx, { id }), other.operator))).toMatchObject({ code: "not_found" });
  }
  expect(await decide(await signedIn(org, org.ownerId))).toBe("done");
});

test("SAML-62: an owner who keeps an emergency access links in person only: signed in, in that browser", async () => {
  const scene = await build();
  const { org, idp } = scene;
  await registerAuthenticator(org, org.ownerId);
  const owner = await signedIn(org, org.ownerId);
  await org.run((tx) => addExemption(tx, { kind: "BREAK_GLASS", memberId: org.ownerId }), owner);
  const browser = new Browser(base);
  const url = await wait(scene, browser, "owner");

  expect((await browser.get(url)).text).toContain('href="/sign-in"');
  expect(end(await browser.post(`${url}/letter`, ""))).toEqual([403, "link_void"]);
  await withSession(org, browser, org.ownerId);
  expect(end(await browser.post(url, ""))).toEqual([200, expect.stringContaining("/login?")]);

  await configure(org, idp.connection.id, { options: { linkPolicy: "admin" } });
  expect(codeOn((await signIn(new Browser(base), idp, as(org, "owner", "second"))).visit)).toBe(
    "break_glass_not_linked",
  );
});

test("SAML-62: who becomes an owner with emergency access while a letter is under way is not linked by it", async () => {
  const scene = await build();
  const { org } = scene;
  const browser = new Browser(base);
  const url = await wait(scene, browser, "owner");
  await browser.post(`${url}/letter`, "");
  const letter = await letterFor(org, "owner");
  await asSuperuser("insert into sso_exemption values ($1, 'BREAK_GLASS', $2, now())", [org.orgId, org.ownerId]);

  expect(end(await browser.post(letter, ""))).toEqual([403, "link_void"]);
  expect(await identities(org)).toBe(0);
  await asSuperuser("delete from sso_exemption where org_id = $1 and subject_id = $2", [org.orgId, org.ownerId]);
});

test("SAML-62, ruling 3: an invited person proves the mailbox as well, and joins at the next sign-in", async () => {
  const scene = await build();
  const { org, idp } = scene;
  await org.invite("new");
  const browser = new Browser(base);
  const url = await wait(scene, browser, "new");
  await browser.post(`${url}/letter`, "");
  const mail = (await lettersTo(org, "new")).find(({ text }) => text.includes("/link/plmlink_"))!;

  await browser.post(/http\S+\/link\/plmlink_\S+/.exec(mail.text)![0], "");
  expect((await signIn(browser, idp, as(org, "new"))).session).toMatchObject({ role: "MEMBER" });
  expect((await lastFacts(org))?.facts).toMatchObject({ effect: "JOINED" });
});

test("SAML-62, SAML-64: whoever has no member's address is made as ever, and known identities are not asked again", async () => {
  const { org, idp } = await build("admin");

  expect((await signIn(new Browser(base), idp, as(org, "fresh"))).session).toMatchObject({ role: "MEMBER" });
  expect((await signIn(new Browser(base), idp, as(org, "fresh"))).session).toMatchObject({ role: "MEMBER" });
});

test("SAML-62: sign-ins of one person at the same moment leave one link", async () => {
  const scene = await build("admin");

  const urls = await Promise.all(Array.from({ length: 6 }, () => wait(scene, new Browser(base))));

  expect(new Set(urls).size).toBe(1);
  expect(await asSuperuser("select id from sso_link where org_id = $1", [scene.org.orgId])).toHaveLength(1);
});

test("SAML-62: letters and pages are there in French and English", async () => {
  const scene = await build();
  const browser = new Browser(base);
  const url = await wait(scene, browser);

  expect((await browser.get(url, { "accept-language": "fr" })).text).toContain("Ce compte est-il le vôtre");
  expect((await browser.get(url, { "accept-language": "en" })).text).toContain("Is this account yours?");
  expect((await browser.post(`${url}/letter`, "", { "accept-language": "en" })).text).toContain("Check your mailbox");
});

test.each(["verified_domain", "confirm", "admin"] as const)(
  "SAML-60, SAML-62: under `%s` an address that has come to somebody else gives them nothing of whom the provider knows by another name",
  async (linkPolicy) => {
    const { org, idp } = await build("admin");
    await org.run(
      (tx) => changeConnection(tx, { id: idp.connection.id, change: { options: { linkPolicy: null } } }),
      org.operator,
    );
    const before = (await signIn(new Browser(base), idp, as(org, "ada", "ada-of-old"))).session as { member: string };
    await org.run(
      (tx) => changeConnection(tx, { id: idp.connection.id, change: { options: { linkPolicy } } }),
      org.operator,
    );
    // Capitals make nobody else.
    await configure(org, idp.connection.id, { options: {} });
    expect((await signIn(new Browser(base), idp, as(org, "ada", "ADA-of-old"))).session).toEqual(
      expect.objectContaining({ member: before.member }),
    );
    await org.run(
      (tx) => changeConnection(tx, { id: idp.connection.id, change: { options: { linkPolicy } } }),
      org.operator,
    );

    const browser = new Browser(base);
    const url = await wait({ org, idp, ada: await org.add("eve") }, browser, "ada", "ada-of-new");
    expect(end(await browser.post(`${url}/letter`, ""))).toEqual([403, "link_void"]);
    expect(end(await browser.post(url, ""))).toEqual([403, "link_void"]);
    expect(await identities(org)).toBe(2);

    // It may be the same person after all: an administrator knows.
    await org.run((tx) => approveIdentityLink(tx, { id: linkIn(url) }), org.operator);
    const { session } = await signIn(browser, idp, as(org, "ada", "ada-of-new"));
    expect(session).toMatchObject({ member: before.member });
  },
);

test("SAML-62: a letter is void once the member has come in by another identity of the same kind", async () => {
  const scene = await build();
  const { org, ada } = scene;
  const [one, two] = [new Browser(base), new Browser(base)];
  const first = await wait(scene, one, "ada", "first");
  const second = await wait(scene, two, "ada", "second");
  await two.post(`${second}/letter`, "");
  const letter = await letterFor(org);
  await withSession(org, one, ada.id);
  expect((await one.post(first, "")).status).toBe(200);

  expect(end(await two.post(letter, ""))).toEqual([403, "link_void"]);
  expect(await identities(org)).toBe(1);
});

test("SAML-56, SAML-62: what nobody asked for waits as well, after the person has pressed the button", async () => {
  const scene = await build();
  const { org, idp } = scene;
  await configure(org, idp.connection.id, { idp_initiated: "accept" });
  const browser = new Browser(base);
  const xml = unsolicited(sceneFor(idp, null), {
    signed: "response",
    assertion: { ...as(org, "ada").assertion, inResponseTo: null },
  });
  const SAMLResponse = Buffer.from(xml, "utf8").toString("base64");
  const posted = await browser.post(idp.connection.urls.acsUrl, { SAMLResponse });
  const offer = await browser.get(posted.location ?? "");
  const code = /name="code" value="([\w-]{22})"/.exec(offer.text)![1]!;

  const answer = await browser.post(`${idp.connection.urls.entityId}/complete`, { code });

  expect([answer.status, answer.location]).toEqual([303, expect.stringMatching(shape(idp))]);
  expect(await identities(org)).toBe(0);
  expect((await browser.get(answer.location ?? "")).text).toContain("/letter");
});

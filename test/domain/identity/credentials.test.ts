import { changeMember } from "../../../services/domain/members";
import {
  createScimToken,
  createToken,
  endLoginSession,
  listDomains,
  listScimTokens,
  listTokens,
  entranceOf,
  lookAtSignInLink,
  printSignInLink,
  revokeToken,
  scimEntrance,
  sendSignInLink,
  signInByLink,
  startLoginSession,
  vouchForDomain,
} from "../../../services/domain/identity";
import { getOrganization } from "../../../services/domain/organizations";
import { parseEmail } from "../../../services/kernel/email";
import { findPersonByEmail, listMails } from "../../../services/platform/lobby";
import { readSecret } from "../../../services/platform/secrets";
import type { Database } from "../../../services/platform/unit-of-work";
import { buildOrg, testWorld, type TestOrg } from "../../support/world";

let db: Database;

beforeAll(async () => {
  db = await testWorld();
});

const origin = { requestId: "credentials" };
const whoIs = (text: string) => db.run(entranceOf(text, origin)!, (tx) => getOrganization(tx).then(() => tx.caller));
const outcome = (work: Promise<unknown>) =>
  work.then(
    () => "in",
    (error: { code: string }) => error.code,
  );

test("SEC-03, decision 27: an API token names its organization, carries a checksum and is stored as a hash", async () => {
  const org = await buildOrg(db);
  const token = await org.run((tx) => createToken(tx, { name: "CI", role: "ADMIN" }));

  expect(token.text).toMatch(/^plm_[0-9a-z]{26}_[0-9A-Za-z]{43}_[0-9A-Za-z]{6}$/);
  expect(readSecret(token.text)).toMatchObject({ kind: "api", orgId: org.orgId });
  expect(readSecret(`${token.text.slice(0, -1)}${token.text.endsWith("a") ? "b" : "a"}`)).toBeUndefined();
  expect(await whoIs(token.text)).toMatchObject({ kind: "token", role: "ADMIN", orgId: org.orgId, tokenId: token.id });

  await org.run((tx) => revokeToken(tx, { id: token.id }));
  expect(await outcome(whoIs(token.text))).toBe("unauthenticated");
});

test("SEC-03: nobody makes a token above their own role, and a token shrinks with its member", async () => {
  const org = await buildOrg(db);
  const admin = await org.add("admin", { role: "ADMIN" });
  const asAdmin = org.person(admin.id, "ADMIN");
  await expect(org.run((tx) => createToken(tx, { name: "up", role: "OWNER" }), asAdmin)).rejects.toMatchObject({
    code: "forbidden",
  });
  const token = await org.run((tx) => createToken(tx, { name: "own", role: "ADMIN" }), asAdmin);

  await org.run((tx) => changeMember(tx, { id: admin.id, changes: [{ kind: "grantRole", role: "MEMBER" }] }));

  expect(await whoIs(token.text)).toMatchObject({ role: "MEMBER", memberId: admin.id });
});

test("SCIM-187, c8: suspension ends sessions and tokens with its commit; reactivation does not bring them back", async () => {
  const org = await buildOrg(db);
  const ada = await org.add("ada", { role: "ADMIN" });
  const session = await org.run((tx) => startLoginSession(tx, { memberId: ada.id, method: "LINK" }), org.system);
  const token = await org.run((tx) => createToken(tx, { name: "ada", role: "ADMIN" }), org.person(ada.id, "ADMIN"));
  expect(await whoIs(session.secret)).toMatchObject({ kind: "person", memberId: ada.id, sessionId: session.id });

  await org.run((tx) => changeMember(tx, { id: ada.id, changes: [{ kind: "suspend" }] }));
  expect([await outcome(whoIs(session.secret)), await outcome(whoIs(token.text))]).toEqual([
    "unauthenticated",
    "unauthenticated",
  ]);

  await org.run((tx) => changeMember(tx, { id: ada.id, changes: [{ kind: "activate" }] }));
  expect([await outcome(whoIs(session.secret)), await outcome(whoIs(token.text))]).toEqual([
    "unauthenticated",
    "unauthenticated",
  ]);
});

test("SEC-02: a session ends when it is told to", async () => {
  const org = await buildOrg(db);
  const session = await org.run((tx) => startLoginSession(tx, { memberId: org.ownerId, method: "LINK" }), org.system);

  await org.run((tx) => endLoginSession(tx, { id: session.id, reason: "SIGNED_OUT" }));

  expect(await outcome(whoIs(session.secret))).toBe("unauthenticated");
});

test("contract §3: sign-in by e-mail link, once; an unknown address gets no mail and the same answer", async () => {
  const org = await buildOrg(db);
  const owner = parseEmail("email", org.email("owner"));
  await sendSignInLink(db, owner, "fr");
  await sendSignInLink(db, parseEmail("email", org.email("nobody")), "fr");

  const mails = (await listMails(db, 1000)).filter((m) => m.to.endsWith(org.domain));
  expect(mails.map((m) => m.to)).toEqual([owner.asGiven]);
  const secret = /\/sign-in\/(\S+)/.exec(mails[0]!.text)![1]!;
  expect(await lookAtSignInLink(db, secret, origin)).toMatchObject([{ orgId: org.orgId, slug: org.slug }]);

  const results = await Promise.allSettled(Array.from({ length: 5 }, () => signInByLink(db, { secret }, origin)));
  const won = results.filter((r) => r.status === "fulfilled");
  expect(won).toHaveLength(1);
  expect(await whoIs(won[0]!.value.secret)).toMatchObject({ kind: "person", role: "OWNER", memberId: org.ownerId });
});

test("SEC-22: at most five links an hour are mailed to one person", async () => {
  const org = await buildOrg(db);
  const owner = parseEmail("email", org.email("owner"));
  for (let n = 0; n < 7; n++) await sendSignInLink(db, owner, "en");

  expect((await listMails(db, 1000)).filter((m) => m.to === owner.asGiven)).toHaveLength(5);
});

test("c16: a person of two organizations chooses; a session belongs to one", async () => {
  const [one, two] = [await buildOrg(db), await buildOrg(db)];
  const emails = [{ attribute: "emails", type: "work", value: one.email("owner"), primary: true, detail: null }];
  await two.add("guest", { values: emails });
  const person = (await findPersonByEmail(db, one.email("owner")))!;
  const secret = /sign-in\/([^?]+)/.exec(await printSignInLink(db, person))![1]!;

  const choices = await lookAtSignInLink(db, secret, origin);
  expect(new Set(choices.map((c) => c.orgId))).toEqual(new Set([one.orgId, two.orgId]));

  const session = await signInByLink(db, { secret, orgId: two.orgId }, origin);
  expect(await whoIs(session.secret)).toMatchObject({ orgId: two.orgId, role: "MEMBER" });
});

test("SCIM-010, SCIM-041, ORG-09: a SCIM token opens its own connection only, and SSO comes first for everybody but the operator", async () => {
  const [org, other] = [await buildOrg(db), await buildOrg(db, { plan: "enterprise" })];
  const inside = (text: string, id: Parameters<typeof scimEntrance>[1]) =>
    outcome(db.run(scimEntrance(text, id, origin)!, async (tx) => tx.caller));

  await expect(org.run((tx) => createScimToken(tx, {}))).rejects.toMatchObject({
    code: "entitlement_required",
    facts: { feature: "sso" },
  });
  await expect(other.run((tx) => createScimToken(tx, {}))).rejects.toMatchObject({ code: "sso_required_first" });
  const mine = await org.run((tx) => createScimToken(tx, {}), org.operator);
  const theirs = await other.run((tx) => createScimToken(tx, {}), other.operator);

  expect(await inside(mine.text, mine.connectionId)).toBe("in");
  expect(await inside(mine.text, theirs.connectionId)).toBe("unauthenticated");
  expect(await inside(theirs.text, mine.connectionId)).toBe("unauthenticated");
  expect(mine.baseUrl).toMatch(/^http:\/\/localhost:4000\/scim\/v2\/con_[0-9a-z]{26}$/);
});

test("SCIM-046: a token that may only read has no permission to write; one bound to a network works from there alone", async () => {
  const org = await buildOrg(db);
  const make = (more: object) => org.run((tx) => createScimToken(tx, more), org.operator);
  const read = await make({ scopes: ["scim.read"] });
  const bound = await make({ ipAllow: ["192.0.2.0/24"] });
  const from = (ip: string, token: typeof read) =>
    db.run(scimEntrance(token.text, token.connectionId, { requestId: "ip", ip })!, async (tx) => [
      ...tx.caller.permissions,
    ]);

  expect(await from("198.51.100.1", read)).toEqual(["member:read", "group:read", "seat:read"]);
  expect(await from("::ffff:192.0.2.7", bound)).toContain("member:write");
  expect(await outcome(from("198.51.100.1", bound))).toBe("forbidden");
});

test("SAML-75: a domain has one holder; free-mail hosts have none", async () => {
  const [org, other]: [TestOrg, TestOrg] = [await buildOrg(db), await buildOrg(db)];
  const vouch = (where: TestOrg, domain: string) => where.run((tx) => vouchForDomain(tx, { domain }), where.operator);

  const made = await vouch(org, `Bücher.${org.slug}.example`);
  expect(made).toMatchObject({ domain: `xn--bcher-kva.${org.slug}.example`, verifiedBy: "OPERATOR" });
  await expect(vouch(other, `bücher.${org.slug}.example`)).rejects.toMatchObject({ code: "duplicate" });
  await expect(vouch(other, "gmail.com")).rejects.toMatchObject({ code: "invalid", facts: { field: "domain" } });
});

test("contract §3: lists of tokens and domains show what is live, of this organization only, and never a secret", async () => {
  const [org, other] = [await buildOrg(db), await buildOrg(db)];
  const token = await org.run((tx) => createToken(tx, { name: "kept", role: "ADMIN" }));
  const gone = await org.run((tx) => createToken(tx, { name: "revoked", role: "ADMIN" }));
  await other.run((tx) => createToken(tx, { name: "theirs", role: "ADMIN" }));
  await org.run((tx) => revokeToken(tx, { id: gone.id }));
  await org.run((tx) => createScimToken(tx, { name: "Okta" }), org.operator);

  const tokens = await org.run((tx) => listTokens(tx, {}));
  expect(tokens.map((t) => t.name)).toEqual(["kept"]);
  expect(tokens[0]).toMatchObject({ id: token.id, role: "ADMIN", lastUsedAt: null });
  expect(JSON.stringify(tokens)).not.toContain("secretHash");
  expect((await org.run((tx) => listScimTokens(tx, {}))).map((t) => t.name)).toEqual(["Okta"]);
  expect((await org.run((tx) => listDomains(tx, {}))).map((d) => d.domain)).toEqual([org.domain]);
});

test("SEC-03: an admin makes no token that acts under an owner's name", async () => {
  const org = await buildOrg(db);
  const admin = await org.add("admin", { role: "ADMIN" });
  const make = (memberId: Parameters<typeof org.person>[0]) =>
    org.run((tx) => createToken(tx, { name: "t", role: "MEMBER", memberId }), org.person(admin.id, "ADMIN"));

  await expect(make(org.ownerId)).rejects.toMatchObject({ code: "forbidden", facts: { role: "OWNER" } });
  expect((await make(admin.id)).text).toMatch(/^plm_/);
});

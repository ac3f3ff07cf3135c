import { base32, codeOf, stepOfCode } from "../../../services/domain/identity/totp";
import {
  addExemption,
  beginAuthenticator,
  beginBreakGlass,
  beginPasskey,
  breakGlass,
  changeConnection,
  entranceOf,
  finishAuthenticator,
  finishPasskey,
  listCredentials,
  renewRecoveryCodes,
  setEnforcement,
  showEnforcement,
  switchConnection,
  type BreakGlassProof,
} from "../../../services/domain/identity";
import { minuteMs, type FakeClock } from "../../../services/kernel/clock";
import type { Caller } from "../../../services/platform/caller";
import { listMails } from "../../../services/platform/lobby";
import type { Database } from "../../../services/platform/unit-of-work";
import {
  asSuperuser,
  importedConnection,
  refusal,
  registerAuthenticator,
  requireSso,
  signedIn,
  unbase32,
  type SoftAuthenticator,
} from "../../support/identity";
import { SoftPasskey } from "../../support/passkey";
import { makeKeys, type KeyPair } from "../../support/saml-kit";
import { buildOrg, testClock, testWorld, unique, type TestOrg } from "../../support/world";

let db: Database;
let clock: FakeClock;
let keys: KeyPair;
let host = 0;

beforeAll(async () => {
  clock = testClock();
  db = await testWorld({ clock });
  keys = await makeKeys("idp");
});
// A step of the authenticator is good once.
beforeEach(() => clock.advanceMs(minuteMs));

/** Each try from an address of its own, so that only the test of limits meets one. */
const origin = () => ({ requestId: unique("break"), ip: `198.51.100.${++host % 250}-${unique("ip")}` });
const enter = (org: TestOrg, proof: BreakGlassProof, from = origin()) =>
  breakGlass(db, { organization: org.slug, proof }, from);
const codes = (
  org: TestOrg,
  app: SoftAuthenticator,
  more: Partial<Record<"email" | "code" | "recoveryCode", string>> = {},
) => ({
  kind: "codes" as const,
  email: org.email("owner"),
  code: app.code(clock.now()),
  recoveryCode: app.recoveryCodes[0]!,
  ...more,
});
const who = (secret: string): Promise<Caller> =>
  db.run(entranceOf(secret, { requestId: "who" })!, async (tx) => tx.caller);

async function listed(): Promise<{ org: TestOrg; app: SoftAuthenticator }> {
  const org = await buildOrg(db);
  const app = await registerAuthenticator(org, org.ownerId);
  const caller = await signedIn(org, org.ownerId);
  await org.run((tx) => addExemption(tx, { kind: "BREAK_GLASS", memberId: org.ownerId }), caller);
  // The step by which it was confirmed is spent.
  clock.advanceMs(minuteMs);
  return { org, app };
}

async function passkeyOf(org: TestOrg, origin = "http://localhost:4000"): Promise<SoftPasskey> {
  const key = new SoftPasskey(origin);
  const caller = await signedIn(org, org.ownerId);
  const options = await org.run((tx) => beginPasskey(tx, {}), caller);
  await org.run((tx) => finishPasskey(tx, { response: key.create(options), label: "laptop" }), caller);
  return key;
}

test("RFC 6238 appendix B: the codes of the standard, by SHA-1, SHA-256 and SHA-512", () => {
  const seed = (bytes: number) => Buffer.from("1234567890".repeat(7)).subarray(0, bytes);
  const vectors = [
    [59, "94287082", "46119246", "90693936"],
    [1111111109, "07081804", "68084774", "25091201"],
    [1111111111, "14050471", "67062674", "99943326"],
    [1234567890, "89005924", "91819424", "93441116"],
    [2000000000, "69279037", "90698825", "38618901"],
    [20000000000, "65353130", "77737706", "47863826"],
  ] as const;
  for (const [seconds, sha1, sha256, sha512] of vectors) {
    const step = Math.floor(seconds / 30);
    expect([
      codeOf(seed(20), step, { digits: 8, algorithm: "sha1" }),
      codeOf(seed(32), step, { digits: 8, algorithm: "sha256" }),
      codeOf(seed(64), step, { digits: 8, algorithm: "sha512" }),
    ]).toEqual([sha1, sha256, sha512]);
  }
  // RFC 4648 §10.
  expect(["", "f", "fo", "foo", "foob", "fooba", "foobar"].map((text) => base32(Buffer.from(text)))).toEqual([
    "",
    "MY",
    "MZXQ",
    "MZXW6",
    "MZXW6YQ",
    "MZXW6YTB",
    "MZXW6YTBOI",
  ]);
  const at = new Date("2026-04-06T08:00:15Z");
  const step = Math.floor(at.getTime() / 30_000);
  const found = [-2, -1, 0, 1, 2].map((off) => stepOfCode(seed(20), codeOf(seed(20), step + off), at));
  expect(found).toEqual([undefined, step - 1, step, step + 1, undefined]);
});

test("SAML-83, ruling 8: an owner gets in by code and recovery code for an hour, all owners are told, and it is audited as grave", async () => {
  const { org, app } = await listed();
  const session = await enter(org, codes(org, app), { requestId: "night", ip: "198.51.100.7" });

  expect(await who(session.secret)).toMatchObject({ kind: "person", role: "OWNER", memberId: org.ownerId });
  const [row] = await asSuperuser<{ minutes: number; method: string }>(
    "select round(extract(epoch from ends_at - now()) / 60)::integer as minutes, method from login_session where id = $1",
    [session.id],
  );
  expect(row).toEqual({ minutes: 60, method: "BREAK_GLASS" });
  const [mail] = (await listMails(db, 50)).filter((m) => m.to === org.email("owner"));
  expect(mail?.subject).toBe("Emergency access was used");
  expect(mail?.text).toContain("198.51.100.7");
  const audit = await asSuperuser<{ facts: unknown; result: string }>(
    "select facts, result from audit_entry where org_id = $1 and action = 'break_glass.use'",
    [org.orgId],
  );
  expect(audit).toEqual([{ facts: { severity: "high", by: "codes", minutes: 60 }, result: "DONE" }]);
});

test("SAML-A99: no second factor, a used one, a wrong one, an owner who is not listed: one answer, denied and told", async () => {
  const { org, app } = await listed();
  const second = await org.add("second");
  await asSuperuser("update member set role = 'OWNER' where org_id = $1 and id = $2", [org.orgId, second.id]);
  await asSuperuser("update organization set owners = 2 where org_id = $1", [org.orgId]);
  const theirs = await registerAuthenticator(org, second.id);
  const refused = { code: "sso_refused", facts: { reason: "break_glass_refused" } };
  await enter(org, codes(org, app));
  const step = app.code(clock.now());
  clock.advanceMs(minuteMs);

  const tries: [string, BreakGlassProof][] = [
    ["no code", codes(org, app, { code: "" })],
    ["an old code", codes(org, app, { code: step, recoveryCode: app.recoveryCodes[1]! })],
    ["a spent recovery code", codes(org, app)],
    ["no recovery code", codes(org, app, { recoveryCode: "" })],
    ["somebody else's codes", codes(org, theirs)],
    ["an owner not listed", { ...codes(org, theirs), email: org.email("second") }],
    ["a member unknown", codes(org, app, { email: org.email("nobody") })],
  ];
  for (const [, proof] of tries) expect(await refusal(enter(org, proof))).toEqual(refused);
  expect(await refusal(breakGlass(db, { organization: "no-such-org", proof: tries[0]![1] }, origin()))).toEqual(
    refused,
  );

  const denied = await asSuperuser<{ n: number }>(
    "select count(*)::integer as n from audit_entry where org_id = $1 and action = 'break_glass.use' and result = 'DENIED'",
    [org.orgId],
  );
  expect(denied[0]?.n).toBe(tries.length);
  const alerts = (await listMails(db, 200)).filter((m) => m.to === org.email("owner") && m.subject.includes("refused"));
  expect(alerts).toHaveLength(1);
  // What was refused spent nothing.
  expect((await enter(org, codes(org, app, { recoveryCode: app.recoveryCodes[1]! }))).orgId).toBe(org.orgId);
});

test("SAML-83: one code and one recovery code open one session, however many post them at once", async () => {
  const { org, app } = await listed();

  const results = await Promise.all(Array.from({ length: 10 }, () => refusal(enter(org, codes(org, app)))));

  expect(results.filter((result) => result === "done")).toHaveLength(1);
  const left = (await org.run((tx) => listCredentials(tx, {}), await signedIn(org, org.ownerId))).filter(
    (credential) => credential.kind === "RECOVERY" && credential.usedAt === null,
  );
  expect(left).toHaveLength(9);
});

test("SAML-83: a passkey gets in, whatever state the connection is in; its answer counts once, for us, with its person verified", async () => {
  const org = await buildOrg(db);
  const connection = await importedConnection(org, keys);
  await requireSso(org, connection);
  const key = await passkeyOf(org);
  await org.run((tx) => switchConnection(tx, { id: connection, to: "DISABLED" }), org.operator);
  const ask = () => beginBreakGlass(db, { organization: org.slug }, origin());
  const answer = async (more = {}) => ({ kind: "passkey" as const, response: key.get(await ask(), more) });

  const options = await ask();
  expect([options.rpId, options.userVerification, options.allowCredentials]).toEqual([
    "localhost",
    "required",
    undefined,
  ]);
  const proof = await answer();
  expect((await enter(org, proof)).orgId).toBe(org.orgId);
  const bad: [string, BreakGlassProof][] = [
    ["replayed", proof],
    ["signed for another page", await answer({ origin: "https://evil.example" })],
    ["person not verified", await answer({ flags: 0x01 })],
    ["a copy whose counter fell behind", await answer({ counter: 1 })],
    ["a challenge of nobody's", { kind: "passkey", response: key.get({ ...(await ask()), challenge: "AAAA" }) }],
    ["a key that nobody registered", { kind: "passkey", response: new SoftPasskey().get(await ask()) }],
  ];
  for (const [, attempt] of bad) expect(await refusal(enter(org, attempt))).toMatchObject({ code: "sso_refused" });
  key.counter = 10;
  expect((await enter(org, await answer())).orgId).toBe(org.orgId);
  expect(Object.keys(await beginBreakGlass(db, { organization: "no-such-org" }, origin())).sort()).toEqual(
    Object.keys(options).sort(),
  );
});

test("SAML-63: a credential opens the organization in which it was registered and no other of the same person", async () => {
  const [org, other] = [await buildOrg(db), await buildOrg(db)];
  const values = [{ attribute: "emails", type: "work", value: org.email("owner"), primary: true, detail: null }];
  const same = await other.add("same", { values });
  await asSuperuser("update member set role = 'OWNER' where org_id = $1 and id = $2", [other.orgId, same.id]);
  await asSuperuser("insert into sso_exemption values ($1, 'BREAK_GLASS', $2, now())", [other.orgId, same.id]);
  const [app, key] = [await registerAuthenticator(org, org.ownerId), await passkeyOf(org)];
  clock.advanceMs(minuteMs);

  expect(await refusal(enter(other, codes(org, app)))).toMatchObject({ code: "sso_refused" });
  const response = key.get(await beginBreakGlass(db, { organization: other.slug }, origin()));
  expect(await refusal(enter(other, { kind: "passkey", response }))).toMatchObject({ code: "sso_refused" });
});

test("SAML-83: who came in by break-glass mends the connection and enforcement, but not who may break the glass", async () => {
  const org = await buildOrg(db);
  const connection = await importedConnection(org, keys);
  const app = await requireSso(org, connection);
  const other = await org.add("other");
  clock.advanceMs(minuteMs);
  const caller = await who((await enter(org, codes(org, app))).secret);
  const attempt = (work: Parameters<TestOrg["run"]>[0]) => refusal(org.run(work, caller));
  const forbidden = { code: "forbidden", facts: { reason: "break_glass_session" } };

  expect(await attempt((tx) => addExemption(tx, { kind: "BREAK_GLASS", memberId: other.id }))).toEqual(forbidden);
  expect(await attempt((tx) => beginPasskey(tx, {}))).toEqual(forbidden);
  expect(await attempt((tx) => beginAuthenticator(tx, { label: "mine" }))).toEqual(forbidden);
  expect(await attempt((tx) => renewRecoveryCodes(tx, {}))).toEqual(forbidden);
  expect(await attempt((tx) => changeConnection(tx, { id: connection, change: { skewSeconds: 90 } }))).toBe("done");
  expect(await attempt((tx) => setEnforcement(tx, { policy: "OFF" }))).toBe("done");
});

test("ruling 8: credentials are registered by their own person, signed in a moment ago; secrets are sealed or hashed", async () => {
  const { org, app } = await listed();
  const caller = await signedIn(org, org.ownerId);
  const admin = await org.add("admin", { role: "ADMIN" });

  expect(await refusal(org.run((tx) => beginAuthenticator(tx, { label: "x" }), org.operator))).toMatchObject({
    code: "forbidden",
  });
  const setup = await org.run((tx) => beginAuthenticator(tx, { label: "second phone" }), caller);
  expect(setup.uri).toContain(`secret=${setup.secret}&issuer=Plenum`);
  expect(await refusal(org.run((tx) => finishAuthenticator(tx, { code: "000000" }), caller))).toMatchObject({
    code: "invalid",
    facts: { field: "code" },
  });
  // The old one works until the new one was proved.
  expect((await enter(org, codes(org, app))).orgId).toBe(org.orgId);
  const code = codeOf(unbase32(setup.secret), Math.floor(clock.now().getTime() / 30_000));
  const { recoveryCodes } = await org.run((tx) => finishAuthenticator(tx, { code }), caller);
  expect([recoveryCodes.length, recoveryCodes.every((text) => /^[a-z2-7]{4}(-[a-z2-7]{4}){5}$/.test(text))]).toEqual([
    10,
    true,
  ]);
  clock.advanceMs(minuteMs);
  expect(await refusal(enter(org, codes(org, app, { recoveryCode: app.recoveryCodes[1]! })))).toMatchObject({
    code: "sso_refused",
  });

  const rows = await asSuperuser<{ text: string }>(
    "select row_to_json(c)::text as text from person_credential c where org_id = $1",
    [org.orgId],
  );
  const stored = rows.map((row) => row.text).join();
  expect(recoveryCodes.filter((text) => stored.includes(text))).toEqual([]);
  expect(stored).not.toContain(unbase32(setup.secret).toString("hex"));
  const listedToAdmin = await org.run((tx) => listCredentials(tx, {}), await signedIn(org, admin.id));
  expect(listedToAdmin).toEqual([]);
});

test("SAML-84: with the last recovery code used up, enforcement pauses, since nobody could break the glass again", async () => {
  const org = await buildOrg(db);
  const app = await requireSso(org, await importedConnection(org, keys));
  for (const recoveryCode of app.recoveryCodes) {
    expect((await org.run((tx) => showEnforcement(tx, {}))).inForce).toBe(true);
    clock.advanceMs(minuteMs);
    await enter(org, codes(org, app, { recoveryCode }));
  }

  expect(await org.run((tx) => showEnforcement(tx, {}))).toMatchObject({ paused: true, base: { breakGlass: false } });
});

test("SEC-22, SAML-83: twenty tries in ten minutes from one address, then nothing is looked at; others get in", async () => {
  const { org, app } = await listed();
  const attacker = { requestId: "attack", ip: unique("203.0.113.9") };
  const wrong = codes(org, app, { code: "000000" });
  const results: Awaited<ReturnType<typeof refusal>>[] = [];
  for (let n = 0; n < 25; n++) results.push(await refusal(enter(org, wrong, attacker)));

  expect(results.map((r) => (typeof r === "string" ? r : r.code))).toEqual([
    ...Array.from({ length: 20 }, () => "sso_refused"),
    ...Array.from({ length: 5 }, () => "rate_limited"),
  ]);
  expect(await refusal(enter(org, codes(org, app), attacker))).toMatchObject({ code: "rate_limited" });
  expect((await enter(org, codes(org, app))).orgId).toBe(org.orgId);
});

import { changeMember, removeMember } from "../../../services/domain/members";
import {
  addExemption,
  beginPasskey,
  createToken,
  dryRunEnforcement,
  entranceOf,
  finishPasskey,
  listCredentials,
  lookAtSignInLink,
  mayUseLink,
  onEnforcementBaseChanged,
  printSignInLink,
  removeCredential,
  removeDomain,
  removeExemption,
  setEnforcement,
  showEnforcement,
  signInByLink,
  startLoginSession,
  switchConnection,
  listDomains,
} from "../../../services/domain/identity";
import { getOrganization } from "../../../services/domain/organizations";
import { dayMs, hourMs, type FakeClock } from "../../../services/kernel/clock";
import type { ConnectionId, MemberId } from "../../../services/kernel/ids";
import { findPersonByEmail, listMails } from "../../../services/platform/lobby";
import type { Database } from "../../../services/platform/unit-of-work";
import {
  asSuperuser,
  importedConnection,
  refusal,
  registerAuthenticator,
  requireSso,
  signedIn,
  testRun,
} from "../../support/identity";
import { SoftPasskey } from "../../support/passkey";
import { makeKeys, type KeyPair } from "../../support/saml-kit";
import { buildOrg, testClock, testWorld, type TestOrg } from "../../support/world";

let db: Database;
let clock: FakeClock;
let keys: KeyPair;

beforeAll(async () => {
  clock = testClock();
  db = await testWorld({ clock });
  keys = await makeKeys("idp");
});

const act = async <T>(org: TestOrg, work: Parameters<TestOrg["run"]>[0]) =>
  org.run(work, await signedIn(org, org.ownerId)) as Promise<T>;
const state = (org: TestOrg) => org.run((tx) => showEnforcement(tx, {}));
const missing = async (work: Promise<unknown>) => {
  const refused = await refusal(work);
  return refused === "done" ? refused : [refused.code, refused.facts["missing"]];
};
const byLink = (org: TestOrg, memberId: MemberId) =>
  org.run((tx) => startLoginSession(tx, { memberId, method: "LINK" }), org.system);
async function enforced(): Promise<{ org: TestOrg; connection: ConnectionId }> {
  const org = await buildOrg(db);
  const connection = await importedConnection(org, keys);
  await requireSso(org, connection);
  return { org, connection };
}

test("SAML-81: requiring single sign-on needs connection, domain, break-glass, a test run of one's own and the report", async () => {
  const org = await buildOrg(db, { plan: "enterprise" });
  const admin = await org.add("admin", { role: "ADMIN" });
  const require = (acknowledged?: string) =>
    act(org, (tx) => setEnforcement(tx, { policy: "REQUIRED", ...(acknowledged ? { acknowledged } : {}) }));

  expect(await missing(require())).toEqual(["conflict", "connection"]);
  expect(await missing(act(org, (tx) => setEnforcement(tx, { policy: "OPTIONAL" })))).toEqual([
    "conflict",
    "connection",
  ]);
  const connection = await importedConnection(org, keys);
  const [domain] = await org.run((tx) => listDomains(tx, {}));
  await asSuperuser("update verified_domain set status = 'PENDING' where org_id = $1", [org.orgId]);
  expect(await missing(require())).toEqual(["conflict", "domain"]);
  await asSuperuser("update verified_domain set status = 'VERIFIED' where org_id = $1 and id = $2", [
    org.orgId,
    domain!.id,
  ]);
  expect(await missing(require())).toEqual(["conflict", "breakGlass"]);
  const listOwner = () => act(org, (tx) => addExemption(tx, { kind: "BREAK_GLASS", memberId: org.ownerId }));
  expect(await missing(listOwner())).toEqual(["conflict", "credential"]);
  await registerAuthenticator(org, org.ownerId);
  await listOwner();
  expect(await missing(require())).toEqual(["conflict", "testRun"]);
  // Somebody else's, one that failed, and one from yesterday do not count.
  await testRun(org, connection, admin.id);
  await testRun(org, connection, org.ownerId, false);
  expect(await missing(require())).toEqual(["conflict", "testRun"]);
  await testRun(org, connection, org.ownerId);
  clock.advanceMs(24 * hourMs);
  expect(await missing(require())).toEqual(["conflict", "testRun"]);
  await testRun(org, connection, org.ownerId);

  const { digest } = await org.run((tx) => dryRunEnforcement(tx, {}));
  expect(await missing(require())).toEqual(["conflict", "acknowledgement"]);
  await org.add("newcomer");
  expect(await missing(require(digest))).toEqual(["conflict", "acknowledgement"]);
  const fresh = await org.run((tx) => dryRunEnforcement(tx, {}));
  expect(await require(fresh.digest)).toMatchObject({
    policy: "REQUIRED",
    inForce: true,
    breakGlassOwners: [org.ownerId],
  });
});

test("SAML-98: the dry run lists who could not sign in, and why", async () => {
  const org = await buildOrg(db);
  const connection = await importedConnection(org, keys);
  const good = await org.add("good");
  const guest = await org.add("guest", {
    values: [
      { attribute: "emails", type: "work", value: `guest@${org.slug}.elsewhere.example`, primary: true, detail: null },
    ],
  });
  const suspended = await org.add("suspended");
  await org.run(
    (tx) => changeMember(tx, { id: suspended.id, changes: [{ kind: "manage", by: connection }, { kind: "suspend" }] }),
    org.operator,
  );
  const seatless = await org.add("seatless");
  await asSuperuser(
    "update licence_assignment set ended_at = now(), end_reason = 'MEMBER_REMOVED' where org_id = $1 and member_id = $2",
    [org.orgId, seatless.id],
  );
  const identity = (memberId: MemberId, daysAgo: number) =>
    asSuperuser(
      `insert into sso_identity (org_id, id, connection_id, idp_entity_id, name_id_format, name_id_key, member_id, created_at, last_used_at)
       values ($1, gen_random_uuid(), $2, 'idp', 'persistent', $3::text, $3::uuid, now(), $4)`,
      [org.orgId, connection, memberId, new Date(clock.now().getTime() - daysAgo * dayMs)],
    );
  for (const [id, days] of [
    [good.id, 29],
    [guest.id, 1],
    [seatless.id, 31],
  ] as const)
    await identity(id, days);

  const report = await org.run((tx) => dryRunEnforcement(tx, {}));

  const reasons = Object.fromEntries(report.lockedOut.map((one) => [one.displayName, one.reasons]));
  expect(reasons).toEqual({
    [org.email("owner")]: ["NO_RECENT_SSO"],
    guest: ["DOMAIN_NOT_COVERED"],
    suspended: ["SCIM_INACTIVE"],
    seatless: ["NO_RECENT_SSO", "NO_SEAT"],
  });
  await act(org, (tx) => addExemption(tx, { kind: "GUESTS" }));
  await act(org, (tx) => addExemption(tx, { kind: "PERSON", memberId: seatless.id }));
  const second = await org.run((tx) => dryRunEnforcement(tx, {}));
  expect(second.lockedOut.map((one) => one.displayName)).toEqual([org.email("owner"), "suspended"]);
  expect(second.digest).not.toBe(report.digest);
});

test("SAML-82, SAML-A98: a link signs in nobody who is bound, is not spent by trying, and opens other organizations still", async () => {
  const { org } = await enforced();
  const other = await buildOrg(db);
  const ada = await org.add("ada");
  const emails = [{ attribute: "emails", type: "work", value: org.email("ada"), primary: true, detail: null }];
  const guest = await other.add("ada", { values: emails });
  const link = await printSignInLink(db, (await findPersonByEmail(db, org.email("ada")))!);
  const secret = /sign-in\/([^?]+)/.exec(link)![1]!;

  const choices = await lookAtSignInLink(db, secret, org.origin);
  expect(Object.fromEntries(choices.map((choice) => [choice.memberId, choice.ssoRequired]))).toEqual({
    [ada.id]: true,
    [guest.id]: false,
  });
  expect(await refusal(signInByLink(db, { secret, orgId: org.orgId }, org.origin))).toEqual({
    code: "sso_refused",
    facts: { reason: "sso_required" },
  });
  expect((await signInByLink(db, { secret, orgId: other.orgId }, org.origin)).orgId).toBe(other.orgId);
  // Invitations end in the same session, and the break-glass owner has a door of their own.
  expect(await refusal(byLink(org, ada.id))).toMatchObject({ code: "sso_refused" });
  expect(await refusal(byLink(org, org.ownerId))).toMatchObject({ code: "sso_refused" });
});

test("SAML-80: named people, guests and API tokens go on where they were exempted, and not before", async () => {
  const { org } = await enforced();
  const [named, guest] = [
    await org.add("named"),
    await org.add("guest", {
      values: [
        { attribute: "emails", type: "work", value: `${org.slug}@elsewhere.example`, primary: true, detail: null },
      ],
    }),
  ];
  const token = await org.run((tx) => createToken(tx, { name: "CI", role: "ADMIN" }), org.operator);
  const ways = async () => ({
    named: await refusal(byLink(org, named.id)),
    guest: await refusal(byLink(org, guest.id)),
    token: await refusal(db.run(entranceOf(token.text, org.origin)!, (tx) => getOrganization(tx))),
  });
  const shown = (way: Awaited<ReturnType<typeof refusal>>) => (way === "done" ? way : way.code);
  const codes = async () => Object.values(await ways()).map(shown);

  expect(await codes()).toEqual(["sso_refused", "sso_refused", "sso_refused"]);
  await act(org, (tx) => addExemption(tx, { kind: "PERSON", memberId: named.id }));
  expect(await codes()).toEqual(["done", "sso_refused", "sso_refused"]);
  await act(org, (tx) => addExemption(tx, { kind: "GUESTS" }));
  await act(org, (tx) => addExemption(tx, { kind: "API_TOKENS" }));
  expect(await codes()).toEqual(["done", "done", "done"]);
  await act(org, (tx) => removeExemption(tx, { kind: "PERSON", memberId: named.id }));
  expect(await codes()).toEqual(["sso_refused", "done", "done"]);
});

test("SAML-82: sessions that began by a link end within the hour, those of single sign-on and of exempt people go on", async () => {
  const org = await buildOrg(db);
  const connection = await importedConnection(org, keys);
  const [bound, free] = [await org.add("bound"), await org.add("free")];
  await act(org, (tx) => addExemption(tx, { kind: "PERSON", memberId: free.id }));
  const [link, exempt] = [await byLink(org, bound.id), await byLink(org, free.id)];
  const sso = await org.run((tx) => startLoginSession(tx, { memberId: bound.id, method: "SAML" }), org.system);

  await requireSso(org, connection);

  const left = await asSuperuser<{ id: string; minutes: number }>(
    "select id, round(extract(epoch from ends_at - now()) / 60)::integer as minutes from login_session where org_id = $1",
    [org.orgId],
  );
  const of = (id: string) => left.find((row) => row.id === id)?.minutes;
  expect([of(link.id), of(exempt.id), of(sso.id)]).toEqual([60, 720, 720]);
});

test("ruling 7, SAML-76: enforcement pauses when its base is lost, links work again, the owners are told, and it resumes", async () => {
  const { org, connection } = await enforced();
  const ada = await org.add("ada");
  const may = () => org.run((tx) => mayUseLink(tx, ada.id));
  const subjects = async () =>
    (await listMails(db, 1_000)).filter((mail) => mail.to === org.email("owner")).map((mail) => mail.subject);
  expect(await may()).toBe(false);

  await org.run((tx) => switchConnection(tx, { id: connection, to: "DISABLED" }), org.operator);
  expect([await may(), (await state(org)).paused]).toEqual([true, true]);
  await org.run((tx) => switchConnection(tx, { id: connection, to: "ACTIVE" }), org.operator);
  expect([await may(), (await state(org)).paused]).toEqual([false, false]);
  expect((await subjects()).slice(0, 2)).toEqual([
    "Single sign-on is enforced again",
    "Single sign-on is not enforced for now",
  ]);

  // The entitlement goes in another module: with its commit nobody is bound, and the event makes it known.
  await asSuperuser("delete from organization_entitlement where org_id = $1 and feature = 'sso'", [org.orgId]);
  expect([await may(), (await state(org)).paused]).toEqual([true, false]);
  await org.run((tx) => onEnforcementBaseChanged(tx, {}), org.system);
  expect((await state(org)).paused).toBe(true);
  expect((await subjects())[0]).toBe("Single sign-on is not enforced for now");
});

test("SAML-76: the last domain's lapse binds for fourteen days more, then enforcement pauses", async () => {
  const { org } = await enforced();
  const ada = await org.add("ada");
  const may = () => org.run((tx) => mayUseLink(tx, ada.id));
  await asSuperuser("update verified_domain set status = 'LAPSED', lapsed_at = $2 where org_id = $1", [
    org.orgId,
    clock.now(),
  ]);

  clock.advanceMs(14 * dayMs - 1);
  expect(await may()).toBe(false);
  clock.advanceMs(1);
  expect(await may()).toBe(true);
  const [domain] = await org.run((tx) => listDomains(tx, {}));
  await act(org, (tx) => removeDomain(tx, { id: domain!.id }));
  expect((await state(org)).paused).toBe(true);
});

test("ruling 8, SAML-83: three owners at most may break the glass, whatever the concurrency", async () => {
  const org = await buildOrg(db, { seats: 10 });
  const owners = [org.ownerId];
  for (const name of ["two", "three", "four", "five"]) {
    owners.push((await org.add(name)).id);
    await org.run((tx) => changeMember(tx, { id: owners.at(-1)!, changes: [{ kind: "grantRole", role: "OWNER" }] }));
  }
  for (const id of owners) await registerAuthenticator(org, id);
  const caller = await signedIn(org, org.ownerId);

  const results = await Promise.all(
    owners.map((memberId) => refusal(org.run((tx) => addExemption(tx, { kind: "BREAK_GLASS", memberId }), caller))),
  );

  expect(results.map((r) => (r === "done" ? r : [r.code, r.facts["max"]])).sort()).toEqual([
    ["conflict", 3],
    ["conflict", 3],
    "done",
    "done",
    "done",
  ]);
  // An owner who steps down gives the place back.
  const listed = owners.filter((_, i) => results[i] === "done" && owners[i] !== org.ownerId);
  const waiting = owners.find((_, i) => results[i] !== "done")!;
  await org.run((tx) => changeMember(tx, { id: listed[0]!, changes: [{ kind: "suspend" }] }));
  await org.run((tx) => addExemption(tx, { kind: "BREAK_GLASS", memberId: waiting }), caller);
  const [row] = await asSuperuser<{ n: number; rows: number }>(
    `select break_glass_owners as n, (select count(*)::integer from sso_exemption where org_id = $1) as rows
     from organization where org_id = $1`,
    [org.orgId],
  );
  expect(row).toEqual({ n: 3, rows: 3 });
});

test("SAML-83, SAML-84: only an owner lists owners; the last who could break the glass stays while it is required", async () => {
  const { org } = await enforced();
  const admin = await org.add("admin", { role: "ADMIN" });
  const asAdmin = await signedIn(org, admin.id);
  const list = { kind: "BREAK_GLASS", memberId: org.ownerId } as const;

  expect(await refusal(org.run((tx) => removeExemption(tx, list), asAdmin))).toMatchObject({ code: "forbidden" });
  expect(await missing(act(org, (tx) => removeExemption(tx, list)))).toEqual(["conflict", "breakGlass"]);
  const [totp] = (await act<{ id: never; kind: string }[]>(org, (tx) => listCredentials(tx, {}))).filter(
    (c) => c.kind === "TOTP",
  );
  expect(await missing(act(org, (tx) => removeCredential(tx, { id: totp!.id })))).toEqual(["conflict", "breakGlass"]);

  // A passkey beside it: now the authenticator may go, and after enforcement everything.
  const key = new SoftPasskey();
  const caller = await signedIn(org, org.ownerId);
  const options = await org.run((tx) => beginPasskey(tx, {}), caller);
  await org.run((tx) => finishPasskey(tx, { response: key.create(options), label: "laptop" }), caller);
  await act(org, (tx) => removeCredential(tx, { id: totp!.id }));
  expect((await state(org)).inForce).toBe(true);
  await act(org, (tx) => setEnforcement(tx, { policy: "OFF" }));
  await act(org, (tx) => removeExemption(tx, list));
  expect((await state(org)).breakGlassOwners).toEqual([]);
});

test("SAML-84: losing the only break-glass owner in another module frees the others with the same commit", async () => {
  const { org } = await enforced();
  const second = await org.add("second");
  await org.run((tx) => changeMember(tx, { id: second.id, changes: [{ kind: "grantRole", role: "OWNER" }] }));
  expect(await org.run((tx) => mayUseLink(tx, second.id))).toBe(false);

  await org.run((tx) => removeMember(tx, { id: org.ownerId }), org.operator);

  expect(await org.run((tx) => mayUseLink(tx, second.id), org.operator)).toBe(true);
  await org.run((tx) => onEnforcementBaseChanged(tx, {}), org.system);
  const paused = await asSuperuser<{ p: boolean; n: number }>(
    "select sso_paused as p, break_glass_owners as n from organization where org_id = $1",
    [org.orgId],
  );
  expect(paused).toEqual([{ p: true, n: 0 }]);
  const audit = await asSuperuser<{ facts: unknown }>(
    "select facts from audit_entry where org_id = $1 and action = 'enforcement.pause'",
    [org.orgId],
  );
  expect(audit).toMatchObject([{ facts: { severity: "high", base: { breakGlass: false, connection: true } } }]);
});

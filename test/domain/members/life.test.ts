import {
  addMember,
  changeMember,
  getMember,
  removeMember,
  restoreMember,
  transferOwnership,
  type MemberChange,
} from "../../../services/domain/members";
import { changeOrganization, loadOrganization } from "../../../services/domain/organizations";
import { openLicencesOf } from "../../../services/domain/seats";
import { showSeatSummary } from "../../../services/domain/subscriptions";
import type { MemberId } from "../../../services/kernel/ids";
import { findPersonByEmail, listMembershipsOf } from "../../../services/platform/lobby";
import type { Database } from "../../../services/platform/unit-of-work";
import { buildOrg, testWorld, unique, type TestOrg } from "../../support/world";

let db: Database;

beforeAll(async () => {
  db = await testWorld({ poolMax: 20 });
});

const change = (org: TestOrg, id: MemberId, ...changes: MemberChange[]) =>
  org.run((tx) => changeMember(tx, { id, changes }));
const seats = (org: TestOrg) => org.run((tx) => showSeatSummary(tx, {}));

test("SCIM-187, SUB-19: suspending frees the seat at once, keeps the member, and reactivating takes a seat again", async () => {
  const org = await buildOrg(db, { seats: 2 });
  const ada = await org.add("ada");
  expect(await seats(org)).toMatchObject({ purchased: 2, used: 2, available: 0, billed: 2 });

  const suspended = await change(org, ada.id, { kind: "suspend" });
  expect(suspended.member).toMatchObject({ status: "SUSPENDED", userName: org.email("ada") });
  expect(await seats(org)).toMatchObject({ used: 1, available: 1, billed: 2 });

  const bob = await org.add("bob");
  await expect(change(org, ada.id, { kind: "activate" })).rejects.toMatchObject({
    code: "seats_exhausted",
    facts: { plan: "teams", used: 2, quantity: 2 },
  });
  await org.run((tx) => removeMember(tx, { id: bob.id }));
  expect(await change(org, ada.id, { kind: "activate" })).toMatchObject({
    seat: "ASSIGNED",
    member: { status: "ACTIVE" },
  });
});

test("SCIM-152: a change that changes nothing writes nothing and keeps the version", async () => {
  const org = await buildOrg(db);
  const ada = await org.add("ada", { profile: { userName: org.email("ada"), givenName: "Ada" } });

  const same = await change(org, ada.id, { kind: "activate" }, { kind: "profile", set: { givenName: "Ada" } });
  expect(same).toMatchObject({ changed: false, member: { version: "1" } });

  const changed = await change(org, ada.id, { kind: "profile", set: { givenName: "Augusta", title: "Countess" } });
  expect(changed).toMatchObject({ changed: true, member: { version: "2", givenName: "Augusta", title: "Countess" } });
  expect(await org.run((tx) => getMember(tx, ada.id))).toMatchObject({
    version: "2",
    givenName: "Augusta",
    title: "Countess",
  });
});

test("GQL-19, SCIM-175: a change under an old version is refused; of ten under one version one wins", async () => {
  const org = await buildOrg(db);
  const ada = await org.add("ada");
  const rename = (title: string) =>
    org.run((tx) => changeMember(tx, { id: ada.id, ifVersion: "1", changes: [{ kind: "profile", set: { title } }] }));

  const results = await Promise.allSettled(Array.from({ length: 10 }, (_, i) => rename(`title ${i}`)));

  expect(results.filter((r) => r.status === "fulfilled")).toHaveLength(1);
  await expect(rename("late")).rejects.toMatchObject({ code: "stale_version", facts: { version: "2" } });
});

test("SCIM-092, SCIM-170: a removed member is gone, their user name free at once, their person off the list", async () => {
  const org = await buildOrg(db);
  const ada = await org.add("ada");
  const person = await findPersonByEmail(db, org.email("ada"));
  expect(await listMembershipsOf(db, person!)).toEqual([{ orgId: org.orgId, memberId: ada.id }]);

  await org.run((tx) => removeMember(tx, { id: ada.id }));

  await expect(org.run((tx) => getMember(tx, ada.id))).rejects.toMatchObject({ code: "not_found" });
  await expect(org.run((tx) => removeMember(tx, { id: ada.id }))).rejects.toMatchObject({ code: "not_found" });
  expect(await listMembershipsOf(db, person!)).toEqual([]);
  const again = await org.add("ada");
  expect(again.id).not.toBe(ada.id);
  expect(await findPersonByEmail(db, org.email("ada"))).toBe(person);
});

test("SCIM-080, SCIM-095: user names that differ in case or width are one; of 50 at once one is added", async () => {
  const org = await buildOrg(db, { seats: 60 });
  const names = [org.email("Grace"), org.email("grace"), org.email("ＧRACE")];
  const add = (userName: string) =>
    org.run((tx) => addMember(tx, { profile: { userName }, origin: "SCIM" }), org.operator);

  const results = await Promise.allSettled(Array.from({ length: 50 }, (_, i) => add(names[i % 3]!)));

  expect(results.filter((r) => r.status === "fulfilled")).toHaveLength(1);
  const codes = results.filter((r) => r.status === "rejected").map((r) => (r.reason as { code: string }).code);
  expect(new Set(codes)).toEqual(new Set(["duplicate"]));
  expect(await seats(org)).toMatchObject({ used: 2 });
});

test("SCIM-049: an address outside the verified domains is invited, not joined, and no account is attached", async () => {
  const org = await buildOrg(db);
  const elsewhere = `${unique("ceo")}@elsewhere.example`;

  const added = await org.run(
    (tx) => addMember(tx, { profile: { userName: elsewhere }, origin: "SCIM" }),
    org.operator,
  );

  expect(added).toMatchObject({
    seat: "ASSIGNED",
    member: { status: "INVITED", personId: null, loginEmail: elsewhere },
  });
  expect(await findPersonByEmail(db, elsewhere)).toBeUndefined();
});

test("c12: of two members with one address the second is stored, warned about, and gets no sign-in address", async () => {
  const org = await buildOrg(db);
  await org.add("ada");
  const emails = [{ attribute: "emails", type: "work", value: org.email("ada"), primary: true, detail: null }];

  const second = await org.run(
    (tx) => addMember(tx, { profile: { userName: "ada-admin" }, values: emails, origin: "SCIM" }),
    org.operator,
  );

  expect(second).toMatchObject({
    warnings: ["email_in_use"],
    member: { loginEmail: null, personId: null, values: emails },
  });
});

test("ruling 8: two owners who demote each other at the same moment leave one; the last owner stays", async () => {
  const org = await buildOrg(db);
  const second = await org.add("second");
  await change(org, second.id, { kind: "grantRole", role: "OWNER" });
  const demote = (by: MemberId, id: MemberId) =>
    org.run((tx) => changeMember(tx, { id, changes: [{ kind: "grantRole", role: "ADMIN" }] }), org.person(by, "OWNER"));

  const results = await Promise.allSettled([demote(org.ownerId, second.id), demote(second.id, org.ownerId)]);

  expect(results.filter((r) => r.status === "fulfilled")).toHaveLength(1);
  expect((results.find((r) => r.status === "rejected") as PromiseRejectedResult).reason).toMatchObject({
    code: "last_owner",
  });
  expect(await org.run(loadOrganization)).toMatchObject({ owners: 1 });
});

test("SCIM-189, REL-02: the last owner is neither suspended, removed nor demoted; ownership can be handed on", async () => {
  const org = await buildOrg(db);
  const heir = await org.add("heir");

  await expect(change(org, org.ownerId, { kind: "suspend" })).rejects.toMatchObject({ code: "last_owner" });
  await expect(org.run((tx) => removeMember(tx, { id: org.ownerId }))).rejects.toMatchObject({ code: "last_owner" });
  await expect(change(org, org.ownerId, { kind: "grantRole", role: "MEMBER" })).rejects.toMatchObject({
    code: "last_owner",
  });

  const moved = await org.run((tx) => transferOwnership(tx, { from: org.ownerId, to: heir.id }));
  expect(moved).toMatchObject({ from: { role: "ADMIN" }, to: { role: "OWNER" } });
});

test("c4, DEC-06: an organization on the free plan has as many places as were asked for, and no seat", async () => {
  const org = await buildOrg(db, { plan: "free", seats: 2 });
  const ada = await org.add("ada");
  expect(ada.freePlace).toBe(true);
  expect(await org.run((tx) => openLicencesOf(tx, ada.id))).toEqual([]);

  await expect(org.add("bob")).rejects.toMatchObject({ code: "free_member_limit_reached", facts: { limit: 2 } });

  await change(org, ada.id, { kind: "suspend" });
  expect((await org.add("bob")).status).toBe("ACTIVE");
});

test("decision 7: without a free seat the policy decides: wait in line, buy one more up to the ceiling, go without", async () => {
  const org = await buildOrg(db, { seats: 2 });
  const set = (seatPolicy: string, expandCeiling?: number) =>
    org.run((tx) => changeOrganization(tx, { seatPolicy, ...(expandCeiling ? { expandCeiling } : {}) }));
  const scim = (name: string) =>
    org.run((tx) => addMember(tx, { profile: { userName: org.email(name) }, origin: "SCIM" }), org.operator);
  const first = await scim("first");

  await set("waitlist");
  expect(await scim("second")).toMatchObject({ seat: "WAITING" });
  const third = await scim("third");
  await change(org, first.member.id, { kind: "suspend" });
  const waiting = await org.run((tx) => openLicencesOf(tx, third.member.id));
  expect(waiting).toEqual([]);
  expect(await seats(org)).toMatchObject({ used: 2, available: 0 });

  await set("expand", 3);
  expect(await scim("fourth")).toMatchObject({ seat: "ASSIGNED" });
  expect(await seats(org)).toMatchObject({ purchased: 3, used: 3 });
  await expect(scim("fifth")).rejects.toMatchObject({ code: "seats_exhausted", facts: { used: 3, quantity: 3 } });

  await set("free");
  expect(await scim("fifth")).toMatchObject({ seat: "FREE", member: { freePlace: true } });
  await expect(scim("sixth")).rejects.toMatchObject({ code: "seats_exhausted" });
});

test("NFR-04, INV-01: 60 people added at the same moment for 5 seats: the owner and exactly four more", async () => {
  const org = await buildOrg(db, { seats: 5 });
  const origins = ["SCIM", "INVITATION", "SAML"] as const;

  const results = await Promise.allSettled(
    Array.from({ length: 60 }, (_, i) =>
      org.run(
        (tx) => addMember(tx, { profile: { userName: org.email(`n${i}`) }, origin: origins[i % 3]! }),
        org.operator,
      ),
    ),
  );

  expect(results.filter((r) => r.status === "fulfilled")).toHaveLength(4);
  const refused = results
    .filter((r) => r.status === "rejected")
    .map((r) => r.reason as { code: string; facts: object });
  expect(new Set(refused.map((r) => r.code))).toEqual(new Set(["seats_exhausted"]));
  expect(refused[0]!.facts).toEqual({ plan: "teams", used: 5, quantity: 5 });
  expect(await seats(org)).toMatchObject({ purchased: 5, used: 5, available: 0 });
});

test("SCIM-152, DB-14: a change that waited for another compares with what that one left, elements of lists included", async () => {
  const org = await buildOrg(db);
  const phones = (...numbers: string[]): MemberChange => ({
    kind: "values",
    attributes: ["phoneNumbers"],
    values: numbers.map((value) => ({ attribute: "phoneNumbers", type: value, value, primary: false, detail: null })),
  });
  const ada = await org.add("ada");
  await change(org, ada.id, phones("one"));
  for (let round = 0; round < 5; round++) {
    let release = (): void => undefined;
    const held = new Promise<void>((done) => (release = done));
    let locked = (): void => undefined;
    const isLocked = new Promise<void>((done) => (locked = done));
    const first = org.run(async (tx) => {
      await changeMember(tx, { id: ada.id, changes: [phones("two")] });
      locked();
      await held;
    });
    await isLocked;
    // Back to what it was before the first began: compared with stale elements, nothing would be written.
    const second = change(org, ada.id, phones("one"));
    await new Promise((done) => setTimeout(done, 100));
    release();
    await first;

    expect((await second).changed).toBe(true);
    expect((await org.run((tx) => getMember(tx, ada.id))).values.map(({ value }) => value)).toEqual(["one"]);
  }
});

test("D5, SCIM-171: of people only an owner suspends an owner; a restored member is the person they were", async () => {
  const org = await buildOrg(db, { seats: 4 });
  const admin = org.person((await org.add("admin", { role: "ADMIN" })).id, "ADMIN");
  const { id, personId } = await org.add("second");
  await change(org, id, { kind: "grantRole", role: "OWNER" });
  const suspended = org.run((tx) => changeMember(tx, { id, changes: [{ kind: "suspend" }] }), admin);
  await expect(suspended).rejects.toMatchObject({ code: "forbidden", facts: { role: "OWNER" } });

  await org.run((tx) => removeMember(tx, { id }));
  expect(await listMembershipsOf(db, personId!)).toEqual([]);
  const { member } = await org.run((tx) => restoreMember(tx, { id }), admin);
  expect(member).toMatchObject({ personId, role: "ADMIN", status: "ACTIVE" });
  expect(await listMembershipsOf(db, personId!)).toEqual([{ orgId: org.orgId, memberId: id }]);
});

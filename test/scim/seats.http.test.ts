import { createToken } from "../../services/domain/identity";
import { changeMember, getMember } from "../../services/domain/members";
import { changeOrganization } from "../../services/domain/organizations";
import { driftedPools } from "../../services/domain/seats";
import { createSubscription } from "../../services/domain/subscriptions";
import { parseId } from "../../services/kernel/ids";
import { coreUser, plenumUser } from "../../services/scim/urns";
import { connect, testDatabase } from "../support/database";
import { asOwner, openScim, patchOp, scimClient, type Reply, type ScimClient, type ScimServer } from "./support/door";

let server: ScimServer;
beforeAll(async () => {
  server = await openScim();
});

const body = (idp: ScimClient, name: string, more: object = {}) => ({
  schemas: [coreUser],
  userName: idp.org.email(name),
  ...more,
});
const create = (idp: ScimClient, name: string, more: object = {}): Promise<Reply> =>
  idp.post("/Users", body(idp, name, more));
const active = (value: boolean) => patchOp({ op: "replace", path: "active", value });
const occupied = async (idp: ScimClient): Promise<number> =>
  (await idp.get("/Entitlements")).body.Resources[0].totalAssignmentsUsed as number;
const drift = (idp: ScimClient) => idp.org.run((tx) => driftedPools(tx), idp.org.system);

test("SCIM-183: one free seat and two parallel creates: one 201, one 403", async () => {
  const idp = await scimClient(server, { seats: 2 });
  const replies = await Promise.all([create(idp, "ada"), create(idp, "bob")]);

  expect(replies.map((r) => r.status).sort()).toEqual([201, 403]);
  expect([await occupied(idp), await drift(idp)]).toEqual([2, []]);
});

test("SCIM-183: thirty parallel creates for five seats: never more than are paid", async () => {
  const idp = await scimClient(server, { seats: 6 });
  const replies = await Promise.all(Array.from({ length: 30 }, (_, i) => create(idp, `u${i}`)));
  const refused = replies.filter((r) => r.status === 403);

  expect(replies.filter((r) => r.status === 201)).toHaveLength(5);
  expect(refused.map((r) => r.body.scimType)).toEqual(Array(25).fill("seatLimitReached"));
  expect((await idp.get("/Users")).body.totalResults).toBe(6);
  expect([await occupied(idp), await drift(idp)]).toEqual([6, []]);
}, 60_000);

test("SCIM-184: reactivation by PATCH and by PUT asks for a seat, too; nobody is evicted", async () => {
  const idp = await scimClient(server, { seats: 2 });
  const ada = (await create(idp, "ada")).body;
  await idp.patch(`/Users/${ada.id}`, active(false));
  expect(await occupied(idp)).toBe(1);
  const bob = (await create(idp, "bob")).body;

  for (const reply of [
    await idp.patch(`/Users/${ada.id}`, active(true)),
    await idp.put(`/Users/${ada.id}`, body(idp, "ada", { active: true })),
  ]) {
    expect([reply.status, reply.body.scimType]).toEqual([403, "seatLimitReached"]);
  }
  expect((await idp.get(`/Users/${ada.id}`)).body.active).toBe(false);
  expect((await idp.get(`/Users/${bob.id}`)).body[plenumUser].seatStatus).toBe("assigned");

  await idp.delete(`/Users/${bob.id}`);
  expect((await idp.patch(`/Users/${ada.id}`, active(true))).body[plenumUser].seatStatus).toBe("assigned");
});

test("SCIM-184: parallel reactivations for one seat: one succeeds", async () => {
  const idp = await scimClient(server, { seats: 2 });
  const ids = [];
  for (const name of ["a", "b", "c", "d"]) ids.push((await create(idp, name, { active: false })).body.id);
  const replies = await Promise.all(ids.map((id) => idp.patch(`/Users/${id}`, active(true))));

  expect(replies.map((r) => r.status).sort()).toEqual([200, 403, 403, 403]);
  expect([await occupied(idp), await drift(idp)]).toEqual([2, []]);
});

test("SCIM-184: the licence attribute moves the member to another plan's seat, or says which plans there are", async () => {
  const idp = await scimClient(server, { seats: 5 });
  await idp.org.run(
    (tx) => createSubscription(tx, { planCode: "enterprise", quantity: 1, billingMode: "MONTHLY" }),
    idp.org.operator,
  );
  const ada = (await create(idp, "ada", { [plenumUser]: { licence: "enterprise" } })).body;
  expect(ada[plenumUser]).toMatchObject({ licence: "enterprise", seatStatus: "assigned" });

  const bob = (await create(idp, "bob")).body;
  const full = await idp.patch(
    `/Users/${bob.id}`,
    patchOp({ op: "replace", path: `${plenumUser}:licence`, value: "enterprise" }),
  );
  expect([full.status, full.body.scimType]).toEqual([403, "seatLimitReached"]);
  const unknown = await idp.patch(
    `/Users/${bob.id}`,
    patchOp({ op: "replace", path: `${plenumUser}:licence`, value: "platinum" }),
  );
  expect([unknown.status, unknown.body.scimType]).toEqual([400, "invalidValue"]);
  expect(unknown.body.detail).toMatch(/^urn:.*:plenum:2\.0:User:licence: expected one of the plans free, teams, ent/);
  const back = await idp.patch(
    `/Users/${ada.id}`,
    patchOp({ op: "replace", path: `${plenumUser}:licence`, value: "teams" }),
  );
  expect([back.body[plenumUser].licence, back.body.meta.version]).toEqual(["teams", 'W/"2"']);
  expect(await drift(idp)).toEqual([]);
});

test("SCIM-187, SCIM-063: a licence named for somebody suspended is no refusal: they come back to it", async () => {
  const idp = await scimClient(server, { seats: 5 });
  const pool = (planCode: string) =>
    idp.org.run((tx) => createSubscription(tx, { planCode, quantity: 1, billingMode: "MONTHLY" }), idp.org.operator);
  await pool("enterprise");
  await pool("recording");
  const whole = (more: object, licence = "teams") =>
    body(idp, "ada", { ...more, [plenumUser]: { licence, licenceOptions: ["recording"] } });
  const ada = (await create(idp, "ada", { [plenumUser]: { licence: "teams" } })).body;

  // As Okta does: the whole person with `active: false`, and again whenever something of them changes.
  const away = await idp.put(`/Users/${ada.id}`, whole({ active: false }));
  expect([away.status, away.body.active, away.body[plenumUser].licence]).toEqual([200, false, undefined]);
  const still = await idp.put(`/Users/${ada.id}`, whole({ active: false, title: "Lead" }));
  expect([still.status, still.body.title]).toEqual([200, "Lead"]);
  const same = await idp.put(`/Users/${ada.id}`, whole({ active: false, title: "Lead" }));
  expect([same.status, same.body.meta.version]).toEqual([200, still.body.meta.version]);
  const other = await idp.put(`/Users/${ada.id}`, whole({ active: false, title: "Lead" }, "enterprise"));
  expect([other.status, await occupied(idp)]).toEqual([200, 1]);
  const [entry] = await asOwner(
    "select warnings from provisioning_entry where org_id = $1 order by at desc, id desc limit 1",
    [idp.org.orgId],
  );
  expect(JSON.stringify(entry)).toContain("kept for when the member is active again");
  const unknown = await idp.put(`/Users/${ada.id}`, whole({ active: false }, "platinum"));
  expect([unknown.status, unknown.body.scimType]).toEqual([400, "invalidValue"]);

  const back = await idp.patch(`/Users/${ada.id}`, active(true));
  expect(back.body[plenumUser]).toMatchObject({ licence: "enterprise", seatStatus: "assigned" });
  expect(await drift(idp)).toEqual([]);
});

test("SCIM-093, SCIM-063: who is created suspended wakes up on the plan that was named, or on the default if it is full", async () => {
  const idp = await scimClient(server, { seats: 5 });
  await idp.org.run(
    (tx) => createSubscription(tx, { planCode: "enterprise", quantity: 1, billingMode: "MONTHLY" }),
    idp.org.operator,
  );
  const asleep = { active: false, [plenumUser]: { licence: "enterprise" } };
  const people = [];
  for (const name of ["ada", "bob"]) people.push((await create(idp, name, asleep)).body);
  expect(people.map((person) => [person.active, person.meta.version])).toEqual(Array(2).fill([false, 'W/"1"']));
  expect(await occupied(idp)).toBe(1);

  const awake = await Promise.all(people.map(({ id }) => idp.patch(`/Users/${id}`, active(true))));
  expect(awake.map((reply) => reply.body[plenumUser].licence).sort()).toEqual(["enterprise", "teams"]);
  const lost = await create(idp, "eve", { active: false, [plenumUser]: { licence: "platinum" } });
  expect([lost.status, lost.body.scimType]).toEqual([400, "invalidValue"]);
  expect(await drift(idp)).toEqual([]);
});

test("SCIM-185: policy refuse: 403 with how many are used and bought, and nothing written", async () => {
  const idp = await scimClient(server, { seats: 1 });
  const reply = await create(idp, "ada");

  expect(reply.body).toEqual({
    schemas: ["urn:ietf:params:scim:api:messages:2.0:Error"],
    status: "403",
    scimType: "seatLimitReached",
    detail: expect.stringMatching(
      /^No free seat: 1 of 1 'teams' seats are in use\. Free a seat or add seats at http:\/\/localhost:4000\/billing \(request /,
    ),
  });
  expect(await asOwner("select count(*)::integer as n from member where org_id = $1", [idp.org.orgId])).toEqual([
    { n: 1 },
  ]);
});

test("SCIM-185: policy waitlist: created, active, waiting; served in order when a seat is freed", async () => {
  const idp = await scimClient(server, { seats: 2 });
  await idp.org.run((tx) => changeOrganization(tx, { seatPolicy: "waitlist" }));
  const [first, second, third] = [
    (await create(idp, "a")).body,
    (await create(idp, "b")).body,
    (await create(idp, "c")).body,
  ];
  expect([second.active, second[plenumUser].seatStatus, third[plenumUser].seatStatus]).toEqual([
    true,
    "waiting",
    "waiting",
  ]);
  expect((await idp.find(`${plenumUser}:seatStatus eq "waiting"`)).totalResults).toBe(2);

  await idp.patch(`/Users/${first.id}`, active(false));
  expect((await idp.get(`/Users/${second.id}`)).body[plenumUser].seatStatus).toBe("assigned");
  expect((await idp.get(`/Users/${third.id}`)).body[plenumUser].seatStatus).toBe("waiting");
});

test("SCIM-185: policy expand: buys up to the ceiling, then refuses", async () => {
  const idp = await scimClient(server, { seats: 1 });
  await idp.org.run((tx) => changeOrganization(tx, { seatPolicy: "expand", expandCeiling: 2 }));

  expect((await create(idp, "a")).body[plenumUser].seatStatus).toBe("assigned");
  expect([(await create(idp, "b")).status, await occupied(idp)]).toEqual([403, 2]);
});

test("SCIM-186: roles below the ceiling are granted; unknown ones and those above it are kept, not granted, warned", async () => {
  const idp = await scimClient(server);
  const role = async (id: string, ...values: string[]) =>
    (
      await idp.patch(
        `/Users/${id}`,
        patchOp({ op: "replace", path: "roles", value: values.map((value) => ({ value })) }),
      )
    ).body;
  const { id } = (await create(idp, "ada", { roles: [{ value: "ADMIN" }] })).body;
  expect((await idp.get(`/Users/${id}`)).body[plenumUser].role).toBe("admin");

  const odd = await role(id, "Emperor", "owner");
  expect([odd.roles, odd[plenumUser].role]).toEqual([[{ value: "Emperor" }, { value: "owner" }], "member"]);
  const [entry] = await asOwner("select warnings from provisioning_entry where org_id = $1 and method = 'PATCH'", [
    idp.org.orgId,
  ]);
  expect((entry?.["warnings"] as { text: string }[]).map((w) => w.text)).toEqual([
    'the role "Emperor" is unknown; stored, not granted',
    "the role owner is above what this connection may grant; not granted",
  ]);
  expect(
    (await idp.patch(`/Users/${id}`, patchOp({ op: "add", path: `${plenumUser}:role`, value: "admin" }))).body[
      plenumUser
    ].role,
  ).toBe("admin");
});

test("SCIM-048: a connection with a lower ceiling grants no admin", async () => {
  const idp = await scimClient(server);
  await asOwner("update identity_connection set role_ceiling = 'MEMBER' where org_id = $1", [idp.org.orgId]);
  const ada = (await create(idp, "ada", { roles: [{ value: "admin" }], [plenumUser]: { role: "owner" } })).body;

  expect([ada.roles, ada[plenumUser].role]).toEqual([[{ value: "admin" }], "member"]);
});

test("SCIM-187: deactivation ends sign-ins and frees the seat, keeps groups, roles and data; activation brings them back", async () => {
  const idp = await scimClient(server);
  const ada = (await create(idp, "ada", { title: "Dr", roles: [{ value: "admin" }] })).body;
  const group = (await idp.post("/Groups", { displayName: "G", members: [{ value: ada.id }] })).body.id;
  const memberId = parseId("member", ada.id);
  const token = await idp.org.run((tx) => createToken(tx, { name: "t", role: "ADMIN", memberId }), idp.org.operator);
  await idp.patch(`/Users/${ada.id}`, active(false));

  const sleeping = (await idp.get(`/Users/${ada.id}`)).body;
  expect([sleeping.active, sleeping.title, sleeping.roles, sleeping.groups[0].value]).toEqual([
    false,
    "Dr",
    [{ value: "admin" }],
    group,
  ]);
  expect(sleeping[plenumUser]).toMatchObject({ seatStatus: "none", role: "admin" });
  expect(sleeping[plenumUser].licence).toBeUndefined();
  const [alive] = await asOwner(
    "select count(*)::integer as n from api_token t join member m on m.org_id = t.org_id and m.id = t.member_id where t.org_id = $1 and m.status = 'ACTIVE' and t.created_at > coalesce(m.suspended_at, '-infinity')",
    [idp.org.orgId],
  );
  expect([alive?.["n"], token.text.startsWith("plm_")]).toEqual([0, true]);

  const awake = (await idp.patch(`/Users/${ada.id}`, active(true))).body;
  expect(awake[plenumUser]).toEqual(ada[plenumUser]);
});

test("SCIM-189: the last owner is neither deactivated nor deleted nor demoted by SCIM", async () => {
  const idp = await scimClient(server);
  const owner = (await idp.find(`userName eq "owner@${idp.org.domain}"`)).Resources[0];
  const replies = [
    await idp.patch(`/Users/${owner.id}`, active(false)),
    await idp.put(`/Users/${owner.id}`, { ...owner, active: false }),
    await idp.delete(`/Users/${owner.id}`),
    await idp.patch(`/Users/${owner.id}`, patchOp({ op: "add", path: "roles", value: [{ value: "member" }] })),
    await idp.patch(`/Users/${owner.id}`, patchOp({ op: "replace", path: `${plenumUser}:role`, value: "admin" })),
  ];

  for (const reply of replies) {
    expect([reply.status, reply.body.scimType]).toEqual([403, "protectedResource"]);
    expect(reply.body.detail).toContain("make another member owner in Plenum first");
  }
  expect((await idp.get(`/Users/${owner.id}`)).body).toEqual(owner);
  // With a second owner the first may go.
  const ada = await idp.org.add("ada");
  await idp.org.run((tx) => changeMember(tx, { id: ada.id, changes: [{ kind: "grantRole", role: "OWNER" }] }));
  expect((await idp.patch(`/Users/${owner.id}`, active(false))).status).toBe(200);
  expect((await idp.org.run((tx) => getMember(tx, ada.id), idp.org.operator)).role).toBe("OWNER");
});

test("SCIM-JC01: JumpCloud's throw-away user takes one seat and gives it back", async () => {
  const idp = await scimClient(server, { seats: 2 });
  const { id } = (await create(idp, "test")).body;
  expect((await idp.put(`/Users/${id}`, body(idp, "test", { title: "x" }))).status).toBe(200);
  expect([(await idp.delete(`/Users/${id}`)).status, await occupied(idp)]).toEqual([204, 1]);
  expect((await create(idp, "again")).status).toBe(201);
});

test("SCIM-185, SCIM-183: who leaves and who lines up at the same moment: nobody waits beside a free seat", async () => {
  const soon = () => new Promise((resolve) => setTimeout(resolve, 150));
  const holder = await connect((await testDatabase()).superUrl);
  for (const order of ["leave, come", "come, leave"]) {
    const idp = await scimClient(server, { seats: 2 });
    await idp.org.run((tx) => changeOrganization(tx, { seatPolicy: "waitlist" }));
    const { id } = (await create(idp, "ada")).body;
    const acts = { leave: () => idp.patch(`/Users/${id}`, active(false)), come: () => create(idp, "bob") };

    await holder.query("begin");
    await holder.query("select from subscription where org_id = $1 for update", [idp.org.orgId]);
    const replies: Promise<Reply>[] = [];
    for (const act of order.split(", ")) {
      replies.push(acts[act as keyof typeof acts]());
      await soon();
    }
    await holder.query("commit");

    const statuses = (await Promise.all(replies)).map((reply) => reply.status).sort();
    const [bob] = (await idp.find(`userName eq "${idp.org.email("bob")}"`)).Resources;
    expect([order, statuses, bob[plenumUser].seatStatus]).toEqual([order, [200, 201], "assigned"]);
    expect([await occupied(idp), await drift(idp)]).toEqual([2, []]);
  }
});

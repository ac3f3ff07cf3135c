import { listEntries } from "../../services/domain/audit";
import {
  approveDeprovisioning,
  changeProvisioningSettings,
  getProvisioningRun,
  listProvisioningRuns,
  undoDeprovisioning,
  undoRuns,
  type GuardMode,
} from "../../services/domain/provisioning";
import { changeMember, getMember, purgeMembers } from "../../services/domain/members";
import { driftedPools } from "../../services/domain/seats";
import { FakeClock, plusMs } from "../../services/kernel/clock";
import { parseId } from "../../services/kernel/ids";
import { coreGroup, coreUser, plenumUser } from "../../services/scim/urns";
import { refusal } from "../support/identity";
import { pruneOrganization } from "../../services/worker/prune.store";
import { asOwner, openScim, patchOp, scimClient, type Reply, type ScimClient, type ScimServer } from "./support/door";

const clock = new FakeClock(new Date());
let server: ScimServer;
beforeAll(async () => {
  server = await openScim({ clock, poolMax: 20 });
});

const minutes = (n: number) => clock.set(plusMs(clock.now(), n * 60_000));
const inactive = patchOp({ op: "replace", path: "active", value: false });

interface Scene {
  readonly idp: ScimClient;
  readonly ids: readonly string[];
}

/** A connection with some active members, whose guard asks from a minimum on. */
async function scene(members: number, guard: { mode?: GuardMode; minimum?: number; percent?: number } = {}) {
  const idp = await scimClient(server, { seats: members + 1, headers: {} });
  const { connectionId } = idp;
  await idp.org.run((tx) => changeProvisioningSettings(tx, { connectionId, minimum: 3, percent: 20, ...guard }));
  const ids: string[] = [];
  for (let i = 0; i < members; i++) {
    const { body } = await idp.post("/Users", {
      schemas: [coreUser],
      userName: idp.org.email(`m${i}`),
      externalId: `x${i}`,
    });
    ids.push(String(body.id));
  }
  return { idp, ids } satisfies Scene;
}

const runsOf = ({ idp }: Scene) => idp.org.run((tx) => listProvisioningRuns(tx, {}));
const leave = ({ idp }: Scene, id: string | undefined): Promise<Reply> => idp.patch(`/Users/${String(id)}`, inactive);
const isActive = async ({ idp }: Scene, id: string | undefined) =>
  (await idp.get(`/Users/${String(id)}`)).body.active as boolean;
const mailsOf = async ({ idp }: Scene) =>
  (await asOwner("select subject, recipient from outgoing_mail where org_id = $1 and subject not like '%invite%'", [
    idp.org.orgId,
  ])) as { subject: string; recipient: string }[];

async function undo(at: Scene, id: Parameters<typeof undoDeprovisioning>[1]["id"]) {
  await at.idp.org.run((tx) => undoDeprovisioning(tx, { id }));
  await undoRuns(server.db, at.idp.org.system);
  return at.idp.org.run((tx) => getProvisioningRun(tx, { id }));
}

test("SCIM-190: up to the threshold nobody is asked; one more alerts the administrators once, and access has ended", async () => {
  const at = await scene(10);
  for (const id of at.ids.slice(0, 3)) expect((await leave(at, id)).status).toBe(200);
  expect([await runsOf(at), await mailsOf(at)]).toEqual([[], []]);

  expect((await leave(at, at.ids[3])).status).toBe(200);
  expect((await leave(at, at.ids[4])).status).toBe(200);
  expect(await isActive(at, at.ids[4])).toBe(false);
  const [run, ...more] = await runsOf(at);
  expect(run).toMatchObject({ state: "ALERTED", baseline: 10, threshold: 3, members: 5, restored: 0, decidedAt: null });
  expect(more).toEqual([]);
  expect(await mailsOf(at)).toEqual([
    { subject: expect.stringMatching(/^4 (members left|membres retirés)/), recipient: at.idp.org.email("owner") },
  ]);
  const entries = await at.idp.org.run((tx) => listEntries(tx, { first: 50, action: "provisioning" }));
  expect(entries.map((e) => [e.action, e.facts["hits"]])).toEqual([["provisioning.mass_deprovision", 4]]);
}, 60_000);

test("SCIM-190: the share counts where it is more than the minimum", async () => {
  const at = await scene(10, { minimum: 1, percent: 50 });
  for (const id of at.ids.slice(0, 5)) await leave(at, id);
  expect(await runsOf(at)).toEqual([]);
  await leave(at, at.ids[5]);
  expect(await runsOf(at)).toMatchObject([{ state: "ALERTED", threshold: 5, members: 6 }]);
}, 60_000);

test("SCIM-190: the hour glides: who left before it does not count, and no departure of theirs is undone", async () => {
  const at = await scene(10);
  await leave(at, at.ids[0]);
  await leave(at, at.ids[1]);
  minutes(61);
  for (const id of at.ids.slice(2, 5)) await leave(at, id);
  expect(await runsOf(at)).toEqual([]);
  await leave(at, at.ids[5]);
  const [run] = await runsOf(at);
  expect(run).toMatchObject({ state: "ALERTED", members: 4 });

  expect(await undo(at, run!.id)).toMatchObject({ state: "UNDONE", restored: 4, waiting: 0, notRestored: 0 });
  const states = await Promise.all(at.ids.slice(0, 6).map((id) => isActive(at, id)));
  expect(states).toEqual([false, false, true, true, true, true]);
}, 60_000);

test("SCIM-190: whoever left, came back and leaves again with the mass counts again, and comes back with it", async () => {
  const at = await scene(10);
  const [ada] = at.ids;
  await leave(at, ada);
  await at.idp.patch(`/Users/${String(ada)}`, patchOp({ op: "replace", path: "active", value: true }));
  minutes(61);
  for (const id of at.ids.slice(0, 4)) await leave(at, id);
  const [run] = await runsOf(at);
  expect(run).toMatchObject({ state: "ALERTED", members: 4 });
  expect(await undo(at, run!.id)).toMatchObject({ restored: 4, notRestored: 0 });
  expect(await Promise.all(at.ids.map((id) => isActive(at, id)))).toEqual(Array(10).fill(true));
}, 60_000);

test("SCIM-190: sleeping, inactive and switched-off: what is no departure is not counted", async () => {
  const at = await scene(6, { minimum: 1, percent: 1 });
  await leave(at, at.ids[0]);
  await leave(at, at.ids[0]);
  await at.idp.delete(`/Users/${String(at.ids[0])}`);
  expect(await runsOf(at)).toEqual([]);

  const off = await scene(6, { mode: "off", minimum: 1, percent: 1 });
  for (const id of off.ids) expect((await leave(off, id)).status).toBe(200);
  expect(await runsOf(off)).toEqual([]);
}, 60_000);

test("SCIM-190: undo gives everybody back what they were: state, groups, seat, the provider's id, also after DELETE", async () => {
  const at = await scene(6, { minimum: 1, percent: 1 });
  const { idp, ids } = at;
  const members = ids.map((value) => ({ value }));
  const group = (await idp.post("/Groups", { schemas: [coreGroup], displayName: "Sales", members })).body;
  await leave(at, ids[0]);
  await idp.delete(`/Users/${String(ids[1])}`);
  await leave(at, ids[2]);
  await idp.delete(`/Users/${String(ids[2])}`);
  const [run] = await runsOf(at);
  expect((await idp.get(`/Groups/${String(group.id)}`)).body.members).toHaveLength(4);

  expect(await undo(at, run!.id)).toMatchObject({ restored: 3, notRestored: 0 });
  const back = (await idp.get(`/Groups/${String(group.id)}`)).body;
  expect(back.members.map((m: { value: string }) => m.value).sort()).toEqual([...ids].sort());
  for (const [i, id] of ids.entries()) {
    const { body } = await idp.get(`/Users/${id}`);
    expect([body.active, body.externalId, body[plenumUser].seatStatus]).toEqual([true, `x${i}`, "assigned"]);
  }
  expect(await idp.org.run((tx) => driftedPools(tx), idp.org.system)).toEqual([]);
  const again = await refusal(idp.org.run((tx) => undoDeprovisioning(tx, { id: run!.id })));
  expect(again).toMatchObject({ code: "conflict", facts: { state: "UNDONE" } });
}, 60_000);

test("SCIM-190, ruling c14: seats that others took meanwhile: the undo puts the rest in the line, and nobody is evicted", async () => {
  const at = await scene(4, { minimum: 1, percent: 1 });
  const { idp, ids } = at;
  await leave(at, ids[0]);
  await leave(at, ids[1]);
  const late = await idp.post("/Users", { schemas: [coreUser], userName: idp.org.email("late") });
  expect(late.status).toBe(201);
  const [run] = await runsOf(at);

  expect(await undo(at, run!.id)).toMatchObject({ restored: 1, waiting: 1, notRestored: 0 });
  const seats = await Promise.all(
    [ids[0], ids[1], String(late.body.id)].map(async (id) => (await idp.get(`/Users/${String(id)}`)).body),
  );
  expect(seats.map((user) => [user.active, user[plenumUser].seatStatus])).toEqual([
    [true, "assigned"],
    [true, "waiting"],
    [true, "assigned"],
  ]);
  await idp.delete(`/Users/${String(late.body.id)}`);
  expect((await idp.get(`/Users/${String(ids[1])}`)).body[plenumUser].seatStatus).toBe("assigned");
}, 60_000);

test("SCIM-190, SCIM-171: whose user name is taken, or who came back by themselves, is left to the people", async () => {
  const at = await scene(5, { minimum: 1, percent: 1 });
  const { idp, ids } = at;
  await idp.delete(`/Users/${String(ids[0])}`);
  await leave(at, ids[1]);
  await idp.patch(`/Users/${String(ids[1])}`, patchOp({ op: "replace", path: "active", value: true }));
  await idp.delete(`/Users/${String(ids[2])}`);
  await idp.post("/Users", { schemas: [coreUser], userName: idp.org.email("m0") });
  const [run] = await runsOf(at);

  expect(await undo(at, run!.id)).toMatchObject({ members: 3, restored: 1, notRestored: 2 });
  const outcomes = await asOwner("select outcome from provisioning_undo where org_id = $1 order by outcome", [
    idp.org.orgId,
  ]);
  expect(outcomes.map((row) => row["outcome"])).toEqual(["CHANGED_SINCE", "NAME_TAKEN", "RESTORED"]);
}, 60_000);

test("SCIM-190: mode block refuses the next, all of them, until somebody approves; then it goes on", async () => {
  const at = await scene(8, { mode: "block" });
  const { idp, ids } = at;
  for (const id of ids.slice(0, 3)) expect((await leave(at, id)).status).toBe(200);
  for (const reply of [await leave(at, ids[3]), await idp.delete(`/Users/${String(ids[4])}`)]) {
    expect([reply.status, reply.body.scimType]).toEqual([403, "massDeprovisionGuard"]);
    expect(reply.body.detail).toMatch(/more than 3 members .* approve/);
  }
  expect(await isActive(at, ids[3])).toBe(true);
  const [run, ...more] = await runsOf(at);
  expect([run?.state, run?.members, more]).toEqual(["BLOCKED", 3, []]);
  expect(await mailsOf(at)).toHaveLength(1);
  // Days later it is still closed: no window opens it, only a person.
  minutes(3 * 24 * 60);
  expect((await leave(at, ids[3])).status).toBe(403);
  expect(
    (await idp.patch(`/Users/${String(ids[3])}`, patchOp({ op: "replace", path: "title", value: "x" }))).status,
  ).toBe(200);

  await idp.org.run((tx) => approveDeprovisioning(tx, { id: run!.id }));
  for (const id of ids.slice(3, 7)) expect((await leave(at, id)).status).toBe(200);
  const decided = await idp.org.run((tx) => getProvisioningRun(tx, { id: run!.id }));
  expect(decided).toMatchObject({ state: "APPROVED", members: 7 });
  const twice = await refusal(idp.org.run((tx) => approveDeprovisioning(tx, { id: run!.id })));
  expect(twice).toMatchObject({ code: "conflict", facts: { state: "APPROVED" } });
}, 60_000);

test("SCIM-190: twenty at the same moment in mode block: no more than the threshold leave", async () => {
  const at = await scene(20, { mode: "block", minimum: 5 });
  const replies = await Promise.all(at.ids.map((id) => leave(at, id)));
  const statuses = replies.map((r) => r.status).sort();

  expect(statuses).toEqual([...Array<number>(5).fill(200), ...Array<number>(15).fill(403)]);
  expect(replies.filter((r) => r.status === 403).map((r) => r.body.scimType)).toEqual(
    Array(15).fill("massDeprovisionGuard"),
  );
  const active = await Promise.all(at.ids.map((id) => isActive(at, id)));
  expect(active.filter(Boolean)).toHaveLength(15);
  expect(await runsOf(at)).toMatchObject([{ state: "BLOCKED", members: 5 }]);
  expect(await mailsOf(at)).toHaveLength(1);
}, 60_000);

test("SCIM-190: twenty at the same moment in mode alert all leave, one alarm is raised, one undo brings all back", async () => {
  const at = await scene(20, { minimum: 5 });
  const replies = await Promise.all(at.ids.map((id) => leave(at, id)));
  expect(new Set(replies.map((r) => r.status))).toEqual(new Set([200]));
  const [run, ...more] = await runsOf(at);
  expect([run?.state, run?.members, more]).toEqual(["ALERTED", 20, []]);
  expect(await mailsOf(at)).toHaveLength(1);

  expect(await undo(at, run!.id)).toMatchObject({ restored: 20, waiting: 0, notRestored: 0 });
  expect(await Promise.all(at.ids.map((id) => isActive(at, id)))).toEqual(Array(20).fill(true));
  expect(await at.idp.org.run((tx) => driftedPools(tx), at.idp.org.system)).toEqual([]);
}, 60_000);

test("SCIM-190, SCIM-171: nobody of an undecided run is erased, however late it is; approval lets it happen", async () => {
  const at = await scene(4, { minimum: 1, percent: 1 });
  const { idp, ids } = at;
  for (const id of ids.slice(0, 3)) await idp.delete(`/Users/${id}`);
  const [run] = await runsOf(at);
  const erased = async () => {
    await idp.org.run((tx) => purgeMembers(tx, {}), idp.org.system);
    const [row] = await asOwner(
      "select count(*)::integer as n from member where org_id = $1 and user_name = 'removed'",
      [idp.org.orgId],
    );
    return row?.["n"];
  };
  minutes(40 * 24 * 60);
  expect(await erased()).toBe(0);
  expect(await idp.org.run((tx) => purgeMembers(tx, {}), idp.org.system)).toBeNull();
  await idp.org.run((tx) => approveDeprovisioning(tx, { id: run!.id }));
  expect(await erased()).toBe(3);
  // What is erased cannot come back, and the undo says so.
  expect(await undo(at, run!.id)).toMatchObject({ state: "UNDONE", restored: 0, notRestored: 3 });

  const late = await scene(3, { minimum: 1, percent: 1 });
  for (const id of late.ids.slice(0, 2)) await late.idp.delete(`/Users/${id}`);
  const [other] = await runsOf(late);
  minutes(40 * 24 * 60);
  expect(await undo(late, other!.id)).toMatchObject({ restored: 2, notRestored: 0 });
}, 60_000);

test("SCIM-190: what the guard has no use for any more is pruned, what is undecided is not", async () => {
  const quiet = await scene(5);
  await leave(quiet, quiet.ids[0]);
  const open = await scene(3, { minimum: 1, percent: 1 });
  for (const id of open.ids.slice(0, 2)) await leave(open, id);
  minutes(100 * 24 * 60);
  const kept = async ({ idp }: Scene) => {
    await idp.org.run((tx) => pruneOrganization(tx), idp.org.system);
    const text = "select count(*)::integer as n from provisioning_undo where org_id = $1";
    return (await asOwner(text, [idp.org.orgId]))[0]?.["n"];
  };
  expect([await kept(quiet), await kept(open)]).toEqual([0, 2]);
  await open.idp.org.run(async (tx) => approveDeprovisioning(tx, { id: (await listProvisioningRuns(tx, {}))[0]!.id }));
  minutes(91 * 24 * 60);
  expect(await kept(open)).toBe(0);
}, 60_000);

test("SCIM-190: another organization's run is not found, and a member without the right decides nothing", async () => {
  const at = await scene(3, { minimum: 1, percent: 1 });
  await leave(at, at.ids[0]);
  await leave(at, at.ids[1]);
  const [run] = await runsOf(at);
  const stranger = await scimClient(server);
  for (const decide of [approveDeprovisioning, undoDeprovisioning]) {
    expect(await refusal(stranger.org.run((tx) => decide(tx, { id: run!.id })))).toMatchObject({ code: "not_found" });
    const member = at.idp.org.person(at.idp.org.ownerId, "MEMBER");
    expect(await refusal(at.idp.org.run((tx) => decide(tx, { id: run!.id }), member))).toMatchObject({
      code: "forbidden",
    });
  }
  expect(await runsOf(at)).toMatchObject([{ state: "ALERTED" }]);
}, 60_000);

test("SCIM-190: what the guard may be set to", async () => {
  const { org, connectionId } = await scimClient(server);
  const bad: [object, string][] = [
    [{ mode: "loud" }, "mode"],
    [{ minimum: 0 }, "minimum"],
    [{ minimum: 1.5 }, "minimum"],
    [{ percent: 101 }, "percent"],
    [{ managedFields: ["shoeSize"] }, "managedFields"],
  ];
  for (const [change, field] of bad) {
    const told = await refusal(org.run((tx) => changeProvisioningSettings(tx, { connectionId, ...change })));
    expect(told).toMatchObject({ code: "invalid", facts: { field } });
  }
  const usual = await org.run((tx) => changeProvisioningSettings(tx, { connectionId, percent: 30 }));
  expect(usual).toMatchObject({ mode: "alert", minimum: 10, percent: 30 });
});

test("SCIM-190, D5: a departure with an owner in it is taken back by an owner only, who then has their role again", async () => {
  const at = await scene(6, { minimum: 1, percent: 1 });
  const { org } = at.idp;
  const owner = parseId("member", String(at.ids[0]));
  await org.run((tx) => changeMember(tx, { id: owner, changes: [{ kind: "grantRole", role: "OWNER" }] }));
  for (const id of at.ids.slice(0, 3)) await leave(at, id);
  const [run] = await runsOf(at);
  const admin = org.person((await org.add("admin", { role: "ADMIN" })).id, "ADMIN");

  await expect(org.run((tx) => undoDeprovisioning(tx, { id: run!.id }), admin)).rejects.toMatchObject({
    code: "forbidden",
  });
  await undo(at, run!.id);
  expect(await org.run((tx) => getMember(tx, owner))).toMatchObject({ role: "OWNER", status: "ACTIVE" });
}, 60_000);

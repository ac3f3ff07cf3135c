import { applyAllRules, createGroupRule, onMemberActivated, removeFromGroup } from "../../services/domain/groups";
import { addConnection, changeConnection, createScimToken } from "../../services/domain/identity";
import { getMember } from "../../services/domain/members";
import {
  changeProvisioningSettings,
  finishPreviews,
  listProvisioningRuns,
  undoDeprovisioning,
  undoRuns,
} from "../../services/domain/provisioning";
import { createSubscription } from "../../services/domain/subscriptions";
import { parseId, publicId, type GroupId, type MemberId } from "../../services/kernel/ids";
import { coreGroup, coreUser } from "../../services/scim/urns";
import { agendaWork, type AgendaTools } from "../../services/worker/agenda-work";
import { GraphqlDoor, tokenOf } from "../gateway/support/door";
import { buildOrg, type TestOrg } from "../support/world";
import { asOwner, openScim, patchOp, ScimClient, type Reply, type ScimServer } from "./support/door";

let server: ScimServer;
let door: GraphqlDoor;

beforeAll(async () => {
  server = await openScim({ poolMax: 20 });
  door = await GraphqlDoor.open({ db: server.db, budget: { points: 1e9, restorePerSecond: 1e9 } });
});

const groupId = (text: string): GroupId => parseId("group", text);
const memberId = (text: string): MemberId => parseId("member", text);

/** An organization with two connections, one of which may grant members only. */
class Scene {
  constructor(
    readonly org: TestOrg,
    readonly high: ScimClient,
    readonly low: ScimClient,
    readonly token: string,
  ) {}

  static async make(): Promise<Scene> {
    const org = await buildOrg(server.db, { seats: 30, plan: "enterprise" });
    const client = async (name: string, roleCeiling: "ADMIN" | "MEMBER"): Promise<ScimClient> => {
      const connectionId = await org.run((tx) => addConnection(tx, name), org.operator);
      const made = await org.run((tx) => createScimToken(tx, { connectionId }), org.operator);
      await org.run((tx) => changeConnection(tx, { id: connectionId, change: { roleCeiling } }), org.operator);
      return new ScimClient(server, org, connectionId, made.text);
    };
    const [high, low] = [await client("high", "ADMIN"), await client("low", "MEMBER")];
    return new Scene(org, high, low, await tokenOf(org, "OWNER", org.ownerId));
  }

  async user(name: string, by: ScimClient = this.high): Promise<string> {
    const reply = await by.post("/Users", { schemas: [coreUser], userName: this.org.email(name) });
    expect(reply.status).toBe(201);
    return String(reply.body.id);
  }

  async group(name: string, by: ScimClient, ...members: string[]): Promise<string> {
    const body = { schemas: [coreGroup], displayName: name, members: members.map((value) => ({ value })) };
    const reply = await by.post("/Groups", body);
    expect(reply.status).toBe(201);
    return String(reply.body.id);
  }

  /** A group made and kept by hand. */
  async local(name: string, ...members: string[]): Promise<string> {
    return (await this.act("createGroup", { name, memberIds: members }, "group { id }"))["group"].id;
  }

  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- a JSON document, asserted on by its keys
  async act(name: string, input: object, shows = ""): Promise<any> {
    const type = `${name[0]!.toUpperCase()}${name.slice(1)}Input`;
    const query = `mutation ($input: ${type}!) { it: ${name}(input: $input) { ${shows} userErrors { code } } }`;
    const { data, errors } = await door.ask(this.token, query, { input });
    expect([errors, data.it.userErrors]).toEqual([[], []]);
    return data.it;
  }

  ruled(group: string) {
    return this.org.run((tx) => createGroupRule(tx, { groupId: groupId(group), target: "ROLE", value: "ADMIN" }));
  }

  async join(by: ScimClient, group: string, ...members: string[]): Promise<Reply> {
    const value = members.map((id) => ({ value: id }));
    const reply = await by.patch(`/Groups/${group}`, patchOp({ op: "add", path: "members", value }));
    expect([200, 204]).toContain(reply.status);
    return reply;
  }

  leave(by: ScimClient, group: string, member: string): Promise<Reply> {
    return by.patch(`/Groups/${group}`, patchOp({ op: "remove", path: `members[value eq "${member}"]` }));
  }

  role(member: string): Promise<string> {
    return this.org.run(async (tx) => (await getMember(tx, memberId(member))).role, this.org.system);
  }

  /** What a member is now, and after everything that the system does later has been done. */
  async nowAndLater(member: string): Promise<[string, string]> {
    const now = await this.role(member);
    await this.org.run((tx) => onMemberActivated(tx, { event: { memberId: memberId(member) } }), this.org.system);
    await applyAllRules(server.db, this.org.system);
    return [now, await this.role(member)];
  }

  /** Who put a member into a group, as the edge keeps it. */
  async adder(group: string, member: string): Promise<string | null> {
    const [edge] = await asOwner(
      "select added_by from group_member where org_id = $1 and group_id = $2 and child_id = $3",
      [this.org.orgId, groupId(group), memberId(member)],
    );
    return edge?.["added_by"] as string | null;
  }
}

const never = ["MEMBER", "MEMBER"];
const always = ["ADMIN", "ADMIN"];

test("SCIM-048, SCIM-186: a connection for members makes nobody administrator through another connection's group or a local one, now or later", async () => {
  const at = await Scene.make();
  const [ada, bob, eve] = [await at.user("ada"), await at.user("bob"), await at.user("eve", at.low)];
  const groups = [await at.group("Theirs", at.high, ada), await at.local("Ours", ada)] as const;
  for (const group of groups) await at.ruled(group);
  expect(await at.nowAndLater(ada)).toEqual(always);

  for (const [group, member] of [
    [groups[0], bob],
    [groups[1], eve],
  ] as const) {
    await at.join(at.low, group, member);
    expect([await at.nowAndLater(member), await at.adder(group, member)]).toEqual([never, at.low.connectionId]);
  }
  // Coming back from a suspension is such a later pass, too.
  for (const active of [false, true])
    await at.high.patch(`/Users/${bob}`, patchOp({ op: "replace", path: "active", value: active }));
  expect(await at.nowAndLater(bob)).toEqual(never);
  // Nobody whom others have put there has lost anything by it.
  expect(await at.nowAndLater(ada)).toEqual(always);
  const [entry] = await asOwner(
    "select warnings from provisioning_entry where org_id = $1 and method = 'PATCH' and path like '/Groups/%' order by at limit 1",
    [at.org.orgId],
  );
  expect(JSON.stringify(entry)).toContain("above what its connection may grant");
});

test("SCIM-048, SCIM-065, SCIM-186: no way through groups in groups leads around the ceiling, and one free way suffices", async () => {
  const at = await Scene.make();
  const [ada, bob, eve] = [await at.user("ada"), await at.user("bob"), await at.user("eve")];
  const ruled = await at.local("Ruled");
  await at.ruled(ruled);
  const inner = await at.local("Inner", ada);
  // A group that the connection brings in hands on nothing, whoever is in it.
  await at.join(at.low, ruled, inner);
  expect(await at.nowAndLater(ada)).toEqual(never);
  // Nor does somebody whom it brings into a group that others have put there.
  const middle = await at.local("Middle", bob);
  await at.act("addToGroup", { groupId: ruled, groupIds: [middle] });
  await at.join(at.low, middle, eve);
  expect([await at.nowAndLater(bob), await at.nowAndLater(eve)]).toEqual([always, never]);

  const free = await at.local("Free");
  await at.act("addToGroup", { groupId: ruled, groupIds: [free] });
  await at.act("addToGroup", { groupId: free, memberIds: [ada] });
  expect(await at.nowAndLater(ada)).toEqual(always);
  await at.act("removeFromGroup", { groupId: free, memberIds: [ada] });
  expect(await at.nowAndLater(ada)).toEqual(never);
});

test("SCIM-048, SCIM-186: what a connection for members changes elsewhere takes no role that other groups give", async () => {
  const at = await Scene.make();
  const ada = await at.user("ada");
  const [ruled, plain, also] = [await at.local("Ruled", ada), await at.group("Plain", at.low), await at.local("Also")];
  await at.ruled(ruled);
  await at.ruled(also);
  const roles: string[] = [];
  for (let round = 0; round < 2; round++) {
    for (const group of [plain, also, ruled]) {
      await at.join(at.low, group, ada);
      roles.push(...(await at.nowAndLater(ada)));
    }
    for (const group of [plain, also]) {
      await at.leave(at.low, group, ada);
      roles.push(...(await at.nowAndLater(ada)));
    }
  }
  expect(new Set(roles)).toEqual(new Set(["ADMIN"]));
  // It does not take the groups over either: everybody in them would lose the role.
  expect(
    await asOwner("select distinct managed_by from member_group where org_id = $1 and rules > 0", [at.org.orgId]),
  ).toEqual([{ managed_by: null }]);
});

test("SCIM-048: an administrator who adds somebody by name answers for them; a list and another connection do not", async () => {
  const at = await Scene.make();
  const eve = await at.user("eve");
  const [ours, theirs] = [await at.local("Ours"), await at.group("Theirs", at.high)];
  for (const group of [ours, theirs]) {
    await at.ruled(group);
    await at.join(at.low, group, eve);
  }
  await at.join(at.high, theirs, eve);
  await at.high.put(`/Groups/${theirs}`, { schemas: [coreGroup], displayName: "Theirs", members: [{ value: eve }] });
  expect([await at.nowAndLater(eve), await at.adder(theirs, eve)]).toEqual([never, at.low.connectionId]);

  const version = async () =>
    (await asOwner("select version from member_group where org_id = $1 and id = $2", [at.org.orgId, groupId(ours)]))[0];
  await at.act("addToGroup", { groupId: ours, memberIds: [eve] });
  expect([await at.nowAndLater(eve), await at.adder(ours, eve)]).toEqual([always, null]);
  const audited = await asOwner(
    "select facts from audit_entry where org_id = $1 and action = 'group.change' order by at desc limit 1",
    [at.org.orgId],
  );
  expect(audited).toMatchObject([{ facts: { group: ours, added: 0, removed: 0, lifted: 1 } }]);
  // Doing it again is nothing.
  const before = await version();
  await at.act("addToGroup", { groupId: ours, memberIds: [eve] });
  expect(await version()).toEqual(before);
  // What another connection takes out and puts in again is its own word, up to its own ceiling.
  await at.act("removeFromGroup", { groupId: ours, memberIds: [eve] });
  await at.leave(at.high, theirs, eve);
  await at.join(at.high, theirs, eve);
  expect(await at.nowAndLater(eve)).toEqual(always);
});

test("SCIM-048: another ceiling of a connection holds for what it did before, as soon as the worker has looked", async () => {
  const at = await Scene.make();
  const eve = await at.user("eve");
  const ours = await at.local("Ours");
  await at.ruled(ours);
  await at.join(at.low, ours, eve);
  const { connectionId: id } = at.low;
  const seen: string[] = [];
  for (const roleCeiling of ["ADMIN", "MEMBER"]) {
    await asOwner("delete from agenda where org_id = $1 and kind = 'APPLY_RULES'", [at.org.orgId]);
    await at.org.run((tx) => changeConnection(tx, { id, change: { roleCeiling } }), at.org.operator);
    expect(
      await asOwner("select 1 as due from agenda where org_id = $1 and kind = 'APPLY_RULES' and due_at <= now()", [
        at.org.orgId,
      ]),
    ).toEqual([{ due: 1 }]);
    await agendaWork.APPLY_RULES!(server.db, at.org.system, () => Promise.resolve(), {} as AgendaTools);
    seen.push(await at.role(eve));
  }
  expect(seen).toEqual(["ADMIN", "MEMBER"]);
});

test("SCIM-048, SCIM-190: an undo puts people back as they were there, not higher", async () => {
  const at = await Scene.make();
  await at.org.run(
    (tx) => createSubscription(tx, { planCode: "teams", quantity: 9, billingMode: "MONTHLY" }),
    at.org.operator,
  );
  const people: string[] = [];
  for (const name of ["a", "b", "c", "d"]) people.push(await at.user(name));
  const [ann, ben, cid, dan] = people as [string, string, string, string];
  const ours = await at.local("Ours", ann);
  const inner = await at.local("Inner");
  await at.act("addToGroup", { groupId: ours, groupIds: [inner] });
  await at.ruled(ours);
  await at.org.run((tx) => createGroupRule(tx, { groupId: groupId(ours), target: "LICENCE", value: "teams" }));
  await at.join(at.low, ours, ben);
  await at.join(at.low, inner, cid);
  await at.join(at.high, ours, dan);
  const roles = () => Promise.all(people.map((id) => at.role(id)));
  const before = ["ADMIN", "MEMBER", "MEMBER", "ADMIN"];
  expect(await roles()).toEqual(before);

  const undo = async (leave: () => Promise<unknown>) => {
    await leave();
    const run = (await at.org.run((tx) => listProvisioningRuns(tx, {}))).find(({ state }) => state === "ALERTED");
    await at.org.run((tx) => undoDeprovisioning(tx, { id: run!.id }));
    await undoRuns(server.db, at.org.system);
    await applyAllRules(server.db, at.org.system);
    return { members: run!.members, roles: await roles() };
  };
  const { connectionId } = at.high;
  await at.org.run((tx) => changeProvisioningSettings(tx, { connectionId, minimum: 1, percent: 1 }));
  const emptied = await undo(() =>
    at.high.put(`/Groups/${ours}`, { schemas: [coreGroup], displayName: "Ours", members: [] }),
  );
  expect(emptied).toEqual({ members: 4, roles: before });
  expect(await Promise.all([ann, ben, dan].map((id) => at.adder(ours, id)))).toEqual([
    null,
    at.low.connectionId,
    at.high.connectionId,
  ]);

  const removed = await undo(async () => {
    for (const id of [ben, dan]) expect((await at.high.delete(`/Users/${id}`)).status).toBe(204);
  });
  expect(removed).toEqual({ members: 2, roles: before });
  expect([await at.adder(ours, ben), await at.adder(inner, cid)]).toEqual([at.low.connectionId, at.low.connectionId]);
  await at.org.run(
    (tx) => removeFromGroup(tx, { id: groupId(inner), children: [{ kind: "MEMBER", id: memberId(cid) }] }),
    at.org.system,
  );
  expect(await at.nowAndLater(cid)).toEqual(never);
});

test("SCIM-048, SCIM-197: a rehearsal and what is done by applying it keep to the ceiling", async () => {
  const at = await Scene.make();
  const [ada, eve] = [await at.user("ada"), await at.user("eve")];
  const ours = await at.local("Ours");
  await at.ruled(ours);
  await at.join(at.low, ours, ada);
  const connectionId = publicId("connection", at.low.connectionId);
  const { previewId } = await at.act("startScimPreview", { connectionId }, "previewId");
  const copied = await asOwner("select added_by from group_member where org_id = $1", [parseId("preview", previewId)]);
  expect(copied).toEqual([{ added_by: at.low.connectionId }]);
  await at.join(at.low, ours, eve);
  const inCopy = await asOwner("select role from member where org_id = $1 and id = $2", [
    parseId("preview", previewId),
    memberId(eve),
  ]);
  expect(inCopy).toEqual([{ role: "MEMBER" }]);
  await at.act("applyScimPreview", { previewId });
  await finishPreviews(server.db, at.org.system);
  expect([await at.nowAndLater(eve), await at.adder(ours, eve)]).toEqual([never, at.low.connectionId]);
});

import { getMember } from "../../services/domain/members";
import { assignTemplate, createTemplate, onGroupChanged } from "../../services/domain/event-types";
import {
  addGroup,
  addToGroup,
  applyAllRules,
  createGroupRule,
  listGroupRules,
  previewGroupRule,
  removeFromGroup,
  removeGroupRule,
  type NewGroupRule,
} from "../../services/domain/groups";
import { changeOrganization } from "../../services/domain/organizations";
import {
  changeProvisioningSettings,
  listProvisioningRuns,
  undoDeprovisioning,
  undoRuns,
} from "../../services/domain/provisioning";
import { changeMember } from "../../services/domain/members";
import { driftedPools, openLicencesOf } from "../../services/domain/seats";
import { assignPlan, createSubscription } from "../../services/domain/subscriptions";
import { parseId, type GroupId, type MemberId } from "../../services/kernel/ids";
import { coreGroup, coreUser, plenumUser } from "../../services/scim/urns";
import { refusal } from "../support/identity";
import { asOwner, openScim, patchOp, scimClient, type Reply, type ScimClient, type ScimServer } from "./support/door";

let server: ScimServer;
beforeAll(async () => {
  server = await openScim({ poolMax: 20 });
});

class Scene {
  constructor(readonly idp: ScimClient) {}

  get org() {
    return this.idp.org;
  }

  async user(name: string, more: object = {}): Promise<string> {
    const reply = await this.idp.post("/Users", { schemas: [coreUser], userName: this.org.email(name), ...more });
    expect(reply.status).toBe(201);
    return String(reply.body.id);
  }

  async group(name: string, ...members: string[]): Promise<string> {
    const body = { schemas: [coreGroup], displayName: name, members: members.map((value) => ({ value })) };
    return String((await this.idp.post("/Groups", body)).body.id);
  }

  join(group: string, ...members: string[]): Promise<Reply> {
    const value = members.map((id) => ({ value: id }));
    return this.idp.patch(`/Groups/${group}`, patchOp({ op: "add", path: "members", value }));
  }

  leave(group: string, member: string): Promise<Reply> {
    return this.idp.patch(`/Groups/${group}`, patchOp({ op: "remove", path: `members[value eq "${member}"]` }));
  }

  rule(group: string, rule: Omit<NewGroupRule, "groupId">) {
    return this.org.run((tx) => createGroupRule(tx, { groupId: groupId(group), ...rule }));
  }

  /** What a member is and holds. */
  async standing(member: string): Promise<{ role: string; plans: string[] }> {
    const id = memberId(member);
    return this.org.run(async (tx) => {
      const { role } = await getMember(tx, id);
      return { role, plans: (await openLicencesOf(tx, id)).map((licence) => licence.planCode).sort() };
    }, this.org.system);
  }

  drift() {
    return this.org.run((tx) => driftedPools(tx), this.org.system);
  }

  effects() {
    return asOwner("select count(*)::integer as n from group_rule_effect where org_id = $1", [this.org.orgId]);
  }
}

const groupId = (text: string): GroupId => parseId("group", text);
const memberId = (text: string): MemberId => parseId("member", text);

/** `teams` for everybody, and some seats of `enterprise`. */
async function scene(enterprise = 2, more: { recording?: number } = {}): Promise<Scene> {
  const idp = await scimClient(server, { seats: 30 });
  const pool = (planCode: string, quantity: number) =>
    idp.org.run((tx) => createSubscription(tx, { planCode, quantity, billingMode: "MONTHLY" }), idp.org.operator);
  if (enterprise > 0) await pool("enterprise", enterprise);
  if (more.recording) await pool("recording", more.recording);
  return new Scene(idp);
}

const asMember = { role: "MEMBER", plans: ["teams"] };

test("SCIM-186: who joins a group gets its role and licence in the same request, who leaves gets back what there was", async () => {
  const at = await scene();
  const [ada, group] = [await at.user("ada"), await at.group("Leads")];
  await at.rule(group, { target: "ROLE", value: "ADMIN" });
  await at.rule(group, { target: "LICENCE", value: "enterprise" });

  expect((await at.join(group, ada)).status).toBe(204);
  expect(await at.standing(ada)).toEqual({ role: "ADMIN", plans: ["enterprise"] });
  expect((await at.idp.get(`/Users/${ada}`)).body[plenumUser].licence).toBe("enterprise");
  expect((await at.leave(group, ada)).status).toBe(204);
  expect(await at.standing(ada)).toEqual(asMember);
  expect([await at.drift(), await at.effects()]).toEqual([[], [{ n: 0 }]]);
});

test("SCIM-186: a rule reaches who is in the group already, and goes with all that it gave", async () => {
  const at = await scene();
  const ada = await at.user("ada");
  const group = await at.group("Leads", ada);
  const rule = await at.rule(group, { target: "LICENCE", value: "enterprise" });
  expect(await at.standing(ada)).toEqual({ role: "MEMBER", plans: ["enterprise"] });
  expect(await at.org.run((tx) => listGroupRules(tx, {}))).toMatchObject([
    { id: rule.id, group: "Leads", target: "LICENCE", value: "enterprise", order: 0 },
  ]);
  await at.org.run((tx) => removeGroupRule(tx, { id: rule.id }));
  expect(await at.standing(ada)).toEqual(asMember);
  expect(await refusal(at.org.run((tx) => removeGroupRule(tx, { id: rule.id })))).toMatchObject({ code: "not_found" });
});

test("SCIM-186: what somebody has by hand is not the rule's: it stays when they leave", async () => {
  const at = await scene();
  const [ada, bob] = [await at.user("ada"), await at.user("bob")];
  const group = await at.group("Leads");
  await at.rule(group, { target: "ROLE", value: "ADMIN" });
  await at.rule(group, { target: "LICENCE", value: "enterprise" });
  await at.org.run((tx) => assignPlan(tx, { memberId: memberId(ada), planCode: "enterprise" }));
  await at.org.run((tx) => changeMember(tx, { id: memberId(ada), changes: [{ kind: "grantRole", role: "ADMIN" }] }));
  await at.join(group, ada, bob);
  await at.leave(group, ada);
  expect(await at.standing(ada)).toEqual({ role: "ADMIN", plans: ["enterprise"] });

  // And what is chosen by hand after the rule gave something stands, too.
  await at.org.run((tx) => assignPlan(tx, { memberId: memberId(bob), planCode: "teams" }));
  await at.org.run((tx) => changeMember(tx, { id: memberId(bob), changes: [{ kind: "grantRole", role: "OWNER" }] }));
  await at.leave(group, bob);
  expect(await at.standing(bob)).toEqual({ role: "OWNER", plans: ["teams"] });
});

test("SCIM-186: of several groups the lowest order decides, then the higher plan; leaving one falls to the next", async () => {
  const at = await scene();
  const ada = await at.user("ada");
  const [low, high] = [await at.group("Low"), await at.group("High")];
  await at.rule(low, { target: "LICENCE", value: "teams" });
  const ruled = await at.rule(high, { target: "LICENCE", value: "enterprise" });
  await at.join(low, ada);
  await at.join(high, ada);
  expect((await at.standing(ada)).plans).toEqual(["enterprise"]);
  await at.leave(high, ada);
  expect((await at.standing(ada)).plans).toEqual(["teams"]);

  await at.org.run((tx) => removeGroupRule(tx, { id: ruled.id }));
  await at.rule(high, { target: "LICENCE", value: "enterprise", order: 5 });
  await at.join(high, ada);
  expect((await at.standing(ada)).plans).toEqual(["teams"]);
});

test("SCIM-186, SCIM-065: rules reach through groups in groups, in circles too; PUT and removal of a group count", async () => {
  const at = await scene(5);
  const [ada, bob] = [await at.user("ada"), await at.user("bob")];
  const inner = await at.group("Inner", ada);
  const outer = await at.group("Outer", inner);
  await at.join(inner, outer);
  await at.rule(outer, { target: "LICENCE", value: "enterprise" });
  expect((await at.standing(ada)).plans).toEqual(["enterprise"]);
  await at.join(inner, bob);
  expect((await at.standing(bob)).plans).toEqual(["enterprise"]);

  await at.idp.put(`/Groups/${inner}`, { schemas: [coreGroup], displayName: "Inner", members: [{ value: bob }] });
  expect([(await at.standing(ada)).plans, (await at.standing(bob)).plans]).toEqual([["teams"], ["enterprise"]]);
  expect((await at.idp.delete(`/Groups/${outer}`)).status).toBe(204);
  expect((await at.standing(bob)).plans).toEqual(["teams"]);
  expect([await at.drift(), await at.org.run((tx) => listGroupRules(tx, {}))]).toEqual([[], []]);
});

test("SCIM-172: deleting a group takes back what its rules gave, and leaves its members", async () => {
  const at = await scene();
  const ada = await at.user("ada");
  const group = await at.group("Leads", ada);
  await at.rule(group, { target: "ROLE", value: "ADMIN" });
  expect((await at.standing(ada)).role).toBe("ADMIN");
  await at.idp.delete(`/Groups/${group}`);
  expect(await at.standing(ada)).toEqual(asMember);
});

test("SCIM-184, SCIM-186: policy refuse: no free licence refuses the whole request, and nothing of it is done", async () => {
  const at = await scene(1);
  const [ada, bob] = [await at.user("ada"), await at.user("bob")];
  const group = await at.group("Leads");
  await at.rule(group, { target: "LICENCE", value: "enterprise" });
  const reply = await at.join(group, ada, bob);
  expect([reply.status, reply.body.scimType]).toEqual([403, "seatLimitReached"]);
  expect(reply.body.detail).toContain("1 of 1 'enterprise'");
  expect((await at.idp.get(`/Groups/${group}`)).body.members).toBeUndefined();
  expect([await at.standing(ada), await at.standing(bob), await at.drift()]).toEqual([asMember, asMember, []]);
});

test("SCIM-185, SCIM-186: policy waitlist: the first sits, the others keep what they have and move up one by one", async () => {
  const at = await scene(1);
  const people = [await at.user("a"), await at.user("b"), await at.user("c")];
  const group = await at.group("Leads");
  await at.org.run((tx) => changeOrganization(tx, { seatPolicy: "waitlist" }));
  await at.rule(group, { target: "LICENCE", value: "enterprise" });
  for (const id of people) expect((await at.join(group, id)).status).toBe(204);
  const plans = () => Promise.all(people.map(async (id) => (await at.standing(id)).plans));
  expect(await plans()).toEqual([["enterprise"], ["teams"], ["teams"]]);

  await at.leave(group, people[0] ?? "");
  expect(await plans()).toEqual([["teams"], ["enterprise"], ["teams"]]);
  // Whoever leaves while waiting waits no more.
  await at.leave(group, people[2] ?? "");
  await at.leave(group, people[1] ?? "");
  expect(await plans()).toEqual([["teams"], ["teams"], ["teams"]]);
  const waiting = await asOwner("select 1 from seat_wait where org_id = $1", [at.org.orgId]);
  expect([waiting, await at.drift(), await at.effects()]).toEqual([[], [], [{ n: 0 }]]);
});

test("SCIM-186: policy free keeps what people have; policy expand buys for the default plan up to the ceiling", async () => {
  const at = await scene(1);
  const [ada, bob] = [await at.user("ada"), await at.user("bob")];
  const group = await at.group("Leads");
  await at.rule(group, { target: "LICENCE", value: "enterprise" });
  await at.org.run((tx) => changeOrganization(tx, { seatPolicy: "free" }));
  expect((await at.join(group, ada, bob)).status).toBe(204);
  const plans = [(await at.standing(ada)).plans, (await at.standing(bob)).plans];
  expect(plans.flat().sort()).toEqual(["enterprise", "teams"]);

  const small = new Scene(await scimClient(server, { seats: 2 }));
  await small.org.run(
    (tx) => createSubscription(tx, { planCode: "enterprise", quantity: 1, billingMode: "MONTHLY" }),
    small.org.operator,
  );
  const eve = await small.user("eve", { [plenumUser]: { licence: "enterprise" } });
  await small.org.run((tx) => changeOrganization(tx, { seatPolicy: "expand", expandCeiling: 2 }));
  const team = await small.group("Team");
  await small.rule(team, { target: "LICENCE", value: "teams" });
  expect((await small.join(team, eve)).status).toBe(204);
  expect((await small.standing(eve)).plans).toEqual(["teams"]);
});

test("SCIM-186: twenty at once for five licences, one request each: five get one, all others are refused, none is lost", async () => {
  const at = await scene(5);
  const people: string[] = [];
  for (let i = 0; i < 20; i++) people.push(await at.user(`u${i}`));
  const group = await at.group("Leads");
  await at.rule(group, { target: "LICENCE", value: "enterprise" });
  const replies = await Promise.all(people.map((id) => at.join(group, id)));
  const statuses = replies.map((reply) => reply.status).sort();

  expect(statuses).toEqual([...Array<number>(5).fill(204), ...Array<number>(15).fill(403)]);
  const { body } = await at.idp.get(`/Groups/${group}`);
  expect(body.members).toHaveLength(5);
  for (const { value } of body.members as { value: string }[]) {
    expect((await at.standing(value)).plans).toEqual(["enterprise"]);
  }
  expect([await at.drift(), await at.effects()]).toEqual([[], [{ n: 5 }]]);
}, 60_000);

test("SCIM-186: joining and leaving at the same moment ends in what the group says, whichever came last", async () => {
  const at = await scene(3);
  const [ada, bob] = [await at.user("ada"), await at.user("bob")];
  const [one, two] = [await at.group("One"), await at.group("Two")];
  await at.rule(one, { target: "ROLE", value: "ADMIN" });
  await at.rule(two, { target: "LICENCE", value: "enterprise" });
  const replies = await Promise.all(
    Array.from({ length: 12 }, (_, i) => {
      const [group, member] = [i % 2 ? one : two, i % 3 ? ada : bob];
      return i % 4 < 2 ? at.join(group, member) : at.leave(group, member);
    }),
  );
  expect(new Set(replies.map((reply) => reply.status))).toEqual(new Set([204]));
  for (const member of [ada, bob]) {
    const within = async (group: string) =>
      ((await at.idp.get(`/Groups/${group}`)).body.members ?? []).some((m: { value: string }) => m.value === member);
    expect(await at.standing(member)).toEqual({
      role: (await within(one)) ? "ADMIN" : "MEMBER",
      plans: [(await within(two)) ? "enterprise" : "teams"],
    });
  }
  expect(await at.drift()).toEqual([]);
}, 60_000);

test("SCIM-186: a rule that is made while somebody joins misses nobody", async () => {
  for (let round = 0; round < 5; round++) {
    const at = await scene();
    const [ada, group] = [await at.user("ada"), await at.group("Leads")];
    const rule = at.rule(group, { target: "ROLE", value: "ADMIN" });
    const [joined] = await Promise.all([at.join(group, ada), rule]);
    expect(joined.status).toBe(204);
    await applyAllRules(server.db, at.org.system);
    expect((await at.standing(ada)).role).toBe("ADMIN");
  }
}, 60_000);

test("SCIM-048, SCIM-186: a group gives no role above what its connection may grant, nor above who asks", async () => {
  const at = await scene();
  const ada = await at.user("ada");
  const group = await at.group("Leads");
  await at.rule(group, { target: "ROLE", value: "ADMIN" });
  await asOwner("update identity_connection set role_ceiling = 'MEMBER' where org_id = $1", [at.org.orgId]);
  expect((await at.join(group, ada)).status).toBe(204);
  expect((await at.standing(ada)).role).toBe("MEMBER");
  const [entry] = await asOwner(
    "select warnings from provisioning_entry where org_id = $1 order by at desc, id desc limit 1",
    [at.org.orgId],
  );
  expect(JSON.stringify(entry)).toContain("above what its connection may grant");
});

test("SCIM-187, SCIM-186: suspension keeps what the group says: it comes back with the member, and only if they are still in it", async () => {
  const at = await scene();
  const [ada, bob] = [await at.user("ada"), await at.user("bob")];
  const group = await at.group("Leads", ada, bob);
  await at.rule(group, { target: "LICENCE", value: "enterprise" });
  const active = (id: string, value: boolean) =>
    at.idp.patch(`/Users/${id}`, patchOp({ op: "replace", path: "active", value }));
  for (const id of [ada, bob]) await active(id, false);
  await at.leave(group, bob);
  for (const id of [ada, bob]) expect((await active(id, true)).status).toBe(200);
  expect([(await at.standing(ada)).plans, (await at.standing(bob)).plans]).toEqual([["enterprise"], ["teams"]]);

  const eve = await at.user("eve", { active: false });
  await at.leave(group, ada);
  await at.join(group, eve);
  expect((await at.standing(eve)).plans).toEqual([]);
  await active(eve, true);
  expect((await at.standing(eve)).plans).toEqual(["enterprise"]);
  expect(await at.drift()).toEqual([]);
});

test("SCIM-186: options: given beside a service that comes with them, taken back with the group", async () => {
  const at = await scene(2, { recording: 1 });
  const ada = await at.user("ada", { [plenumUser]: { licence: "enterprise" } });
  const group = await at.group("Speakers");
  await at.rule(group, { target: "LICENCE", value: "recording" });
  await at.join(group, ada);
  expect((await at.standing(ada)).plans).toEqual(["enterprise", "recording"]);
  await at.leave(group, ada);
  expect((await at.standing(ada)).plans).toEqual(["enterprise"]);
  expect([await at.drift(), await at.effects()]).toEqual([[], [{ n: 0 }]]);
});

test("SCIM-186: a group of Plenum's own follows the same rules, whoever changes it", async () => {
  const at = await scene();
  const ada = await at.user("ada");
  const { group } = await at.org.run((tx) => addGroup(tx, { displayName: "Leads" }));
  await at.org.run((tx) => createGroupRule(tx, { groupId: group.id, target: "LICENCE", value: "enterprise" }));
  const children = [{ kind: "MEMBER", id: memberId(ada) }] as const;
  await at.org.run((tx) => addToGroup(tx, { id: group.id, children }));
  expect((await at.standing(ada)).plans).toEqual(["enterprise"]);
  await at.org.run((tx) => removeFromGroup(tx, { id: group.id, children }));
  expect(await at.standing(ada)).toEqual(asMember);
});

test("SCIM-186, ruling 6: managed event types of a group reach who joins it by SCIM, by the event of the same transaction", async () => {
  const at = await scene();
  const [ada, group] = [await at.user("ada"), await at.group("Advisers")];
  const template = await at.org.run(async (tx) => {
    const made = await createTemplate(tx, { kind: "ONE_ON_ONE", slug: "advice", values: { name: "Advice" } });
    await assignTemplate(tx, { templateId: made.id, targets: { groupIds: [groupId(group)] } });
    return made.id;
  });
  await at.join(group, ada);
  const events = await asOwner(
    "select payload from domain_event where org_id = $1 and name = 'group.membership_changed'",
    [at.org.orgId],
  );
  expect(events.map((row) => row["payload"])).toEqual([{ groupId: groupId(group) }]);
  await at.org.run((tx) => onGroupChanged(tx, { event: { groupId: groupId(group) } }), at.org.system);
  const given = await asOwner("select member_id, template_id from event_type where org_id = $1", [at.org.orgId]);
  expect(given).toEqual([{ member_id: memberId(ada), template_id: template }]);
});

test("SCIM-186: a preview tells what a rule would change, what is missing, and writes nothing", async () => {
  const at = await scene(1);
  const [ada, bob] = [await at.user("ada"), await at.user("bob")];
  const group = await at.group("Leads", ada, bob);
  const asked = { groupId: groupId(group), target: "LICENCE", value: "enterprise" } as const;
  const preview = await at.org.run((tx) => previewGroupRule(tx, asked));
  expect(preview).toMatchObject({
    ...{ members: 2, changed: 2, roles: 0, licencesNeeded: 2, licencesFree: 1, short: 1, refused: true, warnings: [] },
  });
  expect(
    preview.lines.map(({ role, service, serviceBefore, options }) => [role, service, serviceBefore, options]),
  ).toEqual(Array(2).fill([null, "enterprise", "teams", []]));
  expect(await refusal(at.rule(group, { target: "LICENCE", value: "enterprise" }))).toMatchObject({
    code: "seats_exhausted",
    facts: { plan: "enterprise", used: 1, quantity: 1 },
  });
  const roles = await at.org.run((tx) =>
    previewGroupRule(tx, { groupId: groupId(group), target: "ROLE", value: "ADMIN" }),
  );
  expect(roles).toMatchObject({ members: 2, changed: 2, roles: 2, licencesNeeded: 0, short: 0, refused: false });
  expect([await at.standing(ada), await at.standing(bob), await at.effects()]).toEqual([
    asMember,
    asMember,
    [{ n: 0 }],
  ]);
});

test("SCIM-186: what no rule can be: ownership, free plans, unknown plans, others' groups, twice the same", async () => {
  const at = await scene();
  const group = await at.group("Leads");
  const stranger = await scene();
  const cases: [Omit<NewGroupRule, "groupId">, object][] = [
    [
      { target: "ROLE", value: "OWNER" },
      { code: "invalid", facts: { field: "value" } },
    ],
    [
      { target: "ROLE", value: "MEMBER" },
      { code: "invalid", facts: { field: "value" } },
    ],
    [
      { target: "LICENCE", value: "free" },
      { code: "invalid", facts: { field: "value" } },
    ],
    [
      { target: "LICENCE", value: "platinum" },
      { code: "invalid", facts: { field: "value" } },
    ],
    [
      { target: "ROLE", value: "ADMIN", order: -1 },
      { code: "invalid", facts: { field: "order" } },
    ],
  ];
  for (const [rule, told] of cases) expect(await refusal(at.rule(group, rule))).toMatchObject(told);
  await at.rule(group, { target: "ROLE", value: "ADMIN" });
  expect(await refusal(at.rule(group, { target: "ROLE", value: "ADMIN" }))).toMatchObject({ code: "duplicate" });
  for (const act of [createGroupRule, previewGroupRule] as ((
    ...args: Parameters<typeof createGroupRule>
  ) => Promise<unknown>)[]) {
    const theirs = { groupId: groupId(group), target: "ROLE", value: "ADMIN" } as const;
    expect(await refusal(stranger.org.run((tx) => act(tx, theirs)))).toMatchObject({ code: "not_found" });
  }
});

test("SCIM-190: losing the licence of a group counts as leaving, and the undo puts people back into it", async () => {
  const at = await scene(5);
  const people: string[] = [];
  for (let i = 0; i < 4; i++) people.push(await at.user(`u${i}`));
  const group = await at.group("Leads", ...people);
  await at.rule(group, { target: "LICENCE", value: "enterprise" });
  const { connectionId } = at.idp;
  await at.org.run((tx) => changeProvisioningSettings(tx, { connectionId, minimum: 2, percent: 1 }));
  await at.idp.put(`/Groups/${group}`, { schemas: [coreGroup], displayName: "Leads", members: [] });
  const [run] = await at.org.run((tx) => listProvisioningRuns(tx, {}));
  expect(run).toMatchObject({ state: "ALERTED", members: 4 });

  await at.org.run((tx) => undoDeprovisioning(tx, { id: run!.id }));
  await undoRuns(server.db, at.org.system);
  expect((await at.idp.get(`/Groups/${group}`)).body.members).toHaveLength(4);
  for (const id of people) expect((await at.standing(id)).plans).toEqual(["enterprise"]);

  await at.org.run((tx) => changeProvisioningSettings(tx, { connectionId, mode: "block" }));
  const refused = await at.idp.put(`/Groups/${group}`, { schemas: [coreGroup], displayName: "Leads", members: [] });
  expect([refused.status, refused.body.scimType]).toEqual([403, "massDeprovisionGuard"]);
  expect((await at.idp.get(`/Groups/${group}`)).body.members).toHaveLength(4);
  expect((await at.org.run((tx) => listProvisioningRuns(tx, {}))).map(({ state }) => state).sort()).toEqual([
    "BLOCKED",
    "UNDONE",
  ]);
});

test("SCIM-186: a rule for more people than fit into one transaction is done by the worker", async () => {
  const at = await scene(0);
  const [group, template] = [await at.group("All"), await at.user("template")];
  await asOwner(
    `with fresh as (
       insert into member (org_id, id, status, role, origin, user_name, user_name_key, created_at, updated_at)
       select org_id, gen_random_uuid(), 'ACTIVE', 'MEMBER', 'SCIM', 'bulk' || n, 'bulk' || n, now(), now()
       from member, generate_series(1, 600) n where org_id = $1 and id = $2 returning id)
     insert into group_member (org_id, group_id, child_kind, child_id, added_at)
     select $1, $3, 'MEMBER', id, now() from fresh`,
    [at.org.orgId, memberId(template), groupId(group)],
  );
  await at.rule(group, { target: "ROLE", value: "ADMIN" });
  const admins = async () =>
    (
      await asOwner("select count(*)::integer as n from member where org_id = $1 and role = 'ADMIN'", [at.org.orgId])
    )[0];
  expect(await admins()).toEqual({ n: 0 });
  await applyAllRules(server.db, at.org.system);
  expect(await admins()).toEqual({ n: 600 });
}, 60_000);

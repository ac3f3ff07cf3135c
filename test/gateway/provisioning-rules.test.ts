import { createOAuthClient, createScimToken } from "../../services/domain/identity";
import { undoRuns } from "../../services/domain/provisioning";
import { publicId } from "../../services/kernel/ids";
import { createSubscription } from "../../services/domain/subscriptions";
import { coreGroup, coreUser } from "../../services/scim/urns";
import { openScim, patchOp, ScimClient, type ScimServer } from "../scim/support/door";
import { buildOrg, type TestOrg } from "../support/world";
import { GraphqlDoor, tokenOf } from "./support/door";

let door: GraphqlDoor;
let scim: ScimServer;

beforeAll(async () => {
  scim = await openScim();
  door = await GraphqlDoor.open({ db: scim.db, budget: { points: 1e9, restorePerSecond: 1e9 } });
});

interface Scene {
  readonly org: TestOrg;
  readonly idp: ScimClient;
  readonly connection: string;
  readonly users: readonly string[];
  ask(query: string, variables?: object): Promise<ReturnType<typeof JSON.parse>>;
  /** Sends a mutation; answers its payload. */
  act(name: string, input: object, shows: string): Promise<ReturnType<typeof JSON.parse>>;
}

async function scene(...names: string[]): Promise<Scene> {
  const org = await buildOrg(scim.db, { seats: 20 });
  const made = await org.run((tx) => createScimToken(tx, {}), org.operator);
  await org.run(
    (tx) => createSubscription(tx, { planCode: "enterprise", quantity: 2, billingMode: "MONTHLY" }),
    org.operator,
  );
  const idp = new ScimClient(scim, org, made.connectionId, made.text);
  const token = await tokenOf(org, "ADMIN");
  const ask: Scene["ask"] = async (query, variables) => {
    const { data, errors } = await door.ask(token, query, variables as Record<string, unknown>);
    expect(errors).toEqual([]);
    return data;
  };
  const act: Scene["act"] = async (name, input, shows) => {
    const type = `${name[0]!.toUpperCase()}${name.slice(1)}Input`;
    const document = `mutation ($input: ${type}!) { it: ${name}(input: $input) { ${shows} userErrors { code path facts } } }`;
    return (await ask(document, { input })).it;
  };
  const users: string[] = [];
  for (const name of names) {
    const { body } = await idp.post("/Users", { schemas: [coreUser], userName: org.email(name), title: "Analyst" });
    users.push(String(body.id));
  }
  return { org, idp, users, connection: publicId("connection", made.connectionId), ask, act };
}

test("SCIM-186: an administrator previews a rule, makes it, sees it and takes it away", async () => {
  const { idp, users, ask, act } = await scene("ada", "bob");
  const members = users.map((value) => ({ value }));
  const group = (await idp.post("/Groups", { schemas: [coreGroup], displayName: "Leads", members })).body.id as string;
  const preview = `query ($group: ID!) { previewGroupRule(groupId: $group, target: LICENCE, value: "enterprise") {
    members changed roles licencesNeeded licencesFree short refused warnings
    lines { memberId role service serviceBefore options } } }`;
  expect((await ask(preview, { group })).previewGroupRule).toEqual({
    ...{ members: 2, changed: 2, roles: 0, licencesNeeded: 2, licencesFree: 2, short: 0, refused: false, warnings: [] },
    lines: [...users].sort().map((memberId) => ({
      ...{ memberId, role: null, service: "enterprise", serviceBefore: "teams", options: [] },
    })),
  });
  const rule = { groupId: group, target: "LICENCE", value: "enterprise" };
  const made = await act("createGroupRule", rule, "rule { id group value order }");
  expect(made).toMatchObject({ rule: { group: "Leads", value: "enterprise", order: 0 }, userErrors: [] });
  const plans = async () => {
    const { members } = await ask("{ members(first: 20) { nodes { id seat { plan { code } } } } }");
    const mine = (members.nodes as { id: string; seat: { plan: { code: string } } }[]).filter((m) =>
      users.includes(m.id),
    );
    return mine.map((m) => m.seat.plan.code);
  };
  expect(await plans()).toEqual(["enterprise", "enterprise"]);
  const { groupRules } = await ask("{ groupRules { id groupId group target value order } }");
  expect(groupRules).toEqual([
    { id: made.rule.id, groupId: group, group: "Leads", target: "LICENCE", value: "enterprise", order: 0 },
  ]);
  const again = await act("createGroupRule", rule, "rule { id }");
  expect(again).toMatchObject({ rule: null, userErrors: [{ code: "DUPLICATE" }] });
  const bad = await act("createGroupRule", { ...rule, target: "ROLE", value: "OWNER" }, "rule { id }");
  expect(bad.userErrors).toMatchObject([{ code: "INVALID", path: ["input", "value"] }]);

  expect(await act("removeGroupRule", { ruleId: made.rule.id }, "ruleId")).toMatchObject({ ruleId: made.rule.id });
  expect([await plans(), (await ask("{ groupRules { id } }")).groupRules]).toEqual([["teams", "teams"], []]);
});

test("SCIM-190: an administrator sees a mass departure, takes it back, and says how many may leave", async () => {
  const { org, idp, users, connection, ask, act } = await scene("a", "b", "c");
  const settings = "settings { mode minimum percent managedFields }";
  const change = { connectionId: connection, minimum: 1, percent: 1, managedFields: ["title"] };
  expect(await act("updateProvisioningSettings", change, settings)).toMatchObject({
    settings: { mode: "ALERT", minimum: 1, percent: 1, managedFields: ["title"] },
  });
  const shown = await ask("query ($id: ID!) { provisioningSettings(connectionId: $id) { mode minimum } }", {
    id: connection,
  });
  expect(shown.provisioningSettings).toEqual({ mode: "ALERT", minimum: 1 });
  const refused = await act("updateProvisioningSettings", { connectionId: connection, percent: 0 }, settings);
  expect(refused.userErrors).toMatchObject([{ code: "INVALID", path: ["input", "percent"] }]);

  for (const id of users) await idp.patch(`/Users/${id}`, patchOp({ op: "replace", path: "active", value: false }));
  const query =
    "{ provisioningRuns { id connectionId state members threshold restored waiting notRestored decidedAt } }";
  const [run] = (await ask(query)).provisioningRuns;
  expect(run).toMatchObject({ connectionId: connection, state: "ALERTED", members: 3, threshold: 1, decidedAt: null });
  expect(await act("undoDeprovisioning", { runId: run.id }, "run { state members }")).toMatchObject({
    run: { state: "UNDONE", members: 3 },
  });
  await undoRuns(scim.db, org.system);
  expect((await ask(query)).provisioningRuns).toMatchObject([{ restored: 3, waiting: 0, notRestored: 0 }]);
  const late = await act("approveDeprovisioning", { runId: run.id }, "run { id }");
  expect(late.userErrors).toMatchObject([{ code: "CONFLICT", facts: { state: "UNDONE" } }]);
});

test("SCIM-191: a field that the identity provider holds is refused at its place, with who holds it", async () => {
  const { users, act } = await scene("ada");
  const refused = await act("updateMember", { memberId: users[0], title: "Boss" }, "member { title }");
  expect(refused).toMatchObject({
    member: null,
    userErrors: [{ code: "MANAGED_BY_IDENTITY_PROVIDER", path: ["input", "title"], facts: { connection: "SCIM" } }],
  });
  const free = await act("updateMember", { memberId: users[0], timeZone: "Europe/Paris" }, "member { timeZone }");
  expect(free).toMatchObject({ member: { timeZone: "Europe/Paris" }, userErrors: [] });
});

test("SCIM-171: an administrator brings a member back whom the identity provider has deleted", async () => {
  const { idp, users, act } = await scene("ada");
  await idp.delete(`/Users/${users[0]}`);
  const back = await act("restoreMember", { memberId: users[0] }, "member { id status seatStatus }");
  expect(back).toMatchObject({ member: { id: users[0], status: "ACTIVE", seatStatus: "ASSIGNED" }, userErrors: [] });
  const twice = await act("restoreMember", { memberId: users[0] }, "member { id }");
  expect(twice.userErrors).toMatchObject([{ code: "NOT_FOUND" }]);
});

test("SCIM-042: clients are listed without their secrets; only the operator makes one before single sign-on is active", async () => {
  const { org, connection, ask, act } = await scene();
  const early = await act("createOAuthClient", { name: "Okta", connectionId: connection }, "id");
  expect(early.userErrors).toMatchObject([{ code: "SSO_REQUIRED_FIRST" }]);
  const made = await org.run((tx) => createOAuthClient(tx, { name: "Okta" }), org.operator);
  const { oauthClients } = await ask(
    "{ oauthClients { id connectionId clientId name proof jwks scopes ipAllow oldSecretUntil } }",
  );
  expect(oauthClients).toEqual([
    {
      ...{ id: publicId("oauthClient", made.id), connectionId: connection, clientId: made.clientId, name: "Okta" },
      ...{ proof: "SECRET", jwks: null, scopes: ["scim.read", "scim.write"], ipAllow: [], oldSecretUntil: null },
    },
  ]);
  const rotated = await act("rotateOAuthClient", { id: oauthClients[0].id, overlapHours: 1 }, "secret");
  expect(rotated.secret).toMatch(/^plmcs_/);
  expect(rotated.secret).not.toBe(made.secret);
  const wrong = await act("rotateOAuthClient", { id: oauthClients[0].id, jwks: { keys: [] } }, "secret");
  expect(wrong.userErrors).toMatchObject([{ code: "CONFLICT", path: ["input", "jwks"] }]);
  expect((await act("revokeOAuthClient", { id: oauthClients[0].id }, "id")).id).toBe(oauthClients[0].id);
  expect((await ask("{ oauthClients { id } }")).oauthClients).toEqual([]);
});

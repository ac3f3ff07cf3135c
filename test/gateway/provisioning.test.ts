import { createScimToken } from "../../services/domain/identity";
import { parseId, publicId, type ConnectionId } from "../../services/kernel/ids";
import { coreGroup, coreUser } from "../../services/scim/urns";
import { asOwner, openScim, patchOp, ScimClient, type ScimServer } from "../scim/support/door";
import { buildOrg, testClock, type TestOrg } from "../support/world";
import { GraphqlDoor, tokenOf } from "./support/door";

let door: GraphqlDoor;
let scim: ScimServer;
const clock = testClock("2026-06-01T08:00:00.000Z");

beforeAll(async () => {
  scim = await openScim({ clock });
  door = await GraphqlDoor.open({ db: scim.db, budget: { points: 1e9, restorePerSecond: 1e9 } });
});

interface Scene {
  readonly org: TestOrg;
  readonly idp: ScimClient;
  readonly token: string;
  readonly connection: string;
  ask(query: string, variables?: object): Promise<ReturnType<typeof JSON.parse>>;
}

async function scene({ seats = 20, preset = "tolerant" } = {}): Promise<Scene> {
  const org = await buildOrg(scim.db, { seats, plan: "enterprise" });
  const made = await org.run((tx) => createScimToken(tx, {}), org.operator);
  await asOwner("update identity_connection set preset = $2 where org_id = $1", [org.orgId, preset]);
  const idp = new ScimClient(scim, org, made.connectionId, made.text, { "user-agent": "Okta SCIM Client 1.0.0" });
  const token = await tokenOf(org, "ADMIN");
  return {
    ...{ org, idp, token, connection: publicId("connection", made.connectionId) },
    async ask(query, variables) {
      const { data, errors } = await door.ask(token, query, variables as Record<string, unknown>);
      expect(errors).toEqual([]);
      return data;
    },
  };
}

const userOf = ({ org }: Scene, name: string, more: object = {}): object => ({
  schemas: [coreUser],
  userName: org.email(name),
  ...more,
});

const entries = `query ($filter: ProvisioningFilter, $after: String) {
  provisioningEntries(first: 2, after: $after, filter: $filter) {
    totalCount pageInfo { hasNextPage endCursor }
    nodes { id method path status scimType detail coercions warnings changed seatEffect userAgent tokenName resourceId
            member { id } connection { id } replayOf previewId requestId durationMs }
  }
}`;

test("SCIM-195: the log is read page by page, by member, by connection and by what was refused, coercions listed", async () => {
  const here = await scene({ preset: "entra", seats: 2 });
  const { id } = (await here.idp.post("/Users", userOf(here, "ada", { active: "True" }))).body;
  await here.idp.post("/Users", userOf(here, "bob"));
  await here.idp.patch(`/Users/${id}`, patchOp({ op: "Replace", path: "title", value: "Dr" }));

  const first = (await here.ask(entries, {})).provisioningEntries;
  expect(first).toMatchObject({ totalCount: 3, pageInfo: { hasNextPage: true } });
  const rest = (await here.ask(entries, { after: first.pageInfo.endCursor })).provisioningEntries;
  const all = [...first.nodes, ...rest.nodes];
  expect(all.map((e) => [e.method, e.status, e.scimType, e.seatEffect])).toEqual([
    ["PATCH", 200, null, null],
    ["POST", 403, "seatLimitReached", null],
    ["POST", 201, null, "TAKEN"],
  ]);
  expect(all[2]).toMatchObject({
    path: "/Users",
    coercions: [{ path: "active", rule: "coerceScalars", from: "True", to: true }],
    changed: ["userName", "active"],
    userAgent: "Okta SCIM Client 1.0.0",
    tokenName: "SCIM token",
    resourceId: id,
    member: { id },
    connection: { id: here.connection },
    ...{ replayOf: null, previewId: null },
  });

  const count = async (filter: object) => (await here.ask(entries, { filter })).provisioningEntries.totalCount;
  expect(await count({ resourceId: id })).toBe(2);
  expect(await count({ failed: true })).toBe(1);
  expect(await count({ failed: false, method: ["PATCH"] })).toBe(1);
  expect(await count({ scimType: ["seatLimitReached"] })).toBe(1);
  expect(await count({ connectionId: here.connection })).toBe(3);
  expect(await count({ connectionId: (await scene()).connection })).toBe(0);
  expect(await count({ from: "2026-06-01T09:00:00Z" })).toBe(0);
});

test("SCIM-195: the request and the answer are shown without secrets", async () => {
  const here = await scene();
  await here.idp.post("/Users?attributes=userName", userOf(here, "ada", { password: "hunter2", title: "Dr" }));
  await here.idp.post("/Users", userOf(here, "ada"));
  const [refused, made] = (await here.ask(entries, {})).provisioningEntries.nodes;
  const show = (entryId: string) =>
    here.ask(`query ($entryId: ID!) { provisioningExchange(entryId: $entryId) { request answer notReplayable } }`, {
      entryId,
    });

  const asked = (await show(made.id)).provisioningExchange;
  expect(asked.request).toEqual({
    method: "POST",
    path: "/Users",
    query: { attributes: "userName" },
    body: userOf(here, "ada", { password: "[redacted]", title: "Dr" }),
  });
  expect(asked).toMatchObject({ answer: { status: 201 }, notReplayable: null });
  expect(JSON.stringify(asked)).not.toContain(here.idp.token);
  expect((await show(refused.id)).provisioningExchange.answer).toEqual({
    status: 409,
    body: { status: "409", scimType: "uniqueness", detail: refused.detail },
  });
});

const replay = `mutation ($input: ReplayProvisioningEntryInput!) {
  replayProvisioningEntry(input: $input) {
    status answer entry { id status replayOf tokenName seatEffect resourceId } userErrors { code path facts }
  }
}`;

test("SCIM-196: a request that was refused is done again once its cause is mended, as a new entry linked to the old", async () => {
  const here = await scene({ seats: 2 });
  await here.idp.post("/Users", userOf(here, "ada"));
  await here.idp.post("/Users", userOf(here, "bob", { title: "Dr" }));
  const [refused] = (await here.ask(entries, { filter: { failed: true } })).provisioningEntries.nodes;
  const again = async (more: object = {}) =>
    (await here.ask(replay, { input: { entryId: refused.id, ...more } })).replayProvisioningEntry;

  const still = await again();
  expect(still).toMatchObject({ status: 403, userErrors: [], answer: { scimType: "seatLimitReached", status: "403" } });
  expect(still.entry).toMatchObject({ status: 403, replayOf: refused.id });
  const { nodes } = (await here.ask("{ subscriptions(first: 1) { nodes { id } } }")).subscriptions;
  await here.ask(
    `mutation ($id: ID!) { changeSubscriptionQuantity(input: { subscriptionId: $id, quantity: 5 }) { userErrors { code } } }`,
    { id: nodes[0].id },
  );

  const tried = await again({ dryRun: true });
  expect(tried).toMatchObject({ status: 201, entry: null, answer: { title: "Dr" } });
  expect((await here.idp.find(`userName eq "${here.org.email("bob")}"`)).totalResults).toBe(0);

  const done = await again();
  expect(done).toMatchObject({ status: 201, userErrors: [], answer: { userName: here.org.email("bob"), title: "Dr" } });
  expect(done.entry).toMatchObject({
    status: 201,
    replayOf: refused.id,
    seatEffect: "TAKEN",
    resourceId: done.answer.id,
  });
  expect(done.entry.tokenName).toMatch(/^replay by tok_/);
  const found = await here.idp.find(`userName eq "${here.org.email("bob")}"`);
  expect(found.Resources[0]).toMatchObject({ id: done.answer.id, active: true });
  const linked = (await here.ask(entries, { filter: { replayOf: refused.id } })).provisioningEntries;
  expect(linked.totalCount).toBe(2);

  const twice = await again();
  expect(twice).toMatchObject({ status: 409, answer: { scimType: "uniqueness" } });
});

test("SCIM-196: five replays of one request at once make one user; a refused one takes nothing with it", async () => {
  const here = await scene();
  await here.idp.post("/Users", userOf(here, "ada"));
  const { id: other } = (await here.idp.post("/Users", userOf(here, "carl"))).body;
  const [, first] = (await here.ask(entries, {})).provisioningEntries.nodes;
  await here.idp.delete(`/Users/${other}`);
  const { id: ada } = (await here.idp.find(`userName eq "${here.org.email("ada")}"`)).Resources[0];
  await here.idp.delete(`/Users/${ada}`);

  const answers = await Promise.all(
    Array.from({ length: 5 }, () => here.ask(replay, { input: { entryId: first.id } })),
  );
  expect(answers.map((a) => a.replayProvisioningEntry.status).sort()).toEqual([201, 409, 409, 409, 409]);
  const used = await here.ask("{ seatSummary { used } }");
  expect(used.seatSummary.used).toBe(2);
});

test("SCIM-196: what wrote nothing, was unreadable or belongs to a connection that is off is not done again", async () => {
  const here = await scene();
  await here.idp.get("/Users/nobody");
  await here.idp.send({ method: "POST", path: "/Users", raw: "{", headers: { "content-type": "application/json" } });
  const { nodes } = (await here.ask(entries, {})).provisioningEntries;
  for (const { id } of nodes) {
    const refused = (await here.ask(replay, { input: { entryId: id } })).replayProvisioningEntry;
    expect(refused).toMatchObject({
      status: null,
      entry: null,
      userErrors: [{ code: "CONFLICT", path: ["input", "entryId"] }],
    });
  }
  await here.idp.post("/Users", userOf(here, "ada"));
  const [made] = (await here.ask(entries, {})).provisioningEntries.nodes;
  await asOwner("update identity_connection set scim_state = 'PAUSED' where org_id = $1", [here.org.orgId]);
  expect((await here.ask(replay, { input: { entryId: made.id } })).replayProvisioningEntry.userErrors).toMatchObject([
    { code: "CONNECTION_INACTIVE" },
  ]);
});

test("SCIM-195, SCIM-196, SCIM-013: another organization's entry is not found, and members may not read the log", async () => {
  const [ours, theirs] = [await scene(), await scene()];
  await theirs.idp.post("/Users", userOf(theirs, "ada"));
  const [entry] = (await theirs.ask(entries, {})).provisioningEntries.nodes;

  const foreign = (await ours.ask(replay, { input: { entryId: entry.id } })).replayProvisioningEntry;
  expect(foreign.userErrors).toMatchObject([{ code: "NOT_FOUND", path: ["input", "entryId"] }]);
  const shown = await door.ask(ours.token, `{ provisioningExchange(entryId: "${entry.id}") { request } }`);
  expect(shown.errors.map((e) => e.extensions.code)).toEqual(["NOT_FOUND"]);
  const member = await tokenOf(ours.org, "MEMBER");
  for (const query of [
    "{ provisioningEntries(first: 1) { nodes { id } } }",
    `{ provisioningHealth(connectionId: "${ours.connection}") { verdict } }`,
    `{ provisioningDrift(connectionId: "${ours.connection}") { checkedAt } }`,
    `{ provisioningExchange(entryId: "${entry.id}") { request } }`,
    `{ scimDialect(connectionId: "${ours.connection}") { preset } }`,
    `{ scimPreview(connectionId: "${ours.connection}") { state } }`,
  ]) {
    expect((await door.ask(member, query)).errors.map((e) => e.extensions.code)).toEqual(["FORBIDDEN"]);
  }
});

const health = `query ($id: ID!, $days: Int) { provisioningHealth(connectionId: $id, days: $days) {
  verdict scimState requests failures errorRate lastRequestAt lastSuccessAt lastFailureAt medianMs p95Ms
  errors { status scimType method count detail entryId } clients { userAgent product requests } } }`;

test("SCIM-199, SCIM-202: health tells the last request, the share of errors, each error with its count, the client and the times", async () => {
  const here = await scene({ seats: 2 });
  const of = async (days?: number) => (await here.ask(health, { id: here.connection, days })).provisioningHealth;
  expect(await of()).toMatchObject({ verdict: "SILENT", requests: 0, errorRate: null, p95Ms: null });

  await here.idp.post("/Users", userOf(here, "ada"));
  await here.idp.post("/Users", userOf(here, "bob"));
  await here.idp.post("/Users", userOf(here, "carl"));
  await here.idp.get("/Users?filter=foo%20eq%201");

  const now = await of();
  expect(now).toMatchObject({
    ...{ verdict: "FAILING", scimState: "ON", requests: 4, failures: 3, errorRate: "0.7500" },
    lastSuccessAt: "2026-06-01T08:00:00.000Z",
    errors: [
      { status: 403, scimType: "seatLimitReached", method: "POST", count: 2 },
      { status: 400, scimType: "invalidFilter", method: "GET", count: 1 },
    ],
    clients: [{ userAgent: "Okta SCIM Client 1.0.0", product: "Okta", requests: 4 }],
  });
  expect(now.errors[0].detail).toContain("2 of 2");
  expect(now.p95Ms).toBeGreaterThanOrEqual(now.medianMs);
  const bad = await door.ask(here.token, health, { id: here.connection, days: 181 });
  expect(bad.errors[0]?.extensions).toMatchObject({ code: "BAD_USER_INPUT", facts: { field: "days" } });
});

test("SCIM-199: trying a connection does what Okta, Entra and JumpCloud do, and leaves nothing", async () => {
  const here = await scene({ preset: "entra" });
  const trial = async (client: string) => {
    const mutation = `mutation ($input: TryScimConnectionInput!) { tryScimConnection(input: $input) {
      passed steps { name method path status passed detail } userErrors { code } } }`;
    return (await here.ask(mutation, { input: { connectionId: here.connection, client } })).tryScimConnection;
  };
  const counts = async () =>
    asOwner(
      `select (select count(*)::int from member where org_id = $1) as members,
         (select count(*)::int from member_group where org_id = $1) as groups,
         (select used from subscription where org_id = $1) as used,
         (select count(*)::int from provisioning_entry where org_id = $1) as entries,
         (select count(*)::int from outgoing_mail where org_id = $1) as mails,
         (select count(*)::int from domain_event where org_id = $1) as events`,
      [here.org.orgId],
    );
  const before = await counts();

  for (const client of ["OKTA", "ENTRA", "JUMPCLOUD"]) {
    const { passed, steps } = await trial(client);
    expect(steps.filter((step: { passed: boolean }) => !step.passed)).toEqual([]);
    expect([client, passed]).toEqual([client, true]);
  }
  expect(await counts()).toEqual(before);
  const strict = await scene({ preset: "strict" });
  const answer = await door.ask(
    strict.token,
    `mutation { tryScimConnection(input: { connectionId: "${strict.connection}", client: ENTRA }) { passed steps { name status passed detail } } }`,
  );
  const { passed, steps } = answer.data.tryScimConnection;
  expect(passed).toBe(false);
  expect(steps.at(-1)).toMatchObject({ name: "create a user", status: 400, passed: false });
});

test("SCIM-199: with every seat taken the trial says so in the step that needs one", async () => {
  const here = await scene({ seats: 1 });
  const answer = await here.ask(
    `mutation { tryScimConnection(input: { connectionId: "${here.connection}", client: JUMPCLOUD }) { passed steps { name status detail } } }`,
  );
  expect(answer.tryScimConnection).toMatchObject({ passed: false, steps: [{ name: "create a user", status: 403 }] });
  expect(answer.tryScimConnection.steps[0].detail).toContain("1 of 1");
});

test("SCIM-198: drift names who was never written, not lately, changed here, and groups with strangers", async () => {
  const here = await scene();
  const drift = async (more = "") =>
    (
      await here.ask(`{ provisioningDrift(connectionId: "${here.connection}"${more}) {
        unseenBefore unknown { total members { memberId } } unseen { total members { memberId lastSeenAt } }
        changedHere { total members { memberId } } groups { total groups { displayName members knownMembers } } } }`)
    ).provisioningDrift;
  const stranger = await here.org.add("stranger");
  const ids: string[] = [];
  for (const name of ["ada", "bob", "carl"]) ids.push((await here.idp.post("/Users", userOf(here, name))).body.id);
  const [ada, bob, carl] = ids as [string, string, string];
  const group = (displayName: string, members: readonly string[]) =>
    here.idp.post("/Groups", { schemas: [coreGroup], displayName, members: members.map((value) => ({ value })) });
  await group("Clean", [ada, bob]);
  await group("Mixed", [ada, publicId("member", stranger.id)]);

  expect(await drift()).toMatchObject({
    unknown: {
      total: 2,
      members: [{ memberId: publicId("member", here.org.ownerId) }, { memberId: publicId("member", stranger.id) }],
    },
    ...{ unseen: { total: 0 }, changedHere: { total: 0 } },
    groups: { total: 1, groups: [{ displayName: "Mixed", members: 2, knownMembers: 1 }] },
  });

  clock.advanceMs(3 * 3_600_000);
  await here.idp.patch(`/Users/${bob}`, patchOp({ op: "replace", path: "title", value: "Dr" }));
  await asOwner(
    "update member set title = 'Sir', updated_at = $3, version = version + 1 where org_id = $1 and id = $2",
    [here.org.orgId, parseId("member", carl), clock.now()],
  );
  const later = await drift(", cycles: 2, cycleMinutes: 60");
  expect(later.unseenBefore).toBe("2026-06-01T09:00:00.000Z");
  expect(later.unseen.members.map((m: { memberId: string }) => m.memberId).sort()).toEqual([ada, carl].sort());
  expect(later.changedHere).toMatchObject({ total: 1, members: [{ memberId: carl }] });
  expect((await drift(", cycles: 4, cycleMinutes: 60")).unseen.total).toBe(0);
  const bad = await door.ask(
    here.token,
    `{ provisioningDrift(connectionId: "${here.connection}", cycles: 0) { checkedAt } }`,
  );
  expect(bad.errors[0]?.extensions).toMatchObject({ code: "BAD_USER_INPUT", facts: { field: "cycles" } });
});

test("SCIM-197, SCIM-198, SCIM-199, SCIM-002: what is told of a connection is not found for another organization's", async () => {
  const [ours, theirs] = [await scene(), await scene()];
  const unknown = publicId("connection", "0198c0de-0000-7000-8000-000000000000" as ConnectionId);
  for (const id of [theirs.connection, unknown]) {
    const asked = [
      `{ provisioningHealth(connectionId: "${id}") { verdict } }`,
      `{ provisioningDrift(connectionId: "${id}") { checkedAt } }`,
      `{ scimDialect(connectionId: "${id}") { preset } }`,
      `{ scimPreview(connectionId: "${id}") { state } }`,
    ];
    for (const query of asked) {
      expect((await door.ask(ours.token, query)).errors.map((e) => e.extensions.code)).toEqual(["NOT_FOUND"]);
    }
  }
});

test("SCIM-002: an administrator changes the dialect at run time; the next request is read by the new one", async () => {
  const here = await scene();
  const set = async (input: object) => {
    const mutation = `mutation ($input: SetScimDialectInput!) { setScimDialect(input: $input) {
      dialect { preset switches effective } userErrors { code path } } }`;
    return (await here.ask(mutation, { input: { connectionId: here.connection, ...input } })).setScimDialect;
  };
  const post = async (name: string) => (await here.idp.post("/Users", userOf(here, name, { active: "False" }))).status;

  expect(await set({ preset: "STRICT" })).toMatchObject({
    dialect: { preset: "STRICT", switches: {} },
    userErrors: [],
  });
  expect(await post("ada")).toBe(400);
  const entra = await set({ preset: "ENTRA", switches: { patchResponse: "204" } });
  expect(entra.dialect).toMatchObject({ switches: { patchResponse: "204" }, effective: { oneValuePerType: true } });
  expect(await post("ada")).toBe(201);
  const { id } = (await here.idp.find(`userName eq "${here.org.email("ada")}"`)).Resources[0];
  expect((await here.idp.patch(`/Users/${id}`, patchOp({ op: "replace", path: "title", value: "Dr" }))).status).toBe(
    204,
  );
  const shown = await here.ask(`{ scimDialect(connectionId: "${here.connection}") { preset switches } }`);
  expect(shown.scimDialect).toEqual({ preset: "ENTRA", switches: { patchResponse: "204" } });

  for (const [switches, field] of [
    [{ patchResponse: "418" }, "switches.patchResponse"],
    [{ noSuchSwitch: true }, "switches.noSuchSwitch"],
    [["strict"], "switches"],
  ] as const) {
    const refused = await set({ switches });
    expect(refused).toMatchObject({
      dialect: null,
      userErrors: [{ code: "INVALID", path: ["input", ...field.split(".")] }],
    });
  }
  const theirs = await scene();
  expect(await set({ connectionId: theirs.connection, preset: "OKTA" })).toMatchObject({
    userErrors: [{ code: "NOT_FOUND" }],
  });
});

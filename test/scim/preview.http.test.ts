import { expirePreviews, finishPreviews } from "../../services/domain/provisioning";
import { copiedTables, uncopiedTables } from "../../services/domain/provisioning/shadow-tables";
import { publicId, parseId, type PreviewId } from "../../services/kernel/ids";
import { createScimToken } from "../../services/domain/identity";
import { coreGroup, coreUser } from "../../services/scim/urns";
import { agendaWork, type AgendaTools } from "../../services/worker/agenda-work";
import { GraphqlDoor, tokenOf } from "../gateway/support/door";
import { tablesOfTenants } from "../support/tenancy-wall";
import { buildOrg, type TestOrg } from "../support/world";
import { asOwner, openScim, patchOp, ScimClient, type ScimServer } from "./support/door";
import { seedMembers } from "./support/seed";

let scim: ScimServer;
let door: GraphqlDoor;

beforeAll(async () => {
  scim = await openScim();
  door = await GraphqlDoor.open({ db: scim.db, budget: { points: 1e9, restorePerSecond: 1e9 } });
});

interface Scene {
  readonly org: TestOrg;
  readonly idp: ScimClient;
  readonly connection: string;
  readonly token: string;
}

async function scene(seats = 10): Promise<Scene> {
  const org = await buildOrg(scim.db, { seats, plan: "enterprise" });
  const made = await org.run((tx) => createScimToken(tx, {}), org.operator);
  const idp = new ScimClient(scim, org, made.connectionId, made.text);
  return { org, idp, connection: publicId("connection", made.connectionId), token: await tokenOf(org, "ADMIN") };
}

/** Asks for one mutation, and answers its payload. */
async function act({ token }: Scene, name: string, input: object, fields = ""): Promise<Record<string, unknown>> {
  const type = `${name[0]!.toUpperCase()}${name.slice(1)}Input`;
  const document = `mutation ($input: ${type}!) { ${name}(input: $input) { ${fields} userErrors { code path } } }`;
  const { data, errors } = await door.ask(token, document, { input });
  expect(errors).toEqual([]);
  return data[name];
}

async function start(here: Scene): Promise<string> {
  const made = await act(here, "startScimPreview", { connectionId: here.connection }, "previewId copiedMembers");
  expect(made).toMatchObject({ userErrors: [] });
  return made["previewId"] as string;
}

async function plan({ token, connection }: Scene): Promise<Record<string, unknown>> {
  const { data, errors } = await door.ask(
    token,
    `query ($id: ID!) { scimPreview(connectionId: $id) {
      id state copiedMembers requests applied refusedLater creates updates deactivations reactivations removals
      seatsNeeded seatsAvailable seatsShort
      members { kind userName changed roleBefore roleAfter planBefore planAfter waits }
      groups { kind displayName added removed } refusals { status scimType count } } }`,
    { id: connection },
  );
  expect(errors).toEqual([]);
  return data.scimPreview;
}

const user = ({ org }: Scene, name: string, more: object = {}): object => ({
  schemas: [coreUser],
  userName: org.email(name),
  ...more,
});

/** Everything of a tenant that a request of SCIM writes, as one text. */
async function fingerprint(orgId: string): Promise<string> {
  const tables = ["member", "member_value", "member_group", "group_member", "licence_assignment", "subscription"];
  const sums = [...tables, "provisioning_link", "domain_event", "seat_wait", "invitation"].map(
    (table) =>
      `(select md5(coalesce(string_agg(t::text, '|' order by t::text), '')) from ${table} t where org_id = $1)`,
  );
  const [row] = await asOwner(`select concat_ws(',', ${sums.join(",")}) as sum`, [orgId]);
  return String(row?.["sum"]);
}

const copyOf = (previewId: string): PreviewId => parseId("preview", previewId);

/** How many rows of a table name an organization. */
async function rowsOf(table: string, orgId: string): Promise<number> {
  const [row] = await asOwner(`select count(*)::int as rows from ${table} where org_id = $1`, [orgId]);
  return row?.["rows"] as number;
}

test("SCIM-197: in preview writes meet a copy that later reads see; the organization stays as it is until the plan is applied", async () => {
  const here = await scene(4);
  const { idp, org } = here;
  const { id: ada } = (await idp.post("/Users", user(here, "ada", { title: "Analyst" }))).body;
  const { id: bob } = (await idp.post("/Users", user(here, "bob"))).body;
  const { id: old } = (
    await idp.post("/Groups", { schemas: [coreGroup], displayName: "Old", members: [{ value: ada }] })
  ).body;
  const previewId = await start(here);
  const before = await fingerprint(org.orgId);

  const made = await idp.post("/Users", user(here, "carl", { externalId: "00c" }));
  const { id: carl } = made.body;
  await idp.patch(`/Users/${bob}`, patchOp({ op: "replace", path: "active", value: false }));
  await idp.patch(`/Users/${ada}`, patchOp({ op: "replace", path: "title", value: "Countess" }));
  const sales = { schemas: [coreGroup], displayName: "Sales", members: [{ value: ada }, { value: carl }] };
  const { id: group } = (await idp.post("/Groups", sales)).body;
  await idp.delete(`/Groups/${old}`);
  expect((await idp.post("/Users", user(here, "CARL"))).body).toMatchObject({
    scimType: "uniqueness",
    detail: expect.stringContaining(carl),
  });

  expect(made.status).toBe(201);
  expect((await idp.get(`/Users/${carl}`)).body).toMatchObject({
    active: true,
    externalId: "00c",
    groups: [{ value: group }],
  });
  expect((await idp.find(`userName eq "${org.email("bob")}"`)).Resources[0].active).toBe(false);
  expect((await idp.get("/Groups")).body.totalResults).toBe(1);
  expect(await fingerprint(org.orgId)).toBe(before);
  expect(await plan(here)).toEqual({
    id: previewId,
    ...{ state: "OPEN", copiedMembers: 3, requests: 5, applied: 0, refusedLater: 0 },
    ...{ creates: 1, updates: 1, deactivations: 1, reactivations: 0, removals: 0 },
    ...{ seatsNeeded: 0, seatsAvailable: 1, seatsShort: 0 },
    members: expect.arrayContaining([
      {
        ...{ kind: "CREATE", userName: org.email("carl"), changed: [], roleBefore: null, roleAfter: "MEMBER" },
        ...{ planBefore: null, planAfter: "enterprise", waits: false },
      },
      expect.objectContaining({
        kind: "DEACTIVATE",
        userName: org.email("bob"),
        planBefore: "enterprise",
        planAfter: null,
      }),
      expect.objectContaining({ kind: "UPDATE", userName: org.email("ada"), changed: ["title"] }),
    ]),
    groups: expect.arrayContaining([
      { kind: "CREATE", displayName: "Sales", added: 2, removed: 0 },
      { kind: "REMOVE", displayName: "Old", added: 0, removed: 1 },
    ]),
    refusals: [{ status: 409, scimType: "uniqueness", count: 1 }],
  });

  expect(await act(here, "applyScimPreview", { previewId }, "state")).toMatchObject({
    state: "APPLYING",
    userErrors: [],
  });
  const meanwhile = await idp.get(`/Users/${carl}`);
  expect([meanwhile.status, meanwhile.headers["retry-after"]]).toEqual([503, "30"]);
  await finishPreviews(scim.db, org.system);

  // The ids that the provider was told are the ids.
  expect((await idp.get(`/Users/${carl}`)).body).toMatchObject({
    ...{ id: carl, externalId: "00c", active: true, userName: org.email("carl") },
    groups: [{ value: group, display: "Sales" }],
  });
  expect((await idp.get(`/Users/${bob}`)).body.active).toBe(false);
  expect((await idp.get(`/Users/${ada}`)).body.title).toBe("Countess");
  expect((await idp.get(`/Groups/${old}`)).status).toBe(404);
  expect(await plan(here)).toMatchObject({ state: "APPLIED", requests: 5, applied: 5, refusedLater: 0, creates: 0 });
});

test("SCIM-197, DEC-31: the copy is nobody's: no member list, bill, agenda, event, letter or sign-in knows it, and it is erased", async () => {
  const here = await scene(10);
  const { idp, org } = here;
  await idp.post("/Users", user(here, "ada"));
  await asOwner("update organization set seat_policy = 'expand', expand_ceiling = 40 where org_id = $1", [org.orgId]);
  const count = async () => {
    const { data } = await door.ask(here.token, "{ members(first: 1) { totalCount } seatSummary { purchased used } }");
    return data as unknown;
  };
  const before = await count();
  const previewId = await start(here);
  const copy = copyOf(previewId);
  const letters = await asOwner("select count(*)::int as n from outgoing_mail", []);

  for (let i = 0; i < 12; i++) expect((await idp.post("/Users", user(here, `new${i}`))).status).toBe(201);
  const outside = {
    schemas: [coreUser],
    userName: "eve@elsewhere.example",
    emails: [{ value: "eve@elsewhere.example" }],
  };
  expect((await idp.post("/Users", outside)).status).toBe(201);
  await idp.delete(`/Users/${(await idp.find(`userName eq "${org.email("ada")}"`)).Resources[0].id}`);

  expect(await rowsOf("member", copy)).toBe(15);
  for (const table of ["agenda", "domain_event", "audit_entry", "event_delivery", "person_member", "directory"]) {
    expect([table, await rowsOf(table, copy)]).toEqual([table, 0]);
  }
  for (const table of ["login_session", "api_token", "scim_token"]) {
    expect([table, await rowsOf(table, copy)]).toEqual([table, 0]);
  }
  expect(await asOwner("select count(*)::int as n from outgoing_mail", [])).toEqual(letters);
  expect(await asOwner("select person_id from member where org_id = $1 and person_id is not null", [copy])).toEqual([]);
  expect(await count()).toEqual(before);
  const jobs = await asOwner(
    "select count(*)::int as n from graphile_worker._private_jobs where payload::text like $1",
    [`%${copy}%`],
  );
  expect(jobs).toEqual([{ n: 0 }]);

  expect(await act(here, "discardScimPreview", { previewId }, "state")).toMatchObject({ state: "DISCARDED" });
  await finishPreviews(scim.db, org.system);
  for (const table of tablesOfTenants) expect([table, await rowsOf(table, copy)]).toEqual([table, 0]);
  expect(await count()).toEqual(before);
  expect((await idp.get("/Users")).body.totalResults).toBe(2);
});

test("SCIM-197: a plan that is short of seats says so, and what is refused when it is applied is told", async () => {
  const here = await scene(3);
  await here.org.add("ada");
  const previewId = await start(here);
  expect((await here.idp.post("/Users", user(here, "bob"))).status).toBe(201);
  expect((await here.idp.post("/Users", user(here, "carl"))).body.scimType).toBe("seatLimitReached");
  // Somebody takes the last seat here while the provider rehearses.
  await here.org.add("dora");

  expect(await plan(here)).toMatchObject({
    ...{ creates: 1, seatsNeeded: 1, seatsAvailable: 0, seatsShort: 1 },
    refusals: [{ status: 403, scimType: "seatLimitReached", count: 1 }],
  });
  await act(here, "applyScimPreview", { previewId });
  await finishPreviews(scim.db, here.org.system);
  expect(await plan(here)).toMatchObject({ state: "APPLIED", requests: 1, applied: 1, refusedLater: 1 });
  expect((await here.idp.find(`userName eq "${here.org.email("bob")}"`)).totalResults).toBe(0);
  const log = await asOwner(
    "select status, scim_type, token_name from provisioning_entry where org_id = $1 and replay_of is not null",
    [here.org.orgId],
  );
  expect(log).toEqual([{ status: 403, scim_type: "seatLimitReached", token_name: "replay by system" }]);
});

test("SCIM-197: two workers that apply one preview at once do every request once, and a lost one is taken over", async () => {
  const here = await scene(30);
  const previewId = await start(here);
  for (let i = 0; i < 12; i++) await here.idp.post("/Users", user(here, `new${i}`));
  await act(here, "applyScimPreview", { previewId });

  await Promise.all([1, 2, 3].map(() => finishPreviews(scim.db, here.org.system)));

  expect(await plan(here)).toMatchObject({ state: "APPLIED", requests: 12, applied: 12, refusedLater: 0 });
  expect((await here.idp.get("/Users?count=0")).body.totalResults).toBe(13);
  expect(await rowsOf("organization", copyOf(previewId))).toBe(0);
});

test("SCIM-197: one preview at a time, of connections of one's own, and only an open one is applied or discarded", async () => {
  const [here, other] = [await scene(), await scene()];
  const previewId = await start(here);
  const again = await act(here, "startScimPreview", { connectionId: here.connection });
  expect(again).toMatchObject({ userErrors: [{ code: "CONFLICT" }] });
  const foreign = await act(other, "startScimPreview", { connectionId: here.connection });
  expect(foreign).toMatchObject({ userErrors: [{ code: "NOT_FOUND" }] });
  for (const name of ["applyScimPreview", "discardScimPreview"]) {
    expect(await act(other, name, { previewId })).toMatchObject({ userErrors: [{ code: "NOT_FOUND" }] });
  }
  await act(here, "discardScimPreview", { previewId });
  for (const name of ["applyScimPreview", "discardScimPreview"]) {
    expect(await act(here, name, { previewId })).toMatchObject({ userErrors: [{ code: "CONFLICT" }] });
  }
  expect((await here.idp.post("/Users", user(here, "ada"))).status).toBe(201);
  const second = await start(here);
  expect(second).not.toBe(previewId);
});

test("SCIM-197: the worker applies a preview that its agenda names, and answers that nothing is left to do", async () => {
  const here = await scene();
  const previewId = await start(here);
  const { id } = (await here.idp.post("/Users", user(here, "ada"))).body;
  await act(here, "applyScimPreview", { previewId });
  const due = await asOwner("select kind from agenda where org_id = $1 and due_at <= now() and kind = 'END_PREVIEWS'", [
    here.org.orgId,
  ]);
  expect(due).toHaveLength(1);

  const settled: (Date | null)[] = [];
  const settle = (_tx: unknown, at: Date | null) => Promise.resolve(void settled.push(at));
  await agendaWork.END_PREVIEWS!(scim.db, here.org.system, settle, {} as AgendaTools);

  expect(settled).toEqual([null]);
  expect((await here.idp.get(`/Users/${id}`)).status).toBe(200);
  expect(await rowsOf("organization", copyOf(previewId))).toBe(0);
});

test("SCIM-197: a preview that was forgotten for a month, or whose connection is gone, ends and its copy is erased", async () => {
  const scenes = [await scene(), await scene(), await scene()] as const;
  const [forgotten, orphan, fresh] = scenes;
  const ids = [await start(forgotten), await start(orphan), await start(fresh)];
  await asOwner("update provisioning_preview set created_at = created_at - interval '31 days' where org_id = $1", [
    forgotten.org.orgId,
  ]);
  await asOwner("update identity_connection set deleted_at = now() where org_id = $1", [orphan.org.orgId]);

  const ended = [];
  for (const { org } of scenes) {
    ended.push(await org.run((tx) => expirePreviews(tx, {}), org.system));
    await finishPreviews(scim.db, org.system);
  }

  expect(ended).toEqual([1, 1, 0]);
  expect(await Promise.all(ids.map((id) => rowsOf("member", copyOf(id))))).toEqual([0, 0, 1]);
  expect((await plan(forgotten))["state"]).toBe("DISCARDED");
  expect((await forgotten.idp.post("/Users", user(forgotten, "ada"))).status).toBe(201);
  expect(await rowsOf("member", forgotten.org.orgId)).toBe(2);
});

test("SCIM-197: 20,000 members are copied, one more is not", async () => {
  const here = await scene();
  await seedMembers(here.org.orgId, 20_000);
  const begin = () => act(here, "startScimPreview", { connectionId: here.connection }, "previewId copiedMembers");
  expect(await begin()).toMatchObject({ previewId: null, userErrors: [{ code: "TOO_LARGE" }] });
  expect((await here.idp.get("/Users?count=0")).body.totalResults).toBe(20_001);

  const [last] = (await here.idp.get("/Users?startIndex=20001&count=1")).body.Resources;
  expect((await here.idp.delete(`/Users/${last.id}`)).status).toBe(204);
  expect(await begin()).toMatchObject({ copiedMembers: 20_000, userErrors: [] });
  expect((await here.idp.get("/Users?count=0")).body.totalResults).toBe(20_000);
});

test("SCIM-197: every table of tenants is copied into a preview, or stands in the list of those that are not", () => {
  const listed = [...copiedTables.map(({ name }) => name), ...uncopiedTables];
  expect(listed.sort()).toEqual([...tablesOfTenants].sort());
});

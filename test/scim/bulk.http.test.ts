import { coreGroup, coreUser, enterpriseUser, messages } from "../../services/scim/urns";
import { limits } from "../../services/scim/limits";
import {
  asOwner,
  openScim,
  patchOp,
  scimClient,
  type ClientOptions,
  type Reply,
  type ScimClient,
  type ScimServer,
} from "./support/door";

let server: ScimServer;
beforeAll(async () => {
  server = await openScim();
});

const client = async (options: ClientOptions = {}): Promise<ScimClient> => {
  const idp = await scimClient(server, { seats: 2_000, ...options });
  await asOwner(`update identity_connection set options = '{"scimRequestsPerSecond": 100000}' where org_id = $1`, [
    idp.org.orgId,
  ]);
  return idp;
};
const bulk = (idp: ScimClient, Operations: readonly object[], more: object = {}): Promise<Reply> =>
  idp.post("/Bulk", { schemas: [messages.bulkRequest], Operations, ...more });
const user = (idp: ScimClient, name: string, more: object = {}) => ({
  method: "POST",
  path: "/Users",
  bulkId: name,
  data: { schemas: [coreUser], userName: idp.org.email(name), ...more },
});
const group = (name: string, members: string[]) => ({
  method: "POST",
  path: "/Groups",
  bulkId: name,
  data: { schemas: [coreGroup], displayName: name, members: members.map((value) => ({ value })) },
});
interface Entry {
  readonly method: string;
  readonly bulkId?: string;
  readonly location?: string;
  readonly version?: string;
  readonly status: string;
  readonly response?: { readonly status: string; readonly scimType?: string; readonly detail: string };
}
const entries = ({ body }: Reply): readonly Entry[] => body.Operations as readonly Entry[];
const statuses = (reply: Reply): string[] => entries(reply).map((e) => e.status);
const idOf = (entry: Entry | undefined): string => entry?.location?.split("/").at(-1) ?? "";

test("SCIM-176: POST, PUT, PATCH and DELETE in one request, answered in their order", async () => {
  const idp = await client();
  const [ada, bob] = [
    (await idp.post("/Users", user(idp, "ada").data)).body,
    (await idp.post("/Users", user(idp, "bob").data)).body,
  ];
  const reply = await bulk(idp, [
    user(idp, "alice"),
    {
      method: "put",
      path: `/Users/${ada.id}`,
      version: 'W/"1"',
      data: { schemas: [coreUser], userName: ada.userName, title: "Dr" },
    },
    { method: "PATCH", path: `/Users/${bob.id}`, data: patchOp({ op: "add", path: "title", value: "Prof" }) },
    { method: "DELETE", path: `/Users/${ada.id}` },
  ]);

  expect(reply.status).toBe(200);
  expect(reply.body).toEqual({
    schemas: [messages.bulkResponse],
    Operations: [
      {
        method: "POST",
        bulkId: "alice",
        location: expect.stringContaining(`${idp.baseUrl}/Users/mem_`),
        version: 'W/"1"',
        status: "201",
      },
      { method: "PUT", location: `${idp.baseUrl}/Users/${ada.id}`, version: 'W/"2"', status: "200" },
      { method: "PATCH", location: `${idp.baseUrl}/Users/${bob.id}`, version: 'W/"2"', status: "200" },
      { method: "DELETE", location: `${idp.baseUrl}/Users/${ada.id}`, status: "204" },
    ],
  });
  expect((await idp.get(`/Users/${ada.id}`)).status).toBe(404);
  expect((await idp.get(`/Users/${bob.id}`)).body.title).toBe("Prof");
});

test("SCIM-176: what is wrong with one entry is said there, the others are done", async () => {
  const idp = await client();
  const reply = await bulk(idp, [
    { method: "GET", path: "/Users" },
    { method: "POST", path: "/Bulk", bulkId: "x1", data: {} },
    { method: "POST", path: "/Me", bulkId: "x2", data: {} },
    { method: "POST", path: "/Users", data: { schemas: [coreUser], userName: "x" } },
    { method: "DELETE", path: "/Users" },
    { method: "PUT", path: "/Users/mem_1/x", data: {} },
    { method: "POST", path: "/Users", bulkId: "x3" },
    { method: "DELETE", path: "/Users/mem_01h455vb4pex5vsknk084sn02q" },
    { method: "POST", path: "/Users", bulkId: "x4", data: { schemas: [coreUser] } },
    user(idp, "ada"),
    user(idp, "ADA"),
  ]);

  expect(statuses(reply)).toEqual(["400", "400", "400", "400", "400", "400", "400", "404", "400", "201", "409"]);
  const failed = entries(reply).filter((e) => e.status !== "201");
  for (const entry of failed) {
    expect(entry.response).toMatchObject({
      schemas: [messages.error],
      status: entry.status,
      detail: expect.stringMatching(/\(request .+\)$/),
    });
  }
  expect(
    entries(reply)
      .filter((e) => e.method === "POST" && e.status !== "201")
      .map((e) => e.location),
  ).toEqual(Array(6).fill(undefined));
  expect(entries(reply)[9]?.response).toBeUndefined();
});

test("SCIM-177: references forwards and backwards, in members, as manager and in the path", async () => {
  const idp = await client();
  const reply = await bulk(idp, [
    group("Tour Guides", ["bulkId:ada", "bulkId:bob"]),
    user(idp, "ada", { [enterpriseUser]: { manager: { value: "bulkId:boss" } } }),
    user(idp, "bob"),
    user(idp, "boss"),
    {
      method: "PATCH",
      path: "/Groups/bulkId:Tour Guides",
      data: patchOp({ op: "add", path: "members", value: [{ value: "bulkId:boss" }] }),
    },
    {
      method: "PATCH",
      path: "/Users/bulkId:bob",
      data: { Operations: [{ op: "replace", path: `${enterpriseUser}:manager`, value: "bulkId:boss" }] },
    },
  ]);

  expect(statuses(reply)).toEqual(["201", "201", "201", "201", "204", "200"]);
  const [guides, ada, bob, boss] = entries(reply).map(idOf);
  const { body } = await idp.get(`/Groups/${guides ?? ""}`);
  expect(body.members.map((m: { value: string }) => m.value).sort()).toEqual([ada, bob, boss].sort());
  expect((await idp.get(`/Users/${ada ?? ""}`)).body[enterpriseUser].manager.value).toBe(boss);
  expect((await idp.get(`/Users/${bob ?? ""}`)).body[enterpriseUser].manager.value).toBe(boss);
});

test("SCIM-177: the circle of RFC 7644 §3.7.1: two groups that contain each other", async () => {
  const idp = await client();
  const reply = await bulk(idp, [
    {
      method: "POST",
      path: "/Groups",
      bulkId: "qwerty",
      data: { schemas: [coreGroup], displayName: "Group A", members: [{ type: "Group", value: "bulkId:ytrewq" }] },
    },
    {
      method: "POST",
      path: "/Groups",
      bulkId: "ytrewq",
      data: { schemas: [coreGroup], displayName: "Group B", members: [{ type: "Group", value: "bulkId:qwerty" }] },
    },
  ]);

  expect(statuses(reply)).toEqual(["201", "201"]);
  const [a = "", b = ""] = entries(reply).map(idOf);
  expect((await idp.get(`/Groups/${a}`)).body.members.map((m: { value: string }) => m.value)).toEqual([b]);
  const second = (await idp.get(`/Groups/${b}`)).body;
  expect(second.members.map((m: { value: string }) => m.value)).toEqual([a]);
  expect(entries(reply)[1]?.version).toBe(second.meta.version);
});

test("SCIM-177: a circle of three with managers, and a group that contains itself", async () => {
  const idp = await client();
  const managed = (name: string, by: string) =>
    user(idp, name, { [enterpriseUser]: { manager: { value: `bulkId:${by}` } } });
  const reply = await bulk(idp, [
    managed("a", "b"),
    managed("b", "c"),
    managed("c", "a"),
    group("Self", ["bulkId:Self"]),
  ]);

  expect(statuses(reply)).toEqual(["201", "201", "201", "201"]);
  const [a = "", b = "", c = "", self = ""] = entries(reply).map(idOf);
  for (const [id, manager] of [
    [a, b],
    [b, c],
    [c, a],
  ] as const) {
    expect((await idp.get(`/Users/${id}`)).body[enterpriseUser].manager.value).toBe(manager);
  }
  expect((await idp.get(`/Groups/${self}`)).body.members.map((m: { value: string }) => m.value)).toEqual([self]);
});

test("SCIM-177: a reference to nobody is 400, to one that failed 409; a bulkId twice refuses the whole", async () => {
  const idp = await client();
  const reply = await bulk(idp, [
    group("G1", ["bulkId:nobody"]),
    user(idp, "bad", { active: 5 }),
    group("G2", ["bulkId:bad"]),
    { method: "DELETE", path: "/Users/bulkId:nobody" },
  ]);
  expect(entries(reply).map((e) => [e.status, e.response?.scimType])).toEqual([
    ["400", "invalidValue"],
    ["400", "invalidValue"],
    ["409", undefined],
    ["400", "invalidValue"],
  ]);

  const twice = await bulk(idp, [user(idp, "ada"), { ...user(idp, "bob"), bulkId: "ada" }]);
  expect([twice.status, twice.body.scimType]).toEqual([400, "invalidSyntax"]);
  expect((await idp.get("/Users")).body.totalResults).toBe(1);
});

test("SCIM-177: a text that only looks like a reference is a text", async () => {
  const idp = await client();
  const reply = await bulk(idp, [user(idp, "ada", { nickName: "bulkId:x" })]);

  expect((await idp.get(`/Users/${idOf(entries(reply)[0])}`)).body.nickName).toBe("bulkId:x");
});

test("SCIM-178: failOnErrors stops after so many errors; what was not attempted is absent; nothing is rolled back", async () => {
  const idp = await client();
  const bad = (n: number) => ({ method: "DELETE", path: `/Users/mem_nobody${n}` });
  const operations = [user(idp, "a"), bad(1), user(idp, "b"), bad(2), user(idp, "c"), bad(3)];

  expect(statuses(await bulk(idp, operations, { failOnErrors: 2 }))).toEqual(["201", "404", "201", "404"]);
  expect((await idp.get("/Users")).body.totalResults).toBe(3);
  expect(statuses(await bulk(idp, [bad(1), user(idp, "d")], { failOnErrors: 1 }))).toEqual(["404"]);
  expect(statuses(await bulk(idp, operations))).toEqual(["409", "404", "409", "404", "201", "404"]);
  expect((await bulk(idp, [], { failOnErrors: 0 })).body.scimType).toBe("invalidValue");
});

test("SCIM-179: more operations or bytes than allowed: 413 with the limit, and nothing executed; version is If-Match", async () => {
  const idp = await client();
  const many = await bulk(
    idp,
    Array.from({ length: limits.bulkOperations + 1 }, (_, i) => user(idp, `u${i}`)),
  );
  expect([many.status, many.body.detail]).toEqual([413, expect.stringContaining("maxOperations is 1000")]);
  const heavy = await bulk(idp, [user(idp, "ada", { nickName: "x".repeat(limits.bulkBodyBytes) })]);
  expect([heavy.status, heavy.body.detail]).toEqual([413, expect.stringContaining(String(limits.bulkBodyBytes))]);
  expect((await idp.get("/Users")).body.totalResults).toBe(1);
  const { bulk: shown } = (await idp.get("/ServiceProviderConfig")).body;
  expect(shown).toEqual({
    supported: true,
    maxOperations: limits.bulkOperations,
    maxPayloadSize: limits.bulkBodyBytes,
  });

  const { id } = (await idp.post("/Users", user(idp, "ada").data)).body;
  const stale = await bulk(idp, [
    {
      method: "PATCH",
      path: `/Users/${id}`,
      version: 'W/"7"',
      data: { Operations: [{ op: "add", path: "title", value: "x" }] },
    },
  ]);
  expect(statuses(stale)).toEqual(["412"]);
});

test("SCIM-176: the envelope", async () => {
  const idp = await client();
  const code = async (body: object) => {
    const reply = await idp.post("/Bulk", body);
    return `${reply.status} ${String(reply.body.scimType)}`;
  };

  expect(await code({ schemas: [messages.patchOp], Operations: [] })).toBe("400 invalidSyntax");
  expect(await code({ schemas: [messages.bulkRequest] })).toBe("400 invalidSyntax");
  expect(await code({ schemas: [messages.bulkRequest], Operations: [5] })).toBe("400 invalidSyntax");
  expect((await idp.get("/Bulk")).status).toBe(405);
  expect((await bulk(idp, [])).body).toEqual({ schemas: [messages.bulkResponse], Operations: [] });
  expect((await server.send({ method: "POST", path: `${idp.base}/Bulk`, body: {} })).status).toBe(401);
});

test("SCIM-180: every entry is a line of the log and a request of the share", async () => {
  const idp = await client();
  await bulk(idp, [user(idp, "a"), user(idp, "b"), { method: "DELETE", path: "/Users/mem_x" }]);
  const rows = await asOwner(
    "select method, path, status from provisioning_entry where org_id = $1 order by status, path",
    [idp.org.orgId],
  );

  expect(rows).toEqual([
    { method: "POST", path: "/Users", status: 201 },
    { method: "POST", path: "/Users", status: 201 },
    { method: "DELETE", path: "/Users/mem_x", status: 404 },
  ]);
  await asOwner(`update identity_connection set options = '{"scimRequestsPerSecond": 1}' where org_id = $1`, [
    idp.org.orgId,
  ]);
  const greedy = await bulk(
    idp,
    Array.from({ length: 8 }, (_, i) => user(idp, `g${i}`)),
  );
  expect(new Set(statuses(greedy))).toEqual(new Set(["201", "429"]));
});

test("SCIM-183: a bulk of creates takes no more seats than there are", async () => {
  const idp = await client({ seats: 6 });
  const reply = await bulk(
    idp,
    Array.from({ length: 20 }, (_, i) => user(idp, `u${i}`)),
  );

  expect(statuses(reply).filter((s) => s === "201")).toHaveLength(5);
  expect(
    entries(reply)
      .filter((e) => e.status === "403")
      .map((e) => e.response?.scimType),
  ).toEqual(Array(15).fill("seatLimitReached"));
});

test("SCIM-178, SCIM-095: creates that share a transaction are refused one by one: the good ones are made, the bad ones undo nobody", async () => {
  const idp = await client({ seats: 80 });
  await idp.post("/Users", { schemas: [coreUser], userName: idp.org.email("taken17") });
  const names = Array.from({ length: 40 }, (_, n) => (n === 17 ? "taken17" : `p${n}`));
  const reply = await bulk(idp, [
    ...names.map((name) => user(idp, name)),
    { method: "POST", path: "/Users", bulkId: "odd", data: { schemas: [coreUser], userName: "" } },
  ]);

  expect(statuses(reply)).toEqual([...names.map((name) => (name === "taken17" ? "409" : "201")), "400"]);
  expect((await idp.get("/Users?count=0")).body.totalResults).toBe(1 + 1 + 39);
  const [log] = await asOwner(
    `select count(*)::integer as lines, count(distinct resource_id)::integer as resources,
       count(*) filter (where status = 201)::integer as made
     from provisioning_entry where org_id = $1 and path = '/Users'`,
    [idp.org.orgId],
  );
  expect(log).toEqual({ lines: 42, resources: 40, made: 40 });
  const drift = await asOwner(
    `select 1 from subscription s where s.org_id = $1 and s.used <> (select count(*) from licence_assignment l
       where l.org_id = $1 and l.subscription_id = s.id and l.ended_at is null)`,
    [idp.org.orgId],
  );
  expect(drift).toEqual([]);
});

test("SCIM-178, DB-14: three bulk requests with the same 60 people at the same moment make each of them once", async () => {
  const idp = await client({ seats: 100 });
  const people = Array.from({ length: 60 }, (_, n) => user(idp, `same${n}`));
  const replies = await Promise.all([people, people.toReversed(), people].map((entries) => bulk(idp, entries)));

  const all = replies.flatMap((reply) => statuses(reply));
  expect([all.filter((s) => s === "201").length, all.filter((s) => s === "409").length]).toEqual([60, 120]);
  expect((await idp.get("/Users?count=0")).body.totalResults).toBe(61);
}, 60_000);

import { publicId } from "../../services/kernel/ids";
import { limits } from "../../services/scim/limits";
import { coreGroup, coreUser } from "../../services/scim/urns";
import { openScim, patchOp, scimClient, type Reply, type ScimClient, type ScimServer } from "./support/door";

let server: ScimServer;
let idp: ScimClient;
beforeAll(async () => {
  server = await openScim();
  idp = await scimClient(server);
});

const errorUrn = "urn:ietf:params:scim:api:messages:2.0:Error";
function expectError(reply: Reply, status: number, scimType?: string): void {
  expect(reply.status).toBe(status);
  expect(reply.headers["content-type"]).toBe("application/scim+json");
  expect(reply.body).toEqual({
    schemas: [errorUrn],
    status: String(status),
    ...(scimType ? { scimType } : {}),
    detail: expect.stringMatching(new RegExp(`\\(request ${String(reply.headers["x-request-id"])}\\)$`)),
  });
}

test("SCIM-010: the version of the protocol is v2; other versions are told so", async () => {
  const id = publicId("connection", idp.connectionId);
  const headers = { authorization: `Bearer ${idp.token}` };

  expectError(await server.send({ path: `/scim/v1/${id}/Users`, headers }), 400, "invalidVers");
  expectError(await server.send({ path: `/scim/v3/${id}/Users`, headers }), 400, "invalidVers");
  expectError(await server.send({ path: "/scim/v2", headers }), 404);
  expectError(await server.send({ path: "/scim/v2/nonsense/Users", headers }), 404);
  expect((await server.send({ path: `/SCIM/V2/${id}/Users?count=0`, headers })).status).toBe(200);
});

test.each([
  ["PUT", "/Users", "GET, POST"],
  ["PATCH", "/Users", "GET, POST"],
  ["DELETE", "/Groups", "GET, POST"],
  ["POST", "/Users/mem_1", "GET, PUT, PATCH, DELETE"],
  ["POST", "/Groups/grp_1", "GET, PUT, PATCH, DELETE"],
  ["POST", "/Roles", "GET"],
  ["DELETE", "/Entitlements/teams", "GET"],
  ["POST", "/ServiceProviderConfig", "GET"],
  ["PUT", "/Schemas/x", "GET"],
  ["DELETE", "/ResourceTypes", "GET"],
  ["OPTIONS", "/Users", "GET, POST"],
])("SCIM-011: %s %s is 405 with Allow", async (method, path, allow) => {
  const reply = await idp.send({ method, path });

  expectError(reply, 405);
  expect(reply.headers.allow).toBe(allow);
});

test.each(["/Robots", "/Users/mem_1/emails", "/constructor", "/__proto__", "/Schemas/a/b"])(
  "SCIM-011: %s is 404 with an Error body",
  async (path) => {
    expectError(await idp.get(path), 404);
  },
);

test("SCIM-181: nobody is Me to a machine's token", async () => {
  for (const method of ["GET", "POST", "PUT", "PATCH", "DELETE"])
    expectError(await idp.send({ method, path: "/Me" }), 501);
});

test("SCIM-012: a trailing slash, other letters of the endpoint and unknown parameters make no difference", async () => {
  for (const path of ["/Users/?count=0", "/users?count=0", "/USERS//?COUNT=0&foo=bar&_=1&aadOptscim062020"]) {
    const { status, body } = await idp.get(path);
    expect([status, body.itemsPerPage]).toEqual([200, 0]);
  }
});

test.each([
  "nonsense",
  "00919288221112222",
  `mem_${"0".repeat(27)}`,
  "x".repeat(7_000),
  "%00",
  "'%20or%201=1",
  "..%2f..%2fetc",
  "%E0%A4%A",
  "mem_01h455vb4pex5vsknk084sn02q%00",
  "con_01h455vb4pex5vsknk084sn02q",
  "MEM_01H455VB4PEX5VSKNK084SN02Q",
  "%F0%9F%98%80",
  '"',
  "bulkId:x",
])("SCIM-014: the id %.40s is not found, by any method", async (id) => {
  for (const [method, body] of [
    ["GET", undefined],
    ["PUT", { schemas: [coreUser], userName: "x" }],
    ["PATCH", patchOp({ op: "add", path: "title", value: "x" })],
    ["DELETE", undefined],
  ] as const) {
    expectError(await idp.send({ method, path: `/Users/${id}`, body }), 404);
  }
  expectError(await idp.get(`/Groups/${id}`), 404);
});

describe("HTTP", () => {
  const user = (name: string) => JSON.stringify({ schemas: [coreUser], userName: idp.org.email(name) });
  const post = (raw: string | Buffer, type?: string, client = idp) =>
    client.send({ method: "POST", path: "/Users", raw, headers: type === undefined ? {} : { "content-type": type } });

  test("SCIM-020: the types of a body", async () => {
    expect((await post(user("t1"), "application/json")).status).toBe(201);
    expect((await post(user("t2"), "application/scim+json; charset=utf-8")).status).toBe(201);
    expect((await post(user("t3"))).status).toBe(201);
    expectError(await post(user("t4"), "text/plain"), 415);
    expectError(await post("{", "application/json"), 400, "invalidSyntax");
    expectError(await post("[]", "application/json"), 400, "invalidSyntax");
    expectError(await post("", "application/json"), 400, "invalidSyntax");
    const strict = await scimClient(server, { preset: "strict" });
    expectError(await post(user("t5"), undefined, strict), 415);
  });

  test("SCIM-021: the type of an answer has no charset; plain JSON goes to who takes nothing else", async () => {
    const types = await Promise.all(
      [undefined, "*/*", "application/scim+json", "text/html", "application/json"].map(
        async (accept) =>
          (await idp.get("/Users?count=0", accept === undefined ? {} : { accept })).headers["content-type"],
      ),
    );

    expect(types).toEqual([...Array<string>(4).fill("application/scim+json"), "application/json"]);
    expect((await idp.get("/nowhere", { accept: "application/json" })).headers["content-type"]).toBe(
      "application/json",
    );
  });

  test("SCIM-KC08: application/json without Accept is answered in SCIM's own type", async () => {
    const reply = await post(user("kc08"), "application/json");

    expect([reply.status, reply.headers["content-type"]]).toEqual([201, "application/scim+json"]);
  });

  test("SCIM-022, SCIM-023: Location and ETag on every answer with one resource, equal to its meta", async () => {
    const { body: made } = await post(user("loc"));
    const replies = [
      await idp.get(`/Users/${made.id}`),
      await idp.put(`/Users/${made.id}`, { schemas: [coreUser], userName: made.userName }),
      await idp.patch(`/Users/${made.id}`, patchOp({ op: "add", path: "title", value: "x" })),
    ];
    for (const { headers, body } of replies) {
      expect([headers.location, headers.etag]).toEqual([body.meta.location, body.meta.version]);
      expect(body.meta.location).toBe(`http://localhost:4000${idp.base}/Users/${made.id}`);
    }
    const listed = await idp.get("/Users?count=1");
    expect([listed.headers.etag, listed.headers.location]).toEqual([undefined, undefined]);
  });

  test("SCIM-022: the public address is shown whatever Host the request names", async () => {
    const { headers } = await idp.get("/ServiceProviderConfig", { host: "evil.test", "x-forwarded-host": "evil.test" });

    expect(headers.location).toBe(`http://localhost:4000${idp.base}/ServiceProviderConfig`);
  });

  test("SCIM-024: 204 has neither body nor type", async () => {
    const { body } = await post(user("gone"));
    const reply = await idp.delete(`/Users/${body.id}`);

    expect([reply.status, reply.text, reply.headers["content-type"], reply.headers["content-length"]]).toEqual([
      204,
      "",
      undefined,
      undefined,
    ]);
  });

  test("SCIM-025: every answer is numbered and not to be stored; discovery for five minutes", async () => {
    const given = await idp.get("/Users?count=0", { "x-request-id": "my-request-0001" });
    const made = await idp.get("/Users?count=0", { "x-request-id": "no good\tid" });

    expect([given.headers["x-request-id"], given.headers["cache-control"]]).toEqual([
      "my-request-0001",
      "no-store, private",
    ]);
    expect(made.headers["x-request-id"]).toMatch(/^[0-9a-f-]{36}$/);
    expect((await idp.get("/Schemas")).headers["cache-control"]).toBe("private, max-age=300");
  });

  test("SCIM-026, SCIM-027: nothing unassigned, numbers as numbers, dates in UTC", async () => {
    const { body } = await post(
      JSON.stringify({
        schemas: [coreUser],
        userName: idp.org.email("nulls"),
        title: null,
        emails: [],
        name: {},
        photos: null,
      }),
    );

    expect(Object.keys(body).sort()).toEqual([
      "active",
      "id",
      "meta",
      "schemas",
      "urn:ietf:params:scim:schemas:extension:plenum:2.0:User",
      "userName",
    ]);
    expect(body.meta.created).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  });

  test("SCIM-200: bodies, addresses and encodings beyond the limits", async () => {
    const big = JSON.stringify({ schemas: [coreUser], userName: "x", nickName: "x".repeat(limits.bodyBytes) });
    const tooBig = await post(big, "application/json");
    expectError(tooBig, 413);
    expect(tooBig.body.detail).toContain(String(limits.bodyBytes));
    expectError(await idp.get(`/Users?filter=${"x".repeat(8_200)}`), 414);
    expectError(
      await idp.send({
        method: "POST",
        path: "/Users",
        raw: "{}",
        headers: { "content-encoding": "gzip", "content-type": "application/json" },
      }),
      415,
    );
    const members = Array.from({ length: 50_001 }, () => ({ value: "mem_01h455vb4pex5vsknk084sn02q" }));
    const id = (await idp.post("/Groups", { schemas: [coreGroup], displayName: "Limits" })).body.id as string;
    const distinct = members.map((m, i) => ({ value: `${m.value.slice(0, -5)}${String(i).padStart(5, "0")}` }));
    expectError(await idp.patch(`/Groups/${id}`, patchOp({ op: "add", path: "members", value: distinct })), 413);
  });
});

describe("discovery over HTTP", () => {
  test("SCIM-045: the same documents without a token, with one, and never with a wrong one", async () => {
    for (const path of [
      "/ServiceProviderConfig",
      "/ResourceTypes",
      "/ResourceTypes/User",
      "/Schemas",
      `/Schemas/${coreUser}`,
    ]) {
      const anonymous = await server.send({ path: `${idp.base}${path}` });
      expect([anonymous.status, anonymous.text]).toEqual([200, (await idp.get(path)).text]);
      expectError(await idp.get(path, { authorization: "Bearer nonsense" }), 401);
      expect(anonymous.headers.location).toBe(
        path.includes("/", 1) || path === "/ServiceProviderConfig" ? `${idp.baseUrl}${path}` : undefined,
      );
    }
    expectError(await server.send({ path: `${idp.base}/ResourceTypes/Robot` }), 404);
    expectError(await server.send({ path: `${idp.base}/Schemas/urn:x` }), 404);
  });

  test("SCIM-053: discovery is not filtered, and paging parameters mean nothing", async () => {
    expectError(await idp.get("/Schemas?filter=id%20pr"), 403);
    const { body } = await idp.get("/ResourceTypes?startIndex=2&count=1&sortBy=name&attributes=name");

    expect([body.totalResults, body.itemsPerPage, body.startIndex, body.Resources.length]).toEqual([4, 4, 1, 4]);
  });

  test("SCIM-050: the limits that ServiceProviderConfig shows are those that are enforced", async () => {
    const { body } = await idp.get("/ServiceProviderConfig");

    expect((await idp.get(`/Users?count=${Number(body.filter.maxResults) + 1}`)).status).toBe(200);
    expect(body.filter.maxResults).toBe(200);
    expect(body.pagination.defaultPageSize).toBe(100);
  });

  test("SCIM-066: the catalogue of roles and licences, with the seats that are paid and taken", async () => {
    const mine = await scimClient(server, { seats: 7 });
    await mine.post("/Users", { schemas: [coreUser], userName: mine.org.email("ada") });
    const { body } = await mine.get("/Entitlements");

    expect(body.Resources).toEqual([
      {
        schemas: ["urn:ietf:params:scim:schemas:core:2.0:Entitlement"],
        id: "teams",
        value: "teams",
        display: expect.any(String),
        description: expect.any(String),
        type: "licence",
        supported: true,
        limitedAssignmentsPermitted: true,
        totalAssignmentsPermitted: 7,
        totalAssignmentsUsed: 2,
        meta: { resourceType: "Entitlement", location: `${mine.baseUrl}/Entitlements/teams` },
      },
    ]);
    expect(
      (await mine.get("/Roles?filter=supported%20eq%20true")).body.Resources.map((r: { id: string }) => r.id),
    ).toEqual(["admin", "member"]);
    expect((await mine.get("/Roles/admin?attributes=value")).body).toEqual({
      schemas: ["urn:ietf:params:scim:schemas:core:2.0:Role"],
      id: "admin",
      value: "admin",
    });
    expectError(await mine.get("/Roles/emperor"), 404);
    expectError(await mine.get("/Entitlements/free"), 404);
  });
});

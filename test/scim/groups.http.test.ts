import { coreGroup, coreUser, plenumGroup } from "../../services/scim/urns";
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
const statements: string[] = [];
beforeAll(async () => {
  server = await openScim({ observe: (text) => statements.push(text) });
});

const user = async (idp: ScimClient, name: string): Promise<string> => {
  const reply = await idp.post("/Users", { schemas: [coreUser], userName: idp.org.email(name), displayName: name });
  expect(reply.status).toBe(201);
  return reply.body.id as string;
};
const users = (idp: ScimClient, ...names: string[]): Promise<string[]> =>
  Promise.all(names.map((name) => user(idp, name)));
const post = (idp: ScimClient, displayName: string, members?: unknown): Promise<Reply> =>
  idp.post("/Groups", { schemas: [coreGroup], displayName, ...(members === undefined ? {} : { members }) });
const group = async (idp: ScimClient, displayName: string, ids: string[] = []): Promise<string> => {
  const reply = await post(
    idp,
    displayName,
    ids.map((value) => ({ value })),
  );
  expect([reply.status, reply.body.detail]).toEqual([201, undefined]);
  return reply.body.id as string;
};
const membersOf = async (idp: ScimClient, id: string): Promise<string[]> =>
  ((await idp.get(`/Groups/${id}`)).body.members ?? []).map((m: { value: string }) => m.value).sort();

test("SCIM-064, SCIM-096: a group with its members, shown with their type, name and place", async () => {
  const idp = await scimClient(server);
  const [ada = ""] = await users(idp, "ada");
  const inner = await group(idp, "Inner");
  const reply = await post(idp, "Sales", [
    { value: ada, display: "nonsense", $ref: null },
    { value: inner, type: "Group" },
  ]);
  const { id, meta } = reply.body;

  expect(reply.status).toBe(201);
  expect(reply.headers).toMatchObject({ location: `${idp.baseUrl}/Groups/${id}`, etag: 'W/"1"' });
  expect(reply.body).toEqual({
    schemas: [coreGroup, plenumGroup],
    id: expect.stringMatching(/^grp_/),
    displayName: "Sales",
    members: [
      { value: ada, $ref: `${idp.baseUrl}/Users/${ada}`, type: "User", display: "ada" },
      { value: inner, $ref: `${idp.baseUrl}/Groups/${inner}`, type: "Group", display: "Inner" },
    ],
    [plenumGroup]: { kind: "team", memberCount: 2 },
    meta: {
      resourceType: "Group",
      created: meta.created,
      lastModified: meta.created,
      location: `${idp.baseUrl}/Groups/${id}`,
      version: 'W/"1"',
    },
  });
});

test.each([undefined, [], null])("SCIM-096: members as %j is a group without members", async (members) => {
  const idp = await scimClient(server);
  const reply = await post(idp, "Sales", members);

  expect([reply.status, reply.body.members, reply.body[plenumGroup].memberCount]).toEqual([201, undefined, 0]);
});

test("SCIM-096: an unknown member is refused or left out with a warning, as the dialect says", async () => {
  const stranger = { value: "mem_00000000000000000000000001" };
  const strict = await scimClient(server, { preset: "tolerant" });
  const [ada = ""] = await users(strict, "ada");
  for (const value of [stranger, { value: "not-an-id" }]) {
    const refused = await post(strict, "Sales", [{ value: ada }, value]);
    expect([refused.status, refused.body.scimType]).toEqual([400, "invalidValue"]);
    expect(refused.body.detail).toContain(value.value);
  }
  expect((await strict.get("/Groups")).body.totalResults).toBe(0);

  const okta = await scimClient(server, { preset: "okta" });
  const [bob = ""] = await users(okta, "bob");
  const made = await post(okta, "Sales", [{ value: bob }, stranger, { value: "not-an-id" }]);
  expect(made.body.members.map((m: { value: string }) => m.value)).toEqual([bob]);
  expect(
    await asOwner(
      "select jsonb_array_length(warnings) as n from provisioning_entry where org_id = $1 and path = '/Groups'",
      [okta.org.orgId],
    ),
  ).toEqual([{ n: 2 }]);
});

test("SCIM-065: a type that is not the id's is refused", async () => {
  const idp = await scimClient(server);
  const [ada = ""] = await users(idp, "ada");
  const reply = await post(idp, "Sales", [{ value: ada, type: "Group" }]);

  expect([reply.status, reply.body.scimType]).toEqual([400, "invalidValue"]);
  expect((await post(idp, "Sales", [{ value: ada, type: "user" }])).status).toBe(201);
});

test("SCIM-091: a taken name is 409 whatever its case, and free again after the delete", async () => {
  const idp = await scimClient(server);
  const id = await group(idp, "Sales");
  const again = await post(idp, "SALES");
  expect([again.status, again.body.scimType]).toEqual([409, "uniqueness"]);
  expect(again.body.detail).toContain(id);
  expect((await post(idp, "  ")).body.scimType).toBe("invalidValue");

  await idp.delete(`/Groups/${id}`);
  expect(await group(idp, "sales")).not.toBe(id);
});

test("SCIM-103: without members, the membership table is not touched, alone and in lists", async () => {
  const idp = await scimClient(server);
  const id = await group(idp, "Sales", await users(idp, "ada"));
  statements.length = 0;
  for (const path of [
    `/Groups/${id}?excludedAttributes=members`,
    `/Groups/${id}?attributes=displayName`,
    `/Groups?excludedAttributes=members&filter=${encodeURIComponent('displayName eq "Sales"')}`,
    "/Groups?attributes=displayName,externalId",
  ]) {
    const { status, text } = await idp.get(path);
    expect([status, text.includes("members")]).toEqual([200, false]);
  }

  expect(statements.filter((text) => text.includes("group_member"))).toEqual([]);
});

test("SCIM-104: a large group is listed without its members and read with all of them", async () => {
  const options: ClientOptions = { preset: "tolerant", switches: { memberPageGuard: 2 } };
  const idp = await scimClient(server, options);
  const id = await group(idp, "Large", await users(idp, "a", "b", "c"));
  await group(idp, "Small", await users(idp, "d", "e"));
  const { body } = await idp.get("/Groups");

  expect(body.Resources.map((g: { members?: unknown[] }) => g.members?.length)).toEqual([undefined, 2]);
  expect(body.Resources[0][plenumGroup].memberCount).toBe(3);
  expect(await membersOf(idp, id)).toHaveLength(3);
});

test("SCIM-142: PUT without the key keeps the members, with an empty list it clears them", async () => {
  const idp = await scimClient(server);
  const ids = await users(idp, "ada", "bob");
  const id = await group(idp, "Sales", ids);
  const put = (more: object) => idp.put(`/Groups/${id}`, { schemas: [coreGroup], displayName: "Sales", ...more });

  expect((await put({})).body.members).toHaveLength(2);
  expect((await put({ members: [{ value: ids[1] }] })).body.members.map((m: { value: string }) => m.value)).toEqual([
    ids[1],
  ]);
  const cleared = await put({ members: [] });
  expect([cleared.body.members, cleared.body[plenumGroup].memberCount, cleared.body.meta.version]).toEqual([
    undefined,
    0,
    'W/"3"',
  ]);
});

test("SCIM-143: a group that was read and is sent back changes nothing", async () => {
  const idp = await scimClient(server);
  const id = await group(idp, "Sales", await users(idp, "ada", "bob"));
  const { body } = await idp.get(`/Groups/${id}`);

  expect((await idp.put(`/Groups/${id}`, body)).body).toEqual(body);
});

test("SCIM-145, SCIM-KC06: of a complete list only the difference is written", async () => {
  const idp = await scimClient(server, { seats: 100 });
  const ids = await users(idp, ...Array.from({ length: 30 }, (_, i) => `u${i}`));
  const id = await group(idp, "Sales", ids.slice(0, 29));
  const before = await asOwner("select child_id, added_at, xmin from group_member where org_id = $1", [idp.org.orgId]);
  await idp.put(`/Groups/${id}`, {
    schemas: [coreGroup],
    displayName: "Sales",
    members: ids.slice(1).map((value) => ({ value })),
  });
  const after = await asOwner("select child_id, added_at, xmin from group_member where org_id = $1", [idp.org.orgId]);

  const known = new Set(before.map((row) => JSON.stringify(row)));
  expect(after).toHaveLength(29);
  expect(after.filter((row) => !known.has(JSON.stringify(row)))).toHaveLength(1);
});

describe("PATCH", () => {
  test.each([
    ["a filter", (u: string) => ({ op: "remove", path: `members[value eq "${u}"]` })],
    ["a list of objects", (u: string) => ({ op: "Remove", path: "members", value: [{ $ref: null, value: u }] })],
    ["one object", (u: string) => ({ op: "remove", path: "members", value: { value: u } })],
    ["a list of ids", (u: string) => ({ op: "remove", path: "members", value: [u] })],
    ["a path-less value", (u: string) => ({ op: "remove", value: { members: [{ value: u }] } })],
    [
      "a filter that is no list of ids",
      (u: string) => ({ op: "remove", path: `members[value eq "${u}" and type eq "User"]` }),
    ],
    ["a filter by name", () => ({ op: "remove", path: 'members[display eq "ADA" or display sw "ad"]' })],
  ])("SCIM-162: by %s one member leaves and the others stay", async (_, operation) => {
    const idp = await scimClient(server);
    const [ada = "", ...others] = await users(idp, "ada", "bob", "eve");
    const id = await group(idp, "Sales", [ada, ...others]);
    const reply = await idp.patch(`/Groups/${id}`, patchOp(operation(ada)));

    expect(reply.status).toBe(204);
    expect(await membersOf(idp, id)).toEqual([...others].sort());
  });

  test.each([
    ["an id that nobody has", { op: "remove", path: 'members[value eq "mem_00000000000000000000000001"]' }],
    ["an id that cannot be", { op: "remove", path: "members", value: [{ value: "x" }] }],
    ["an empty list", { op: "remove", path: "members", value: [] }],
    ["a filter that matches nobody", { op: "remove", path: 'members[display eq "nobody"]' }],
  ])("SCIM-161: removing %s succeeds and removes nobody", async (_, operation) => {
    const idp = await scimClient(server);
    const ids = await users(idp, "ada", "bob");
    const id = await group(idp, "Sales", ids);
    const reply = await idp.patch(`/Groups/${id}`, patchOp(operation));

    expect([reply.status, reply.headers.etag]).toEqual([204, 'W/"1"']);
    expect(await membersOf(idp, id)).toEqual([...ids].sort());
  });

  test("SCIM-161: adding who is there changes nothing", async () => {
    const idp = await scimClient(server);
    const ids = await users(idp, "ada");
    const id = await group(idp, "Sales", ids);
    const reply = await idp.patch(
      `/Groups/${id}`,
      patchOp({ op: "add", path: "members", value: ids.map((value) => ({ value })) }),
    );

    expect([reply.status, reply.headers.etag]).toEqual([204, 'W/"1"']);
  });

  test("SCIM-151: a failing operation leaves nothing of those before it", async () => {
    const idp = await scimClient(server);
    const [ada = "", bob = ""] = await users(idp, "ada", "bob");
    const id = await group(idp, "Sales", [ada]);
    const reply = await idp.patch(
      `/Groups/${id}`,
      patchOp(
        { op: "replace", path: "displayName", value: "Other" },
        { op: "add", path: "members", value: [{ value: bob }] },
        { op: "add", path: "members", value: [{ value: "mem_00000000000000000000000001" }] },
      ),
    );

    expect([reply.status, reply.body.scimType]).toEqual([400, "invalidValue"]);
    const { body } = await idp.get(`/Groups/${id}`);
    expect([body.displayName, body.members.length, body.meta.version]).toEqual(["Sales", 1, 'W/"1"']);
  });

  test("SCIM-163: twenty parallel PATCHes adding twenty members lose none, and the count agrees", async () => {
    const idp = await scimClient(server, { seats: 60 });
    const ids = await users(idp, ...Array.from({ length: 20 }, (_, i) => `u${i}`));
    const id = await group(idp, "Sales");
    const replies = await Promise.all(
      ids.map((value) => idp.patch(`/Groups/${id}`, patchOp({ op: "add", path: "members", value: [{ value }] }))),
    );

    expect(new Set(replies.map((r) => r.status))).toEqual(new Set([204]));
    const { body } = await idp.get(`/Groups/${id}`);
    expect(body.members.map((m: { value: string }) => m.value).sort()).toEqual([...ids].sort());
    expect([body[plenumGroup].memberCount, body.meta.version]).toEqual([20, 'W/"21"']);
  }, 60_000);

  test("SCIM-163: parallel additions and removals of different members, mixed with whole lists, keep count and edges together", async () => {
    const idp = await scimClient(server, { seats: 60 });
    const ids = await users(idp, ...Array.from({ length: 12 }, (_, i) => `u${i}`));
    const id = await group(idp, "Sales", ids.slice(0, 6));
    const operations = ids.map((value, i) =>
      i % 4 === 3
        ? { op: "replace", path: "members", value: ids.slice(0, i).map((v) => ({ value: v })) }
        : { op: i % 2 === 0 ? "add" : "remove", path: "members", value: [{ value }] },
    );
    await Promise.all(operations.map((operation) => idp.patch(`/Groups/${id}`, patchOp(operation))));

    const { body } = await idp.get(`/Groups/${id}`);
    expect(body[plenumGroup].memberCount).toBe((body.members ?? []).length);
  }, 60_000);

  test("SCIM-163: one statement for each operation on members, whatever the size of the group", async () => {
    const idp = await scimClient(server);
    const ids = await users(idp, "a", "b", "c");
    const id = await group(idp, "Sales", ids);
    statements.length = 0;
    await idp.patch(`/Groups/${id}`, patchOp({ op: "remove", path: `members[value eq "${ids[0] ?? ""}"]` }));

    const onEdges = statements.filter((text) => text.includes("group_member"));
    expect(onEdges).toHaveLength(1);
    expect(onEdges[0]).toMatch(/^delete from group_member/);
  });

  test("SCIM-175: If-Match on a group; a change of its members is a change of the group, not of the users", async () => {
    const idp = await scimClient(server);
    const [ada = ""] = await users(idp, "ada");
    const id = await group(idp, "Sales");
    const add = patchOp({ op: "add", path: "members", value: [{ value: ada }] });

    expect((await idp.patch(`/Groups/${id}`, add, { "if-match": 'W/"5"' })).status).toBe(412);
    expect((await idp.patch(`/Groups/${id}`, add, { "if-match": 'W/"1"' })).headers.etag).toBe('W/"2"');
    expect((await idp.get(`/Groups/${id}`, { "if-none-match": 'W/"2"' })).status).toBe(304);
    expect((await idp.get(`/Users/${ada}`)).body.meta.version).toBe('W/"1"');
    expect((await idp.delete(`/Groups/${id}`, { "if-match": 'W/"1"' })).status).toBe(412);
  });

  test("SCIM-OL04: OneLogin's body of SCIM 1.1", async () => {
    const idp = await scimClient(server, { preset: "onelogin" });
    const [ada = "", bob = ""] = await users(idp, "ada", "bob");
    const id = await group(idp, "Sales", [ada]);
    const body = {
      schemas: ["urn:scim:schemas:core:1.0"],
      members: [{ value: ada, operation: "delete" }, { value: bob }],
    };
    const reply = await idp.patch(`/Groups/${id}`, body);

    expect([reply.status, reply.body.members.map((m: { value: string }) => m.value)]).toEqual([200, [bob]]);
  });
});

test("SCIM-172: a deleted group leaves the groups that it was in, its members stay", async () => {
  const idp = await scimClient(server);
  const [ada = ""] = await users(idp, "ada");
  const inner = await group(idp, "Inner", [ada]);
  const outer = await group(idp, "Outer", [inner, ada]);
  expect((await idp.delete(`/Groups/${inner}`)).status).toBe(204);

  expect(await membersOf(idp, outer)).toEqual([ada]);
  expect((await idp.get(`/Groups/${outer}`)).body[plenumGroup].memberCount).toBe(1);
  expect((await idp.delete(`/Groups/${inner}`)).status).toBe(404);
  expect((await idp.get(`/Users/${ada}`)).body.active).toBe(true);
});

test("SCIM-101: groups are filtered by their members and their count", async () => {
  const idp = await scimClient(server);
  const [ada = "", bob = ""] = await users(idp, "ada", "bob");
  const [one, two] = [await group(idp, "One", [ada]), await group(idp, "Two", [ada, bob])];
  const found = async (filter: string) =>
    (await idp.find(filter, "/Groups")).Resources.map((g: { id: string }) => g.id);

  expect(await found(`members[value eq "${bob}"]`)).toEqual([two]);
  expect(await found(`members.value eq "${ada}"`)).toEqual([one, two]);
  expect(await found(`members eq "${bob}" and displayName eq "one"`)).toEqual([]);
  expect(await found(`${plenumGroup}:memberCount ge 2`)).toEqual([two]);
  expect(await found('members.display co "AD"')).toEqual([one, two]);
});

test("SCIM-KC02: after a 409 the group is found by its name", async () => {
  const idp = await scimClient(server);
  const id = await group(idp, "X");
  expect((await post(idp, "X")).status).toBe(409);

  expect((await idp.find('displayName eq "X"', "/Groups")).Resources[0].id).toBe(id);
});

import { coreGroup, coreUser, enterpriseUser } from "../../services/scim/urns";
import {
  openScim,
  patchOp,
  scimClient,
  type ClientOptions,
  type Reply,
  type ScimClient,
  type ScimServer,
} from "./support/door";

// The headers of Okta's own client; its bodies after the vendor's documentation.
const headers = {
  "user-agent": "Okta SCIM Client 1.0.0",
  accept: "application/scim+json",
  "accept-charset": "utf-8",
  "content-type": "application/scim+json; charset=utf-8",
};

let server: ScimServer;
beforeAll(async () => {
  server = await openScim();
});

const okta = (options: ClientOptions = {}): Promise<ScimClient> =>
  scimClient(server, { preset: "okta", headers, ...options });

const userBody = (idp: ScimClient, name: string) => ({
  schemas: [coreUser],
  userName: idp.org.email(name),
  name: { givenName: name, familyName: "Okta" },
  emails: [{ primary: true, value: idp.org.email(name), type: "work" }],
  displayName: `${name} Okta`,
  locale: "en-US",
  externalId: `00u${name}`,
  groups: [],
  password: "1mz050nq",
  active: true,
});

const create = async (idp: ScimClient, name: string): Promise<Reply["body"]> => {
  const reply = await idp.post("/Users", userBody(idp, name));
  expect(reply.status).toBe(201);
  return reply.body;
};

const group = async (idp: ScimClient, displayName: string, members: string[] = []): Promise<string> => {
  const body = { schemas: [coreGroup], displayName, members: members.map((value) => ({ value })) };
  const reply = await idp.post("/Groups", body);
  expect(reply.status).toBe(201);
  return reply.body.id as string;
};

const membersOf = async (idp: ScimClient, id: string): Promise<string[]> =>
  ((await idp.get(`/Groups/${id}`)).body.members ?? []).map((m: { value: string }) => m.value).sort();

test("SCIM-OK01: the connection test gets numbers, and users that have everything it looks for", async () => {
  const idp = await okta();
  await create(idp, "ada");
  for (const query of ["startIndex=1&count=2", "startIndex=1&count=1"]) {
    const { status, body } = await idp.get(`/Users?${query}`);

    expect(status).toBe(200);
    expect([typeof body.totalResults, typeof body.startIndex, typeof body.itemsPerPage]).toEqual([
      "number",
      "number",
      "number",
    ]);
    expect(body.totalResults).toBe(2);
    expect(body.startIndex).toBe(1);
    expect(body.itemsPerPage).toBe(body.Resources.length);
  }
  const { body } = await idp.get("/Users?startIndex=2&count=1");
  expect(Object.keys(body.Resources[0])).toEqual(
    expect.arrayContaining(["id", "userName", "name", "active", "emails"]),
  );
});

test("SCIM-OK02: the look-up before a create, blanks as %20 or +, in any case", async () => {
  const idp = await okta();
  const none = await idp.get("/Users?filter=userName%20eq%20%22nobody%40acme.test%22&startIndex=1&count=100");
  expect(none.status).toBe(200);
  expect(none.body).toEqual({
    schemas: ["urn:ietf:params:scim:api:messages:2.0:ListResponse"],
    totalResults: 0,
    startIndex: 1,
    itemsPerPage: 0,
    Resources: [],
  });

  const { id } = await create(idp, "Ada");
  const name = encodeURIComponent(`"${idp.org.email("aDa")}"`);
  for (const filter of [`userName%20eq%20${name}`, `userName+eq+${name}`]) {
    const { body } = await idp.get(`/Users?filter=${filter}&startIndex=1&count=100`);
    expect([body.totalResults, body.Resources[0].id]).toEqual([1, id]);
  }
});

test("SCIM-OK03: a create answers with the whole user and without the password", async () => {
  const idp = await okta();
  const body = userBody(idp, "ada");
  const reply = await idp.post("/Users", body);

  expect(reply.status).toBe(201);
  expect(reply.text).not.toContain("1mz050nq");
  const { password: _password, groups: _groups, name, ...kept } = body;
  expect(reply.body).toMatchObject({
    ...kept,
    name: { ...name, formatted: "ada Okta" },
    schemas: expect.arrayContaining([coreUser]),
  });
  expect(reply.body.groups).toBeUndefined();
});

test("SCIM-OK04: the same create again after a time-out is 409, and there is one user", async () => {
  const idp = await okta();
  const { id } = await create(idp, "ada");
  const again = await idp.post("/Users", userBody(idp, "ada"));

  expect([again.status, again.body.scimType, again.body.status]).toEqual([409, "uniqueness", "409"]);
  expect(again.body.detail).toContain("userName");
  const found = await idp.find(`userName eq "${idp.org.email("ada")}"`);
  expect(found.Resources.map((r: { id: string }) => r.id)).toEqual([id]);
});

test("SCIM-OK05: what was read is sent back whole with changes; the read-only parts are ignored", async () => {
  const idp = await okta();
  const { id } = await create(idp, "ada");
  const { body: user } = await idp.get(`/Users/${id}`);
  const sent = {
    ...user,
    id: "mem_other",
    meta: { resourceType: "x", version: 7 },
    groups: [{ value: "grp_x" }],
    title: "Countess",
    name: { ...user.name, familyName: "Lovelace" },
  };
  const reply = await idp.put(`/Users/${id}`, sent);

  expect(reply.status).toBe(200);
  expect(reply.body).toMatchObject({
    id,
    title: "Countess",
    userName: user.userName,
    externalId: "00uada",
    meta: { created: user.meta.created, version: 'W/"2"' },
  });
  // The whole name came from the parts, and follows them.
  expect(reply.body.name).toEqual({ givenName: "ada", familyName: "Lovelace", formatted: "ada Lovelace" });
});

test("SCIM-OK06: the app wizard's deactivation is a PUT of the whole user", async () => {
  const idp = await okta({ seats: 2 });
  const { id } = await create(idp, "ada");
  const { body: user } = await idp.get(`/Users/${id}`);
  const reply = await idp.put(`/Users/${id}`, { ...user, active: false });

  expect([reply.status, reply.body.active]).toEqual([200, false]);
  expect((await idp.get(`/Users/${id}`)).body.active).toBe(false);
  await create(idp, "bob");
});

test("SCIM-OK07: deactivation without a path", async () => {
  const idp = await okta();
  const { id } = await create(idp, "ada");
  const reply = await idp.patch(`/Users/${id}`, patchOp({ op: "replace", value: { active: false } }));

  expect(reply.status).toBe(200);
  expect((await idp.get(`/Users/${id}`)).body.active).toBe(false);
});

test("SCIM-OK08: a password is ignored", async () => {
  const idp = await okta();
  const { id, meta } = await create(idp, "ada");
  const reply = await idp.patch(`/Users/${id}`, patchOp({ op: "replace", value: { password: "s3cret!" } }));

  expect(reply.status).toBe(200);
  expect(reply.body.meta).toEqual(meta);
});

test("SCIM-OK09: an import walks the pages and sees everybody once, the inactive too", async () => {
  const idp = await okta({ seats: 200 });
  for (let i = 0; i < 24; i++) await idp.post("/Users", { ...userBody(idp, `u${i}`), active: i % 5 !== 0 });
  const seen: { id: string; active: boolean }[] = [];
  for (let startIndex = 1; ; startIndex += 10) {
    const { body } = await idp.get(`/Users?startIndex=${startIndex}&count=10`);
    expect(body.totalResults).toBe(25);
    seen.push(...body.Resources);
    if (body.itemsPerPage < 10) break;
  }

  expect(seen).toHaveLength(25);
  expect(new Set(seen.map((u) => u.id)).size).toBe(25);
  expect(seen.filter((u) => !u.active)).toHaveLength(5);
});

test("SCIM-OK10: no groups is an empty list, soon", async () => {
  const idp = await okta();
  const began = Date.now();
  const { status, body } = await idp.get("/Groups?startIndex=1&count=100");

  expect([status, body.totalResults, body.Resources]).toEqual([200, 0, []]);
  expect(Date.now() - began).toBeLessThan(600);
});

test("SCIM-OK11: a group without members", async () => {
  const idp = await okta();
  const reply = await idp.post("/Groups", { schemas: [coreGroup], displayName: "Sales", members: [] });

  expect(reply.status).toBe(201);
  expect(reply.body).toMatchObject({ displayName: "Sales", meta: { resourceType: "Group", version: 'W/"1"' } });
  expect(reply.headers.location).toBe(`${idp.baseUrl}/Groups/${reply.body.id}`);
  expect(reply.body.members).toBeUndefined();
});

test.each(['Sales "EU"', "R&D + Ops", "Équipe ünïcode 日本", "100%_sure\\"])(
  "SCIM-OK12: the group %s is found by its exact name",
  async (displayName) => {
    const idp = await okta();
    const id = await group(idp, displayName);
    await group(idp, `${displayName} 2`);
    const { body } = await idp.get(
      `/Groups?filter=${encodeURIComponent(`displayName eq ${JSON.stringify(displayName)}`)}&startIndex=1&count=100`,
    );

    expect([body.totalResults, body.Resources[0].id, body.Resources[0].displayName]).toEqual([1, id, displayName]);
  },
);

test("SCIM-OK13: a rename that carries the group's id; the same again changes nothing", async () => {
  const idp = await okta();
  const id = await group(idp, "Sales");
  const rename = patchOp({ op: "replace", value: { id, displayName: "Sales EU" } });
  const first = await idp.patch(`/Groups/${id}`, rename);
  const second = await idp.patch(`/Groups/${id}`, rename);

  expect([first.status, second.status]).toEqual([204, 204]);
  expect([first.headers.etag, second.headers.etag]).toEqual(['W/"2"', 'W/"2"']);
  expect((await idp.get(`/Groups/${id}`)).body.displayName).toBe("Sales EU");
});

test("SCIM-OK14: one member out, one in", async () => {
  const idp = await okta();
  const [ada, bob] = [await create(idp, "ada"), await create(idp, "bob")];
  const id = await group(idp, "Sales", [ada.id]);
  const reply = await idp.patch(
    `/Groups/${id}`,
    patchOp(
      { op: "remove", path: `members[value eq "${ada.id}"]` },
      { op: "add", path: "members", value: [{ value: bob.id, display: "bob@x" }] },
    ),
  );

  expect(reply.status).toBe(204);
  expect(await membersOf(idp, id)).toEqual([bob.id]);
});

test("SCIM-OK15: the list becomes exactly what is sent", async () => {
  const idp = await okta();
  const [ada, bob, eve] = [await create(idp, "ada"), await create(idp, "bob"), await create(idp, "eve")];
  const id = await group(idp, "Sales", [ada.id, bob.id]);
  const all = [bob, eve].map((u) => ({ value: u.id, display: u.userName }));
  const reply = await idp.patch(`/Groups/${id}`, patchOp({ op: "replace", path: "members", value: all }));

  expect(reply.status).toBe(204);
  expect(await membersOf(idp, id)).toEqual([bob.id, eve.id].sort());
});

test("SCIM-OK16: PUT of two groups side by side loses nobody", async () => {
  const idp = await okta();
  const users = await Promise.all(["a1", "b1", "c1", "d1"].map((name) => create(idp, name)));
  const ids = users.map((u) => u.id as string);
  const groups = [await group(idp, "One"), await group(idp, "Two")];
  const replies = await Promise.all(
    groups.map((id, i) =>
      idp.put(`/Groups/${id}`, {
        schemas: [coreGroup],
        id,
        displayName: i === 0 ? "One" : "Two",
        members: ids.map((value) => ({ value })),
      }),
    ),
  );

  expect(replies.map((r) => r.status)).toEqual([200, 200]);
  for (const id of groups) expect(await membersOf(idp, id)).toEqual([...ids].sort());
});

test("SCIM-OK17: a group is unlinked and deleted, its members stay", async () => {
  const idp = await okta();
  const ada = await create(idp, "ada");
  const id = await group(idp, "Sales", [ada.id]);

  expect((await idp.delete(`/Groups/${id}`)).status).toBe(204);
  expect((await idp.get(`/Groups/${id}`)).status).toBe(404);
  expect((await idp.get(`/Users/${ada.id}`)).body.groups).toBeUndefined();
});

test("SCIM-OK18: empty values pushed by PUT clear", async () => {
  const idp = await okta();
  const reply = await idp.post("/Users", {
    ...userBody(idp, "ada"),
    title: "Dr",
    nickName: "A",
    phoneNumbers: [{ value: "1", type: "work" }],
  });
  expect(reply.body).toMatchObject({ title: "Dr", nickName: "A" });
  const put = await idp.put(`/Users/${reply.body.id}`, {
    ...userBody(idp, "ada"),
    title: "",
    nickName: null,
    phoneNumbers: [],
  });

  expect(put.status).toBe(200);
  expect([put.body.title, put.body.nickName, put.body.phoneNumbers]).toEqual([undefined, undefined, undefined]);
});

test("SCIM-OK19: a wrong token is 401 with a string status and a detail", async () => {
  const idp = await okta();
  const reply = await idp.get("/Users?startIndex=1&count=1", { authorization: "Bearer plmscim_wrong" });

  expect(reply.status).toBe(401);
  expect(reply.body).toEqual({
    schemas: ["urn:ietf:params:scim:api:messages:2.0:Error"],
    status: "401",
    detail: expect.stringMatching(/token .* \(request .+\)$/),
  });
});

test("SCIM-OK20: an id that cannot be is 404 with a detail", async () => {
  const idp = await okta();
  const reply = await idp.get("/Users/00919288221112222");

  expect(reply.status).toBe(404);
  expect(reply.body).toEqual({
    schemas: ["urn:ietf:params:scim:api:messages:2.0:Error"],
    status: "404",
    detail: expect.stringMatching(/^no such /),
  });
});

test("SCIM-OK22: without a free seat Okta gets a sentence for its administrator; when there is one, the retry works", async () => {
  const idp = await okta({ seats: 1 });
  const reply = await idp.post("/Users", userBody(idp, "ada"));

  expect([reply.status, reply.body.scimType]).toEqual([403, "seatLimitReached"]);
  expect(reply.body.detail).toMatch(
    /^No free seat: 1 of 1 'teams' seats are in use\. Free a seat or add seats at http:\/\/localhost:4000\/billing \(request .+\)$/,
  );
  expect((await idp.find(`userName eq "${idp.org.email("ada")}"`)).totalResults).toBe(0);
});

test("SCIM-OK23: entitlements are discovered by their resource types, in Okta's schemas", async () => {
  const idp = await okta({ seats: 7 });
  const types = (await idp.get("/ResourceTypes")).body.Resources as { name: string; endpoint: string }[];
  expect((await idp.get("/Schemas")).status).toBe(200);
  const pages = await Promise.all(
    ["Role", "Entitlement"].map((name) =>
      idp.get(`${types.find((t) => t.name === name)?.endpoint ?? ""}?startIndex=1&count=100`),
    ),
  );

  expect(pages.map((p) => p.status)).toEqual([200, 200]);
  expect(pages[0]?.body.Resources[0]).toEqual({
    schemas: ["urn:okta:scim:schemas:core:1.0:Role"],
    id: "admin",
    displayName: "Admin",
    description: expect.any(String),
  });
  expect(pages[1]?.body.Resources).toEqual([
    {
      schemas: ["urn:okta:scim:schemas:core:1.0:Entitlement"],
      id: "teams",
      displayName: expect.any(String),
      description: expect.any(String),
      type: "licence",
    },
  ]);
  const ada = await idp.post("/Users", { ...userBody(idp, "ada"), roles: [{ value: "admin", display: "Admin" }] });
  expect(ada.body.roles).toEqual([{ value: "admin", display: "Admin" }]);
  expect(ada.body["urn:ietf:params:scim:schemas:extension:plenum:2.0:User"].role).toBe("admin");
});

test("SCIM-OK25: reactivation takes a seat again; a create after a lost link is 409 and the look-up finds the user", async () => {
  const idp = await okta({ seats: 2 });
  const { id } = await create(idp, "ada");
  await idp.patch(`/Users/${id}`, patchOp({ op: "replace", value: { active: false } }));
  const bob = await create(idp, "bob");
  const refused = await idp.patch(`/Users/${id}`, patchOp({ op: "replace", value: { active: true } }));
  expect([refused.status, refused.body.scimType]).toEqual([403, "seatLimitReached"]);
  await idp.patch(`/Users/${bob.id}`, patchOp({ op: "replace", value: { active: false } }));

  const { body: user } = await idp.get(`/Users/${id}`);
  const back = await idp.put(`/Users/${id}`, { ...user, active: true });
  expect([back.status, back.body.active, back.body.id]).toEqual([200, true, id]);
  expect((await idp.post("/Users", userBody(idp, "ada"))).status).toBe(409);
});

test("SCIM-OK24: nothing depends on a request when somebody is suspended in Okta: a user left alone stays as it is", async () => {
  const idp = await okta();
  const { id, meta } = await create(idp, "ada");
  await idp.get("/Users?startIndex=1&count=100");

  expect((await idp.get(`/Users/${id}`)).body.meta).toEqual(meta);
  expect(enterpriseUser).toContain("enterprise");
});

import { coreGroup, coreUser, enterpriseUser, plenumUser } from "../../services/scim/urns";
import {
  openScim,
  patchOp,
  scimClient,
  type ClientOptions,
  type Reply,
  type ScimClient,
  type ScimServer,
} from "./support/door";

// Entra's provisioning service sends this type, and expects answers in SCIM's own.
const headers = { accept: "application/scim+json", "content-type": "application/scim+json; charset=utf-8" };

let server: ScimServer;
beforeAll(async () => {
  server = await openScim();
});

const entra = (options: ClientOptions = {}): Promise<ScimClient> =>
  scimClient(server, { preset: "entra", headers, ...options });

const userBody = (idp: ScimClient, name: string) => ({
  schemas: [coreUser, enterpriseUser],
  externalId: `0a21f0f2-8d2a-4f8e-bf98-${name}`,
  userName: idp.org.email(name),
  active: true,
  emails: [{ primary: true, type: "work", value: idp.org.email(name) }],
  meta: { resourceType: "User" },
  name: { formatted: `${name} Entra`, familyName: "Entra", givenName: name },
  roles: [],
});

const create = async (idp: ScimClient, name: string, more: object = {}): Promise<Reply["body"]> => {
  const reply = await idp.post("/Users", { ...userBody(idp, name), ...more });
  expect(reply.status).toBe(201);
  return reply.body;
};

const group = async (idp: ScimClient, displayName: string): Promise<string> => {
  const reply = await idp.post("/Groups", {
    schemas: [coreGroup, "http://schemas.microsoft.com/2006/11/ResourceManagement/ADSCIM/2.0/Group"],
    externalId: "8aa1a0c0",
    displayName,
    meta: { resourceType: "Group" },
  });
  expect(reply.status).toBe(201);
  return reply.body.id as string;
};

const membersOf = async (idp: ScimClient, id: string): Promise<string[]> =>
  ((await idp.get(`/Groups/${id}`)).body.members ?? []).map((m: { value: string }) => m.value).sort();

const op = (name: string, path: string, ...value: unknown[]) => ({
  op: name,
  path,
  ...(value.length > 0 ? { value: value[0] } : {}),
});

const patchUser = async (idp: ScimClient, id: string, ...operations: object[]): Promise<Reply["body"]> => {
  const reply = await idp.patch(`/Users/${id}`, patchOp(...operations));
  expect([reply.status, reply.body.scimType]).toEqual([200, undefined]);
  return reply.body;
};

test("SCIM-EN01: the connection test looks for a user that nobody has", async () => {
  const idp = await entra();
  const { status, body } = await idp.get(
    `/Users?filter=${encodeURIComponent('userName eq "6b6d8e1e-1f5c-4b3e-9c3d-2d0f0f2f8f11"')}`,
  );

  expect([status, body.totalResults, body.Resources]).toEqual([200, 0, []]);
});

test("SCIM-EN02: users are matched by userName, externalId, work e-mail and displayName, alone or joined", async () => {
  const idp = await entra();
  const { id } = await create(idp, "Ada", { displayName: "Ada L" });
  await create(idp, "bob", {
    displayName: "Bob",
    emails: [
      { type: "home", value: idp.org.email("Ada") },
      { type: "work", value: idp.org.email("bob") },
    ],
  });
  const found = async (filter: string) => (await idp.find(filter)).Resources.map((r: { id: string }) => r.id);

  expect(await found(`userName eq "${idp.org.email("aDA")}"`)).toEqual([id]);
  expect(await found('externalId eq "0a21f0f2-8d2a-4f8e-bf98-Ada"')).toEqual([id]);
  expect(await found('externalId eq "0a21f0f2-8d2a-4f8e-bf98-ada"')).toEqual([]);
  expect(await found(`emails[type eq "work"].value eq "${idp.org.email("ADA")}"`)).toEqual([id]);
  expect(await found('displayName eq "ada l"')).toEqual([id]);
  expect(await found(`userName eq "${idp.org.email("ada")}" and externalId eq "0a21f0f2-8d2a-4f8e-bf98-Ada"`)).toEqual([
    id,
  ]);
  expect(await found(`userName eq "${idp.org.email("ada")}" and externalId eq "other"`)).toEqual([]);
});

test("SCIM-EN03: nulls in a create are unassigned", async () => {
  const idp = await entra();
  const user = await create(idp, "ada", {
    addresses: null,
    title: null,
    [enterpriseUser]: { department: null, manager: null },
  });

  expect([user.addresses, user.title, user.roles, user[enterpriseUser]]).toEqual([
    undefined,
    undefined,
    undefined,
    undefined,
  ]);
  expect(user.schemas).toEqual([coreUser, plenumUser]);
});

test("SCIM-EN04: extension data whose URN is not in schemas is stored", async () => {
  const idp = await entra();
  const user = await create(idp, "ada", {
    schemas: [coreUser],
    [enterpriseUser]: { department: "R&D" },
    [plenumUser]: { seatType: "host" },
  });

  expect(user[enterpriseUser]).toEqual({ department: "R&D" });
  expect(user[plenumUser].seatType).toBe("host");
  expect(user.schemas).toEqual([coreUser, enterpriseUser, plenumUser]);
});

test("SCIM-EN05: active as the text False", async () => {
  const idp = await entra();
  const { id } = await create(idp, "ada");

  expect((await patchUser(idp, id, op("Replace", "active", "False"))).active).toBe(false);
});

test("SCIM-EN06: active as false, with the flag in the address", async () => {
  const idp = await entra();
  const { id } = await create(idp, "ada");
  const reply = await idp.patch(`/Users/${id}?aadOptscim062020`, patchOp(op("replace", "active", false)));

  expect([reply.status, reply.body.active]).toEqual([200, false]);
});

test.each(["replace", "add"])("SCIM-EN07: one path-less %s with keys that are paths", async (verb) => {
  const idp = await entra();
  const { id } = await create(idp, "ada", { emails: [] });
  const value = {
    displayName: "B",
    "name.givenName": "A",
    [`${enterpriseUser}:employeeNumber`]: "5",
    'emails[type eq "work"].value': "n@x.test",
  };
  const user = await patchUser(idp, id, { op: verb, value });

  expect(user).toMatchObject({
    displayName: "B",
    name: { givenName: "A", familyName: "Entra" },
    [enterpriseUser]: { employeeNumber: "5" },
  });
  expect(user.emails).toEqual([{ type: "work", value: "n@x.test" }]);
});

test("SCIM-EN08: a work e-mail that is not there is made; strict says noTarget", async () => {
  const replace = op("Replace", 'emails[type eq "work"].value', "n@x.test");
  const idp = await entra();
  const { id } = await create(idp, "ada", { emails: [{ type: "home", value: "h@x.test" }] });
  expect((await patchUser(idp, id, replace)).emails).toEqual([
    { type: "home", value: "h@x.test" },
    { type: "work", value: "n@x.test" },
  ]);

  const strict = await entra({ preset: "strict" });
  const { id: other } = await create(strict, "ada", { emails: [{ type: "home", value: "h@x.test" }] });
  const refused = await strict.patch(`/Users/${other}`, patchOp(replace));
  expect([refused.status, refused.body.scimType]).toEqual([400, "noTarget"]);
});

test("SCIM-EN09: the second add of a work e-mail overwrites the first", async () => {
  const idp = await entra();
  const { id } = await create(idp, "ada", { emails: [] });
  await patchUser(idp, id, op("Add", 'emails[type eq "work"].value', "one@x.test"));

  expect((await patchUser(idp, id, op("Add", 'emails[type eq "work"].value', "two@x.test"))).emails).toEqual([
    { type: "work", value: "two@x.test" },
  ]);
});

test("SCIM-EN10: a manager is set as list and as text, and cleared by empty text and by remove", async () => {
  const idp = await entra();
  const boss = await create(idp, "boss", { displayName: "The Boss" });
  const { id } = await create(idp, "ada");
  const path = `${enterpriseUser}:manager`;
  const manager = async (operation: object) => (await patchUser(idp, id, operation))[enterpriseUser]?.manager;
  const shown = { value: boss.id, $ref: `${idp.baseUrl}/Users/${boss.id}`, displayName: "The Boss" };

  expect(await manager(op("Add", path, [{ $ref: `${idp.baseUrl}/Users/${boss.id}`, value: boss.id }]))).toEqual(shown);
  expect(await manager(op("Replace", path, ""))).toBeUndefined();
  expect(await manager(op("Add", path, boss.id))).toEqual(shown);
  expect(await manager(op("Remove", path))).toBeUndefined();
});

test("SCIM-EN11: remove of the work e-mail's value does not care for the value sent with it", async () => {
  const idp = await entra();
  const { id } = await create(idp, "ada", {
    emails: [
      { type: "work", value: "w@x.test" },
      { type: "home", value: "h@x.test" },
    ],
  });

  expect((await patchUser(idp, id, op("Remove", 'emails[type eq "work"].value', "whatever"))).emails).toEqual([
    { type: "home", value: "h@x.test" },
  ]);
});

test("SCIM-EN12: a role as JSON text is stored as value and display, and granted", async () => {
  const idp = await entra();
  const { id } = await create(idp, "ada");
  const user = await patchUser(
    idp,
    id,
    op("Add", "roles", [{ value: '{"id":"18d1","value":"Admin","displayName":"Admin"}' }]),
  );

  expect(user.roles).toEqual([{ value: "Admin", display: "Admin" }]);
  expect(user[plenumUser].role).toBe("admin");
});

test("SCIM-EN13: roles with a primary as text; replaced by it, the role follows", async () => {
  const idp = await entra();
  const { id } = await create(idp, "ada");
  const added = await patchUser(
    idp,
    id,
    op("Add", "roles", [{ primary: "True", type: "WindowsAzureActiveDirectoryRole", value: "Admin" }]),
  );
  expect(added.roles).toEqual([{ primary: true, type: "WindowsAzureActiveDirectoryRole", value: "Admin" }]);
  expect(added[plenumUser].role).toBe("admin");
  const replaced = await patchUser(idp, id, op("Replace", 'roles[primary eq "True"].value', "User"));

  expect(replaced.roles).toEqual([{ primary: true, type: "WindowsAzureActiveDirectoryRole", value: "User" }]);
  expect(replaced[plenumUser].role).toBe("member");
});

test("SCIM-EN14: a single value in the old style of a list", async () => {
  const idp = await entra();
  const { id } = await create(idp, "ada");

  expect((await patchUser(idp, id, op("Replace", "title", [{ $ref: null, value: "Dr" }]))).title).toBe("Dr");
});

test("SCIM-EN15: groups without members, alone and by name", async () => {
  const idp = await entra();
  const ada = await create(idp, "ada");
  const id = await group(idp, "X");
  await idp.patch(`/Groups/${id}`, patchOp(op("Add", "members", [{ value: ada.id }])));
  const one = await idp.get(`/Groups/${id}?excludedAttributes=members`);
  const listed = await idp.get(`/Groups?excludedAttributes=members&filter=${encodeURIComponent('displayName eq "X"')}`);

  expect([one.status, one.body.id, "members" in one.body]).toEqual([200, id, false]);
  expect([listed.body.totalResults, listed.body.Resources[0].id, "members" in listed.body.Resources[0]]).toEqual([
    1,
    id,
    false,
  ]);
});

test("SCIM-EN16: a group with Entra's own schema beside the RFC's", async () => {
  const idp = await entra();
  const id = await group(idp, "Sales");
  const { body } = await idp.get(`/Groups/${id}`);

  expect(body).toMatchObject({ displayName: "Sales", externalId: "8aa1a0c0", meta: { resourceType: "Group" } });
  expect(body.schemas).toEqual([coreGroup, "urn:ietf:params:scim:schemas:extension:plenum:2.0:Group"]);
});

test("SCIM-EN17: hundreds of members at once, answered with 204", async () => {
  const idp = await entra({ seats: 400 });
  const ids: string[] = [];
  for (let i = 0; i < 6; i++) {
    const made = await Promise.all(Array.from({ length: 25 }, (_, n) => create(idp, `u${i}-${n}`)));
    ids.push(...made.map((u) => u.id as string));
  }
  const id = await group(idp, "All");
  const reply = await idp.patch(
    `/Groups/${id}`,
    patchOp(
      op(
        "Add",
        "members",
        ids.map((value) => ({ $ref: null, value })),
      ),
    ),
  );

  expect([reply.status, reply.text, reply.headers["content-type"]]).toEqual([204, "", undefined]);
  expect(await membersOf(idp, id)).toEqual([...ids].sort());
}, 60_000);

test.each([
  ["SCIM-EN18", (id: string) => op("Remove", "members", [{ $ref: null, value: id }])],
  ["SCIM-EN19", (id: string) => op("remove", `members[value eq "${id}"]`)],
])("%s: one member leaves, never the whole group", async (_, operation) => {
  const idp = await entra();
  const [ada, bob] = [await create(idp, "ada"), await create(idp, "bob")];
  const id = await group(idp, "Sales");
  await idp.patch(`/Groups/${id}`, patchOp(op("Add", "members", [{ value: ada.id }, { value: bob.id }])));
  const reply = await idp.patch(`/Groups/${id}`, patchOp(operation(ada.id)));

  expect(reply.status).toBe(204);
  expect(await membersOf(idp, id)).toEqual([bob.id]);
});

test("SCIM-EN20: several operations are one change, or none", async () => {
  const idp = await entra();
  const { id } = await create(idp, "ada");
  const replaces = ["displayName", "title", "userType", "locale", "nickName"].map((path) =>
    op("Replace", path, `${path}!`),
  );
  const user = await patchUser(idp, id, ...replaces);
  expect([user.displayName, user.nickName, user.meta.version]).toEqual(["displayName!", "nickName!", 'W/"2"']);

  const refused = await idp.patch(
    `/Users/${id}`,
    patchOp(op("Replace", "title", "Dr"), op("Replace", "active", "maybe")),
  );
  expect([refused.status, refused.body.scimType]).toEqual([400, "invalidValue"]);
  expect(refused.body.detail).toMatch(/^Operations\[1\]: active is "maybe"/);
  expect((await idp.get(`/Users/${id}`)).body).toEqual(user);
});

test("SCIM-EN21: the validator's empty list of operations does nothing", async () => {
  const idp = await entra();
  const { id, meta } = await create(idp, "ada");

  expect((await patchUser(idp, id)).meta).toEqual(meta);
});

test("SCIM-EN22: a user is deleted once, and not found the second time", async () => {
  const idp = await entra();
  const { id } = await create(idp, "ada");

  expect((await idp.delete(`/Users/${id}`)).status).toBe(204);
  expect((await idp.delete(`/Users/${id}`)).status).toBe(404);
});

test("SCIM-EN23: a user who is enabled again is the same and in the same groups", async () => {
  const idp = await entra();
  const { id } = await create(idp, "ada");
  const sales = await group(idp, "Sales");
  await idp.patch(`/Groups/${sales}`, patchOp(op("Add", "members", [{ value: id }])));
  await patchUser(idp, id, op("Replace", "active", "False"));
  const user = await patchUser(idp, id, op("Replace", "active", "True"));

  expect([user.id, user.active]).toEqual([id, true]);
  expect(user.groups).toEqual([
    { value: sales, $ref: `${idp.baseUrl}/Groups/${sales}`, display: "Sales", type: "direct" },
  ]);
});

test("SCIM-EN24: the same user or group twice is 409", async () => {
  const idp = await entra();
  await create(idp, "ada");
  await group(idp, "Sales");
  const user = await idp.post("/Users", userBody(idp, "ADA"));
  const again = await idp.post("/Groups", { schemas: [coreGroup], displayName: "sales" });

  expect([user.status, user.body.scimType]).toEqual([409, "uniqueness"]);
  expect([again.status, again.body.scimType]).toEqual([409, "uniqueness"]);
});

test("SCIM-EN25: both styles may come from one tenant", async () => {
  const idp = await entra();
  const { id } = await create(idp, "ada");

  expect((await patchUser(idp, id, op("Replace", "active", "False"))).active).toBe(false);
  expect((await patchUser(idp, id, { op: "replace", value: { active: true } })).active).toBe(true);
});

test("SCIM-EN26: the flag in the base address is ignored", async () => {
  const idp = await entra();

  expect(
    (await idp.get(`/Users?aadOptscim062020&filter=${encodeURIComponent('userName eq "x"')}`)).body.totalResults,
  ).toBe(0);
  expect((await idp.get("/ServiceProviderConfig?aadOptscim062020")).status).toBe(200);
});

test("SCIM-EN27: the schemas are discovered as one list", async () => {
  const idp = await entra();
  const { status, body } = await idp.get("/Schemas");

  expect([status, body.totalResults, body.Resources.length]).toEqual([200, 10, 10]);
  expect(body.schemas).toEqual(["urn:ietf:params:scim:api:messages:2.0:ListResponse"]);
});

test("SCIM-EN28: two seconds of 25 requests a second are all served", async () => {
  const idp = await entra();
  const replies = await Promise.all(
    Array.from({ length: 50 }, () => idp.get(`/Users?filter=${encodeURIComponent('userName eq "x"')}`)),
  );

  expect(new Set(replies.map((r) => r.status))).toEqual(new Set([200]));
});

test("SCIM-EN29: an attribute never seen is ignored, the rest applied, and the log says so", async () => {
  const idp = await entra();
  const { id } = await create(idp, "ada");
  const user = await patchUser(
    idp,
    id,
    op("Add", "nickName", "A"),
    op("Add", "urn:ietf:params:scim:schemas:extension:CustomExt:2.0:User:tag", "x"),
  );

  expect(user.nickName).toBe("A");
  expect(user["urn:ietf:params:scim:schemas:extension:CustomExt:2.0:User"]).toBeUndefined();
});

test("SCIM-EN30: of two e-mails of one type the last is stored", async () => {
  const idp = await entra();
  const user = await create(idp, "ada", {
    emails: [
      { type: "work", value: "old@x.test" },
      { type: "work", value: "new@x.test" },
    ],
  });

  expect(user.emails).toEqual([{ type: "work", value: "new@x.test" }]);
});

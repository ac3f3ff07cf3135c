import { coreUser, enterpriseUser, plenumUser } from "../../services/scim/urns";
import { openScim, patchOp, scimClient, type Reply, type ScimClient, type ScimServer } from "./support/door";

let server: ScimServer;
beforeAll(async () => {
  server = await openScim();
});

const body = (idp: ScimClient, name: string, more: object = {}) => ({
  schemas: [coreUser],
  userName: idp.org.email(name),
  ...more,
});
const create = async (idp: ScimClient, name: string, more: object = {}): Promise<Reply["body"]> => {
  const reply = await idp.post("/Users", body(idp, name, more));
  expect([reply.status, reply.body.detail]).toEqual([201, undefined]);
  return reply.body;
};

describe("create", () => {
  test("SCIM-090: the example of the page: 201, the whole resource, Location and ETag", async () => {
    const idp = await scimClient(server);
    const sent = {
      schemas: [coreUser, enterpriseUser],
      externalId: "00u1",
      userName: idp.org.email("Ada"),
      name: { givenName: "Ada", familyName: "L" },
      emails: [{ value: idp.org.email("ada"), type: "work", primary: true }],
      active: true,
      groups: [],
      password: "x9",
      [enterpriseUser]: { department: "R&D" },
    };
    const reply = await idp.post("/Users", sent);
    const { id, meta } = reply.body;

    expect(reply.status).toBe(201);
    expect(reply.headers).toMatchObject({ location: `${idp.baseUrl}/Users/${id}`, etag: 'W/"1"' });
    expect(reply.body).toEqual({
      schemas: [coreUser, enterpriseUser, plenumUser],
      id: expect.stringMatching(/^mem_[0-9a-z]{26}$/),
      externalId: "00u1",
      userName: sent.userName,
      name: { ...sent.name, formatted: "Ada L" },
      emails: sent.emails,
      active: true,
      [enterpriseUser]: { department: "R&D" },
      [plenumUser]: {
        seatStatus: "assigned",
        licence: "teams",
        role: "member",
        managedBy: "SCIM",
        invitationStatus: "none",
      },
      meta: {
        resourceType: "User",
        created: meta.created,
        lastModified: meta.created,
        location: `${idp.baseUrl}/Users/${id}`,
        version: 'W/"1"',
      },
    });
    expect((await idp.get(`/Users/${id}`)).body).toEqual(reply.body);
  });

  test("SCIM-061, SCIM-062, SCIM-063: every writable attribute comes back as it was sent", async () => {
    const idp = await scimClient(server, { preset: "strict" });
    const sent = {
      externalId: "E-1",
      name: {
        formatted: "Dr Ada K. Lovelace III",
        familyName: "Lovelace",
        givenName: "Ada",
        middleName: "K.",
        honorificPrefix: "Dr",
        honorificSuffix: "III",
      },
      displayName: "Ada",
      nickName: "A",
      profileUrl: "https://ada.test/",
      title: "Countess",
      userType: "Employee",
      preferredLanguage: "fr-FR",
      locale: "fr-FR",
      timezone: "Europe/Paris",
      active: true,
      emails: [
        { value: idp.org.email("a"), display: "A", type: "work", primary: true },
        { value: "b@home.test", type: "pigeon", primary: false },
      ],
      phoneNumbers: [{ value: "tel:+33-1-23", type: "mobile" }],
      ims: [{ value: "ada", type: "xmpp" }],
      photos: [{ value: "https://ada.test/p.png", type: "photo" }],
      addresses: [
        {
          formatted: "1 rue X\n75001 Paris",
          streetAddress: "1 rue X",
          locality: "Paris",
          region: "IDF",
          postalCode: "75001",
          country: "FR",
          type: "work",
          primary: true,
        },
      ],
      entitlements: [{ value: "e1", display: "E1", type: "x", primary: true }],
      roles: [{ value: "something", display: "S", type: "y" }],
      x509Certificates: [{ value: "MIIB", display: "c" }],
      [enterpriseUser]: {
        employeeNumber: "007",
        costCenter: "C",
        organization: "O",
        division: "D",
        department: "R&D",
        manager: { value: "mem_later" },
      },
      [plenumUser]: {
        seatType: "host",
        licenceOptions: ["sms", "video"],
        deprovisionPolicy: "transfer",
        transferTo: "mem_x",
      },
    };
    const made = await create(idp, "ada", sent);
    const { [plenumUser]: ours, ...core } = sent;

    expect(made).toMatchObject(core);
    expect(made[plenumUser]).toMatchObject(ours);
    const { body: read } = await idp.get(`/Users/${made.id}`);
    expect(read).toEqual(made);
  });

  test("SCIM-091: a missing or empty userName is invalidValue, a taken one uniqueness with who has it", async () => {
    const idp = await scimClient(server);
    const { id } = await create(idp, "Ada", { active: false });
    const missing = await idp.post("/Users", { schemas: [coreUser] });
    const taken = await idp.post("/Users", body(idp, "ADA"));

    expect([missing.status, missing.body.scimType]).toEqual([400, "invalidValue"]);
    expect([taken.status, taken.body.scimType]).toEqual([409, "uniqueness"]);
    expect(taken.body.detail).toMatch(new RegExp(`^userName: .*it belongs to ${id} \\(request `));
  });

  test("SCIM-080: user names that differ in case, width or composition are one name", async () => {
    const idp = await scimClient(server);
    await create(idp, "\uff21lice\u0301");

    expect((await idp.post("/Users", body(idp, "alic\u00e9"))).status).toBe(409);
    expect((await idp.find(`userName eq "${idp.org.email("ALIC\u00c9")}"`)).totalResults).toBe(1);
  });

  test("SCIM-092: after a delete the name is free at once, for a new id", async () => {
    const idp = await scimClient(server);
    const first = await create(idp, "ada");
    await idp.delete(`/Users/${first.id}`);
    const second = await create(idp, "ada");

    expect(second.id).not.toBe(first.id);
  });

  test("SCIM-093: active is true when omitted; false takes no seat and sends no invitation", async () => {
    const idp = await scimClient(server, { seats: 2 });
    const sleeping = await create(idp, "sleeping", { active: false, emails: [{ value: "x@elsewhere.test" }] });
    expect(sleeping[plenumUser]).toMatchObject({ seatStatus: "none", invitationStatus: "none" });
    expect(sleeping.active).toBe(false);

    expect((await create(idp, "awake")).active).toBe(true);
    expect((await idp.post("/Users", body(idp, "third"))).status).toBe(403);
  });

  test("SCIM-049: an address outside the verified domains is invited, not joined", async () => {
    const idp = await scimClient(server);
    const user = await create(idp, "ada", { emails: [{ value: "ada@elsewhere.test", primary: true }] });

    expect(user[plenumUser]).toMatchObject({ invitationStatus: "pending", seatStatus: "assigned" });
    expect(user.active).toBe(true);
  });

  test("SCIM-094: an externalId may stand twice; it is found, with case, by its own connection only", async () => {
    const idp = await scimClient(server);
    const [a, b] = [await create(idp, "a", { externalId: "Same" }), await create(idp, "b", { externalId: "Same" })];

    expect((await idp.find('externalId eq "Same"')).Resources.map((r: { id: string }) => r.id)).toEqual([a.id, b.id]);
    expect((await idp.find('externalId eq "same"')).totalResults).toBe(0);
  });

  test("SCIM-095: fifty parallel creates of one name: one 201, forty-nine 409", async () => {
    const idp = await scimClient(server, { seats: 100 });
    const replies = await Promise.all(Array.from({ length: 50 }, () => idp.post("/Users", body(idp, "ada"))));
    const statuses = replies.map((r) => r.status).sort();

    expect(statuses).toEqual([201, ...Array<number>(49).fill(409)]);
    expect((await idp.find("userName pr")).totalResults).toBe(2);
  }, 60_000);

  test("SCIM-097: members who joined in any other way are visible and can be adopted", async () => {
    const idp = await scimClient(server);
    const local = await idp.org.add("local");
    await idp.org.invite("guest");
    const found = await idp.find(`userName eq "${idp.org.email("local")}"`);
    expect(found.Resources[0][plenumUser]).toMatchObject({ managedBy: "local", seatStatus: "assigned" });
    expect((await idp.find(`userName eq "${idp.org.email("guest")}"`)).Resources[0][plenumUser].invitationStatus).toBe(
      "pending",
    );

    const adopted = await idp.patch(
      `/Users/${found.Resources[0].id}`,
      patchOp({ op: "add", path: "externalId", value: "x1" }),
    );
    expect([adopted.body[plenumUser].managedBy, adopted.body.externalId, adopted.body.meta.version]).toEqual([
      "SCIM",
      "x1",
      'W/"2"',
    ]);
    expect(local.version).toBe("1");
  });

  test("SCIM-062: an unknown manager is kept; when the manager comes, name and reference appear", async () => {
    const idp = await scimClient(server);
    const boss = await create(idp, "boss", { displayName: "Boss" });
    await idp.delete(`/Users/${boss.id}`);
    const ada = await create(idp, "ada", { [enterpriseUser]: { manager: { value: boss.id } } });
    expect(ada[enterpriseUser].manager).toEqual({ value: boss.id });

    const bob = await create(idp, "bob", { displayName: "Bob" });
    const managed = await idp.patch(
      `/Users/${ada.id}`,
      patchOp({ op: "replace", path: `${enterpriseUser}:manager`, value: bob.id }),
    );
    expect(managed.body[enterpriseUser].manager).toEqual({
      value: bob.id,
      displayName: "Bob",
      $ref: `${idp.baseUrl}/Users/${bob.id}`,
    });
    expect((await idp.find(`${enterpriseUser}:manager.displayName eq "bob"`)).totalResults).toBe(1);
  });
});

describe("read and list", () => {
  test("SCIM-100: inactive users are read, unknown and deleted ones are 404", async () => {
    const idp = await scimClient(server);
    const { id } = await create(idp, "ada", { active: false });
    expect((await idp.get(`/Users/${id}`)).body.active).toBe(false);
    await idp.delete(`/Users/${id}`);

    expect((await idp.get(`/Users/${id}`)).status).toBe(404);
    expect((await idp.get("/Users/mem_00000000000000000000000000")).status).toBe(404);
  });

  test("SCIM-101: nothing found is 200 with an empty list", async () => {
    const idp = await scimClient(server);

    expect((await idp.get("/Users?filter=userName%20eq%20%22nobody%22")).body).toEqual({
      schemas: ["urn:ietf:params:scim:api:messages:2.0:ListResponse"],
      totalResults: 0,
      startIndex: 1,
      itemsPerPage: 0,
      Resources: [],
    });
  });

  test("SCIM-102: attributes and excludedAttributes on GET, list, POST, PUT and PATCH", async () => {
    const idp = await scimClient(server);
    const made = await idp.post("/Users?attributes=userName", body(idp, "ada", { title: "Dr" }));
    const { id } = made.body;
    const small = { schemas: [coreUser, plenumUser], id, userName: idp.org.email("ada") };

    expect([made.status, made.body]).toEqual([201, small]);
    expect((await idp.get(`/Users/${id}?attributes=userName`)).body).toEqual(small);
    expect((await idp.get(`/Users?attributes=userName&filter=title%20eq%20%22Dr%22`)).body.Resources).toEqual([small]);
    expect((await idp.put(`/Users/${id}?attributes=userName`, body(idp, "ada"))).body).toEqual(small);
    expect(
      (await idp.patch(`/Users/${id}?attributes=userName`, patchOp({ op: "add", path: "title", value: "x" }))).body,
    ).toEqual(small);
    expect((await idp.get(`/Users/${id}?excludedAttributes=meta,${plenumUser}`)).body).toEqual({
      schemas: [coreUser, plenumUser],
      id,
      userName: idp.org.email("ada"),
      title: "x",
      active: true,
    });
    expect((await idp.get(`/Users/${id}?attributes=a&excludedAttributes=b`)).body.scimType).toBe("invalidValue");
  });

  test("SCIM-120: sorted by any attribute, ascending or descending, missing values last or first", async () => {
    const idp = await scimClient(server);
    for (const [name, title] of [
      ["b", "beta"],
      ["a", "Alpha"],
      ["c", undefined],
      ["d", "alpha"],
    ] as const)
      await create(idp, name, { title, emails: [{ value: `${name}@x.test` }] });
    const order = async (query: string) =>
      ((await idp.get(`/Users?${query}&attributes=userName`)).body.Resources as { userName: string }[])
        .map((u) => u.userName.split("@")[0])
        .join("");

    expect(await order("sortBy=title")).toBe("adbownerc");
    expect(await order("sortBy=title&sortOrder=descending")).toBe("ownercbad");
    expect(await order("sortBy=emails.value&filter=title%20pr")).toBe("abd");
    expect(await order("sortBy=userName&sortOrder=DESCENDING&filter=title%20pr")).toBe("dba");
    expect(await order("sortOrder=nonsense&filter=title%20pr")).toBe("bad");
    expect((await idp.get("/Users?sortBy=colour")).body.scimType).toBe("invalidValue");
  });

  test("SCIM-130: index paging at and beyond its bounds", async () => {
    const idp = await scimClient(server);
    for (const name of ["a", "b", "c"]) await create(idp, name);
    const page = async (query: string) => {
      const { body: list } = await idp.get(`/Users?${query}`);
      return [list.totalResults, list.startIndex, list.itemsPerPage, list.Resources.length];
    };

    expect(await page("")).toEqual([4, 1, 4, 4]);
    expect(await page("count=0")).toEqual([4, 1, 0, 0]);
    expect(await page("count=-1&startIndex=-3")).toEqual([4, 1, 0, 0]);
    expect(await page("startIndex=3&count=1")).toEqual([4, 3, 1, 1]);
    expect(await page("startIndex=4")).toEqual([4, 4, 1, 1]);
    expect(await page("startIndex=5")).toEqual([4, 5, 0, 0]);
    expect(await page("startIndex=99&filter=userName%20sw%20%22a%22")).toEqual([1, 99, 0, 0]);
    expect((await idp.get("/Users?count=many")).body.scimType).toBe("invalidValue");
  });

  test("SCIM-131: the order is that of creation, and the total is exact", async () => {
    const idp = await scimClient(server);
    const ids = [];
    for (const name of ["c", "a", "b"]) ids.push((await create(idp, name)).id);
    const walked: string[] = [];
    for (let startIndex = 1; startIndex <= 4; startIndex++) {
      const { body: list } = await idp.get(`/Users?startIndex=${startIndex}&count=1`);
      expect(list.totalResults).toBe(4);
      walked.push(list.Resources[0].id);
    }

    expect(walked.slice(1)).toEqual(ids);
  });

  test("SCIM-065: groups of a user, direct and through other groups, also in circles", async () => {
    const idp = await scimClient(server);
    const ada = await create(idp, "ada");
    const group = async (displayName: string, members: string[]) =>
      (await idp.post("/Groups", { displayName, members: members.map((value) => ({ value })) })).body.id as string;
    const inner = await group("Inner", [ada.id]);
    const outer = await group("Outer", [inner]);
    await idp.patch(
      `/Groups/${inner}`,
      patchOp({ op: "add", path: "members", value: [{ value: outer, type: "Group" }] }),
    );
    const one = (await idp.get(`/Users/${ada.id}`)).body.groups;
    const listed = (await idp.find(`userName eq "${idp.org.email("ada")}"`)).Resources[0].groups;

    expect(one.map((g: { display: string; type: string }) => [g.display, g.type])).toEqual([
      ["Inner", "direct"],
      ["Outer", "indirect"],
    ]);
    expect(listed.map((g: { display: string }) => g.display)).toEqual(["Inner"]);
    expect((await idp.find(`groups[value eq "${inner}"]`)).totalResults).toBe(1);
    expect((await idp.find('groups.display eq "inner"')).totalResults).toBe(1);
  });
});

describe("replace", () => {
  test("SCIM-140: PUT of an unknown id is 404 and creates nothing; userName is required", async () => {
    const idp = await scimClient(server);
    expect((await idp.put("/Users/mem_00000000000000000000000000", body(idp, "ada"))).status).toBe(404);
    const { id } = await create(idp, "ada");

    expect((await idp.put(`/Users/${id}`, { schemas: [coreUser] })).body.scimType).toBe("invalidValue");
    expect((await idp.find("userName pr")).totalResults).toBe(2);
  });

  test("SCIM-142: what PUT omits is cleared, except states, roles and our own extension", async () => {
    const idp = await scimClient(server);
    const made = await create(idp, "ada", {
      title: "Dr",
      nickName: "A",
      externalId: "e",
      name: { givenName: "Ada" },
      emails: [{ value: idp.org.email("ada") }],
      roles: [{ value: "admin" }],
      entitlements: [{ value: "x" }],
      active: false,
      [enterpriseUser]: { department: "R&D" },
      [plenumUser]: { seatType: "host" },
    });
    const { body: after } = await idp.put(`/Users/${made.id}`, body(idp, "ada"));

    expect(after).toEqual({
      schemas: [coreUser, plenumUser],
      id: made.id,
      userName: made.userName,
      active: false,
      roles: [{ value: "admin" }],
      entitlements: [{ value: "x" }],
      [plenumUser]: made[plenumUser],
      meta: { ...made.meta, lastModified: after.meta.lastModified, version: 'W/"2"' },
    });
  });

  test("SCIM-143: a body that was read and is sent back changes nothing", async () => {
    const idp = await scimClient(server);
    const boss = await create(idp, "boss", { displayName: "Boss" });
    const made = await create(idp, "ada", {
      title: "Dr",
      name: { givenName: "Ada", familyName: "L" },
      emails: [{ value: idp.org.email("ada"), primary: false }],
      roles: [{ value: "x" }],
      addresses: [{ locality: "Paris" }],
      [enterpriseUser]: { manager: { value: boss.id } },
      [plenumUser]: { licenceOptions: ["sms"] },
    });
    await idp.post("/Groups", { displayName: "G", members: [{ value: made.id }] });
    const { body: read } = await idp.get(`/Users/${made.id}`);
    const reply = await idp.put(`/Users/${made.id}`, read);

    expect(reply.status).toBe(200);
    expect(reply.body).toEqual(read);
    expect(reply.body.meta.version).toBe('W/"1"');
  });

  test("SCIM-143: for somebody known by a display name only, too", async () => {
    const idp = await scimClient(server);
    const made = await create(idp, "ada", { displayName: "Ada" });
    expect(made.name).toEqual({ formatted: "Ada" });

    expect((await idp.put(`/Users/${made.id}`, made)).body).toEqual(made);
    expect((await idp.put(`/Users/${made.id}`, { ...made, displayName: "Ada L" })).body.name).toEqual({
      formatted: "Ada L",
    });
  });

  test("SCIM-144: PUT deactivates and reactivates; without active it does neither", async () => {
    const idp = await scimClient(server);
    const { id } = await create(idp, "ada");
    const put = async (more: object) => (await idp.put(`/Users/${id}`, body(idp, "ada", more))).body;

    expect((await put({ active: false })).active).toBe(false);
    expect((await put({})).active).toBe(false);
    expect((await put({ active: null })).active).toBe(false);
    expect((await put({ active: true })).active).toBe(true);
  });

  test("SCIM-091: PUT and PATCH to a name that somebody has are 409 and change nothing", async () => {
    const idp = await scimClient(server);
    const [ada, bob] = [await create(idp, "ada"), await create(idp, "bob")];
    const put = await idp.put(`/Users/${bob.id}`, body(idp, "ADA"));
    const patch = await idp.patch(
      `/Users/${bob.id}`,
      patchOp({ op: "replace", path: "userName", value: idp.org.email("Ada") }),
    );

    for (const reply of [put, patch]) {
      expect([reply.status, reply.body.scimType]).toEqual([409, "uniqueness"]);
      expect(reply.body.detail).toContain(ada.id);
    }
    expect((await idp.get(`/Users/${bob.id}`)).body).toEqual(bob);
  });
});

describe("modify and delete", () => {
  test("SCIM-152: what changes nothing keeps version and lastModified", async () => {
    const idp = await scimClient(server);
    const made = await create(idp, "ada", { title: "Dr", emails: [{ value: idp.org.email("ada"), type: "work" }] });
    const reply = await idp.patch(
      `/Users/${made.id}`,
      patchOp(
        { op: "replace", path: "title", value: "Dr" },
        { op: "add", path: "emails", value: [{ value: idp.org.email("ada"), type: "work" }] },
        { op: "remove", path: "nickName" },
        { op: "replace", path: "active", value: true },
      ),
    );

    expect([reply.status, reply.body.meta]).toEqual([200, made.meta]);
  });

  test("SCIM-153: 200 with the resource, or 204 with its ETag where the connection wants it", async () => {
    const change = patchOp({ op: "replace", path: "title", value: "Dr" });
    const idp = await scimClient(server);
    const { id } = await create(idp, "ada");
    const reply = await idp.patch(`/Users/${id}`, change);
    expect([reply.status, reply.headers.etag, reply.headers.location, reply.body.title]).toEqual([
      200,
      'W/"2"',
      `${idp.baseUrl}/Users/${id}`,
      "Dr",
    ]);

    const terse = await scimClient(server, { preset: "tolerant", switches: { patchResponse: "204" } });
    const { id: other } = await create(terse, "ada");
    const bare = await terse.patch(`/Users/${other}`, change);
    expect([bare.status, bare.text, bare.headers.etag, bare.headers["content-type"]]).toEqual([
      204,
      "",
      'W/"2"',
      undefined,
    ]);
    expect((await terse.patch(`/Users/${other}?attributes=title`, change)).status).toBe(200);
  });

  test("SCIM-159: the extension's URN comes with its first attribute and goes with its last", async () => {
    const idp = await scimClient(server);
    const { id } = await create(idp, "ada");
    const set = await idp.patch(
      `/Users/${id}`,
      patchOp({ op: "add", path: `${enterpriseUser}:department`, value: "R&D" }),
    );
    const gone = await idp.patch(`/Users/${id}`, patchOp({ op: "remove", path: `${enterpriseUser}:department` }));

    expect(set.body.schemas).toEqual([coreUser, enterpriseUser, plenumUser]);
    expect(gone.body.schemas).toEqual([coreUser, plenumUser]);
    expect(gone.body[enterpriseUser]).toBeUndefined();
    expect((await idp.find(`schemas eq "${enterpriseUser}"`)).totalResults).toBe(0);
  });

  test("SCIM-170: a deleted user is gone from everywhere", async () => {
    const idp = await scimClient(server);
    const { id } = await create(idp, "ada");
    const group = (await idp.post("/Groups", { displayName: "G", members: [{ value: id }] })).body.id as string;
    expect((await idp.delete(`/Users/${id}`)).status).toBe(204);

    for (const reply of await Promise.all([
      idp.get(`/Users/${id}`),
      idp.put(`/Users/${id}`, body(idp, "ada")),
      idp.patch(`/Users/${id}`, patchOp({ op: "add", path: "title", value: "x" })),
      idp.delete(`/Users/${id}`),
    ])) {
      expect([reply.status, reply.body.status]).toEqual([404, "404"]);
    }
    expect((await idp.find(`userName eq "${idp.org.email("ada")}"`)).totalResults).toBe(0);
    const { body: left } = await idp.get(`/Groups/${group}`);
    expect([left.members, left["urn:ietf:params:scim:schemas:extension:plenum:2.0:Group"].memberCount]).toEqual([
      undefined,
      0,
    ]);
  });

  test("SCIM-175: ETag, If-None-Match and If-Match", async () => {
    const idp = await scimClient(server);
    const { id } = await create(idp, "ada");
    const notModified = await idp.get(`/Users/${id}`, { "if-none-match": 'W/"1"' });
    expect([notModified.status, notModified.text, notModified.headers["content-type"]]).toEqual([304, "", undefined]);
    expect((await idp.get(`/Users/${id}`, { "if-none-match": 'W/"7"' })).status).toBe(200);

    const title = (value: string) => patchOp({ op: "replace", path: "title", value });
    expect((await idp.patch(`/Users/${id}`, title("a"), { "if-match": '"9"' })).status).toBe(412);
    expect((await idp.patch(`/Users/${id}`, title("b"), { "if-match": 'W/"3", "1"' })).status).toBe(200);
    expect((await idp.put(`/Users/${id}`, body(idp, "ada"), { "if-match": 'W/"1"' })).status).toBe(412);
    expect((await idp.delete(`/Users/${id}`, { "if-match": 'W/"1"' })).status).toBe(412);
    expect((await idp.delete(`/Users/${id}`, { "if-match": "*" })).status).toBe(204);
    expect((await idp.delete(`/Users/${id}`, { "if-match": "*" })).status).toBe(404);
  });

  test("SCIM-175: ten parallel PUTs with one If-Match: one 200, nine 412", async () => {
    const idp = await scimClient(server);
    const { id } = await create(idp, "ada");
    const replies = await Promise.all(
      Array.from({ length: 10 }, (_, i) =>
        idp.put(`/Users/${id}`, body(idp, "ada", { title: `t${i}` }), { "if-match": 'W/"1"' }),
      ),
    );

    expect(replies.map((r) => r.status).sort()).toEqual([200, ...Array<number>(9).fill(412)]);
  });

  test("SCIM-151: parallel PATCHes of different e-mails lose none", async () => {
    const idp = await scimClient(server);
    const { id } = await create(idp, "ada");
    await Promise.all(
      Array.from({ length: 10 }, (_, i) =>
        idp.patch(`/Users/${id}`, patchOp({ op: "add", path: "emails", value: [{ value: `m${i}@x.test` }] })),
      ),
    );

    expect((await idp.get(`/Users/${id}`)).body.emails).toHaveLength(10);
  });
});

test("SCIM-061: a bad time zone is stored, not applied", async () => {
  const idp = await scimClient(server);

  expect((await create(idp, "ada", { timezone: "Mars/Olympus" })).timezone).toBe("Mars/Olympus");
});

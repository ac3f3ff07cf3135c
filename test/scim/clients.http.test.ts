import { coreGroup, coreUser, enterpriseUser, plenumUser } from "../../services/scim/urns";
import { asOwner, openScim, patchOp, scimClient, type Reply, type ScimClient, type ScimServer } from "./support/door";

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
  expect(reply.status).toBe(201);
  return reply.body;
};
const group = async (idp: ScimClient, displayName: string, ids: string[] = []): Promise<string> =>
  (await idp.post("/Groups", { schemas: [coreGroup], displayName, members: ids.map((value) => ({ value })) })).body
    .id as string;
const membersOf = async (idp: ScimClient, id: string): Promise<string[]> =>
  ((await idp.get(`/Groups/${id}`)).body.members ?? []).map((m: { value: string }) => m.value).sort();

describe("OneLogin", () => {
  const onelogin = () =>
    scimClient(server, {
      preset: "onelogin",
      headers: { accept: "application/json", "content-type": "application/json" },
    });

  test("SCIM-OL01: an unknown user is an empty list", async () => {
    const idp = await onelogin();
    const reply = await idp.get(`/Users?filter=${encodeURIComponent('userName eq "nobody"')}`);

    expect([reply.status, reply.body.totalResults, reply.headers["content-type"]]).toEqual([
      200,
      0,
      "application/json",
    ]);
  });

  test("SCIM-OL02: create, read, update by PUT, suspend by PUT, delete", async () => {
    const idp = await onelogin();
    const { id } = await create(idp, "ada");
    expect((await idp.get(`/Users/${id}`)).status).toBe(200);
    expect((await idp.put(`/Users/${id}`, body(idp, "ada", { title: "Dr" }))).body.title).toBe("Dr");
    expect((await idp.put(`/Users/${id}`, body(idp, "ada", { active: false }))).body.active).toBe(false);
    expect((await idp.delete(`/Users/${id}`)).status).toBe(204);
  });

  test("SCIM-OL05: groups without any parameter: all pages can be reached, the total is exact", async () => {
    const idp = await onelogin();
    for (let i = 0; i < 105; i++)
      await asOwner(
        "insert into member_group (org_id, id, display_name, name_key, created_at, updated_at) values ($1, gen_random_uuid(), $2, $2, now(), now())",
        [idp.org.orgId, `group ${i}`],
      );
    const first = (await idp.get("/Groups")).body;
    const second = (await idp.get("/Groups?startIndex=101")).body;

    expect([first.totalResults, first.itemsPerPage, second.totalResults, second.itemsPerPage]).toEqual([
      105, 100, 105, 5,
    ]);
    expect(new Set([...first.Resources, ...second.Resources].map((g: { id: string }) => g.id)).size).toBe(105);
  });
});

describe("JumpCloud", () => {
  test("SCIM-JC02: deletes users, or deactivates them", async () => {
    const idp = await scimClient(server);
    const { id } = await create(idp, "ada");
    expect((await idp.put(`/Users/${id}`, body(idp, "ada", { active: false }))).body.active).toBe(false);
    expect((await idp.delete(`/Users/${id}`)).status).toBe(204);
  });

  test("SCIM-JC03: takes one member out by a list", async () => {
    const idp = await scimClient(server);
    const [ada, bob] = [(await create(idp, "ada")).id as string, (await create(idp, "bob")).id as string];
    const id = await group(idp, "G", [ada, bob]);
    await idp.patch(`/Groups/${id}`, patchOp({ op: "remove", path: "members", value: [{ value: ada }] }));

    expect(await membersOf(idp, id)).toEqual([bob]);
  });
});

describe("Ping", () => {
  const ping = () => scimClient(server, { preset: "ping" });

  test("SCIM-PG02: users by PUT, groups by PATCH, answered with the resource", async () => {
    const idp = await ping();
    const { id: ada } = await create(idp, "ada");
    const id = await group(idp, "G");
    const put = await idp.put(`/Users/${ada}`, body(idp, "ada", { displayName: "Ada" }));
    const add = await idp.patch(`/Groups/${id}`, patchOp({ op: "add", path: "members", value: [{ value: ada }] }));
    const remove = await idp.patch(
      `/Groups/${id}`,
      patchOp({ op: "remove", path: `members[value eq "${String(ada)}"]` }),
    );

    expect([put.status, add.status, remove.status]).toEqual([200, 200, 200]);
    expect([add.body.members.length, remove.body.members]).toEqual([1, undefined]);
  });

  test("SCIM-PG03: groups are found by listing all pages in a stable order", async () => {
    const idp = await ping();
    const made = [];
    for (const name of ["c", "a", "b"]) made.push(await group(idp, name));
    const seen: string[] = [];
    for (let i = 1; i <= 3; i++) seen.push((await idp.get(`/Groups?startIndex=${i}&count=1`)).body.Resources[0].id);

    expect(seen).toEqual(made);
  });

  test("SCIM-PG04: a user who is disabled from the start takes no seat", async () => {
    const idp = await scimClient(server, { preset: "ping", seats: 1 });
    const user = await create(idp, "ada", { active: false });

    expect([user.active, user[plenumUser].seatStatus]).toEqual([false, "none"]);
  });

  test("SCIM-PG05: Bearer always, Basic where the connection opted in", async () => {
    const idp = await scimClient(server, { preset: "ping", switches: { basicAuth: true } });
    const basic = Buffer.from(`${idp.base.split("/").at(-1) ?? ""}:${idp.token}`).toString("base64");

    expect((await idp.get("/Users?count=0")).status).toBe(200);
    expect((await idp.get("/Users?count=0", { authorization: `Basic ${basic}` })).status).toBe(200);
  });
});

describe("Keycloak and authentik", () => {
  test("SCIM-KC01: ServiceProviderConfig is always there", async () => {
    const idp = await scimClient(server);
    expect((await idp.get("/ServiceProviderConfig", { accept: "application/json" })).body.patch).toEqual({
      supported: true,
    });
  });

  test("SCIM-KC03: a group updated by its whole object keeps its members", async () => {
    const idp = await scimClient(server);
    const { id: ada } = await create(idp, "ada");
    const id = await group(idp, "G", [ada]);
    const { members: _members, ...whole } = (await idp.get(`/Groups/${id}`)).body;
    const reply = await idp.patch(
      `/Groups/${id}`,
      patchOp({ op: "replace", value: { ...whole, displayName: "H", externalId: "x" } }),
    );

    expect(reply.status).toBe(204);
    expect((await idp.get(`/Groups/${id}`)).body).toMatchObject({
      displayName: "H",
      externalId: "x",
      members: [{ value: ada }],
    });
  });

  test("SCIM-KC04: one operation for each member, a thousand in one request", async () => {
    const idp = await scimClient(server, { preset: "okta" });
    const { id: ada } = await create(idp, "ada");
    const id = await group(idp, "G");
    const nobody = (i: number) => `mem_${String(i).padStart(26, "0")}`;
    const operations = Array.from({ length: 1_000 }, (_, i) => ({
      op: "add",
      path: "members",
      value: [{ value: i === 500 ? ada : nobody(i) }],
    }));
    const reply = await idp.patch(`/Groups/${id}`, patchOp(...operations));

    expect(reply.status).toBe(204);
    expect(await membersOf(idp, id)).toEqual([ada]);
  }, 60_000);

  test("SCIM-KC05: a whole group to be compared, and a loop by startIndex without count until all are seen", async () => {
    const idp = await scimClient(server, { seats: 200 });
    for (let i = 0; i < 120; i++) await create(idp, `u${i}`);
    const seen = new Set<string>();
    for (let total = 1; seen.size < total;) {
      const { body: page } = await idp.get(`/Users?startIndex=${seen.size + 1}`);
      total = page.totalResults;
      for (const user of page.Resources) seen.add(user.id);
    }
    const id = await group(idp, "All", [...seen]);

    expect([seen.size, (await membersOf(idp, id)).length]).toEqual([121, 121]);
  }, 60_000);

  test("SCIM-KC07: 404 only for what is truly deleted: deactivated users and renamed groups keep their ids", async () => {
    const idp = await scimClient(server);
    const { id } = await create(idp, "ada");
    const g = await group(idp, "G");
    await idp.put(`/Users/${id}`, body(idp, "other", { active: false }));
    await idp.put(`/Groups/${g}`, { schemas: [coreGroup], displayName: "H" });

    expect([(await idp.get(`/Users/${id}`)).status, (await idp.get(`/Groups/${g}`)).status]).toEqual([200, 200]);
  });
});

describe("the page's own rules that no client is named for", () => {
  test("SCIM-015: the id is the membership's: the same person has another in another organization", async () => {
    const [a, b] = [await scimClient(server), await scimClient(server)];
    const mail = { emails: [{ value: "same@person.test" }] };
    const [one, two] = [await create(a, "ada", mail), await create(b, "ada", mail)];

    expect(one.id).not.toBe(two.id);
    expect([one.id, two.id].every((id: string) => /^mem_[0-9a-z]{26}$/.test(id))).toBe(true);
  });

  test("SCIM-111: case counts where the schema says so, and nowhere else", async () => {
    const idp = await scimClient(server);
    await create(idp, "Ada", { externalId: "Abc", profileUrl: "https://X.test/A", title: "Abc" });
    const total = async (filter: string) => (await idp.find(filter)).totalResults as number;

    expect([await total(`userName eq "${idp.org.email("aDA")}"`), await total('title eq "aBC"')]).toEqual([1, 1]);
    expect([await total('externalId eq "abc"'), await total('profileUrl sw "https://x"')]).toEqual([0, 0]);
  });

  test("SCIM-112: dotted conditions may be met by different elements, bracketed ones by one", async () => {
    const idp = await scimClient(server);
    await create(idp, "ada", {
      emails: [
        { type: "work", value: "a@x.test" },
        { type: "home", value: "b@x.test" },
      ],
    });
    const total = async (filter: string) => (await idp.find(filter)).totalResults as number;

    expect(await total('emails.type eq "work" and emails.value eq "b@x.test"')).toBe(1);
    expect(await total('emails[type eq "work" and value eq "b@x.test"]')).toBe(0);
    expect(await total('emails[type eq "home" and value eq "b@x.test"]')).toBe(1);
  });

  test("SCIM-141: read-only values in a PUT are ignored, null clears", async () => {
    const idp = await scimClient(server);
    const made = await create(idp, "ada", { title: "Dr", [enterpriseUser]: { department: "R&D" } });
    const put = await idp.put(`/Users/${made.id}`, {
      ...made,
      id: "x",
      groups: 5,
      meta: null,
      title: null,
      [enterpriseUser]: null,
      [plenumUser]: { seatStatus: "none", managedBy: "me" },
    });

    expect([put.status, put.body.id, put.body.title, put.body[enterpriseUser]]).toEqual([
      200,
      made.id,
      undefined,
      undefined,
    ]);
    expect(put.body[plenumUser]).toEqual(made[plenumUser]);
  });

  test("SCIM-188: side effects are left to the outbox: the answer does not wait for them", async () => {
    const idp = await scimClient(server);
    const { id } = await create(idp, "ada");
    await idp.patch(`/Users/${id}`, patchOp({ op: "replace", path: "active", value: false }));
    const events = await asOwner("select name from domain_event where org_id = $1 order by at, id", [idp.org.orgId]);

    expect(events.map((e) => e["name"])).toEqual(
      expect.arrayContaining(["member.added", "seat.taken", "member.suspended", "seat.released"]),
    );
  });
});

import { coreGroup, coreUser, enterpriseUser } from "../../services/scim/urns";
import { findRoute } from "../../services/scim/routes";
import { asOwner, openScim, patchOp, scimClient, type Reply, type ScimClient, type ScimServer } from "./support/door";

let server: ScimServer;
let ours: ScimClient;
let theirs: ScimClient;
let user: Reply["body"];
let group: Reply["body"];
beforeAll(async () => {
  server = await openScim();
  [ours, theirs] = [await scimClient(server), await scimClient(server)];
  user = (
    await theirs.post("/Users", {
      schemas: [coreUser],
      userName: "secret@theirs.test",
      externalId: "their-id",
      title: "Secret",
    })
  ).body;
  group = (
    await theirs.post("/Groups", {
      schemas: [coreGroup],
      displayName: "Their secret",
      externalId: "their-group",
      members: [{ value: user.id }],
    })
  ).body;
});

const rows = (): Promise<readonly Record<string, unknown>[]> =>
  asOwner(
    `select (select md5(string_agg(m::text, ',' order by m.id)) from member m where org_id = $1) as members,
       (select md5(string_agg(g::text, ',' order by g.id)) from member_group g where org_id = $1) as groups,
       (select md5(string_agg(e::text, ',' order by e.child_id)) from group_member e where org_id = $1) as edges`,
    [theirs.org.orgId],
  );

/** What an answer says, without what is different in each. */
const plain = ({ status, text }: Reply): string => `${status} ${text.replace(/\(request [^)]+\)/, "")}`;

test("SCIM-013: every method on every path, with another organization's id, is as if it did not exist", async () => {
  const before = await rows();
  const bodies: Record<string, object | undefined> = {
    "PUT Users": { schemas: [coreUser], userName: "x@y.test" },
    "PATCH Users": patchOp({ op: "replace", path: "title", value: "stolen" }),
    "PUT Groups": { schemas: [coreGroup], displayName: "stolen" },
    "PATCH Groups": patchOp({ op: "remove", path: "members" }),
  };
  const tried: string[] = [];
  for (const [endpoint, foreign, nobody] of [
    ["Users", user.id, "mem_01h455vb4pex5vsknk084sn02q"],
    ["Groups", group.id, "grp_01h455vb4pex5vsknk084sn02q"],
  ] as const) {
    for (const method of ["GET", "PUT", "PATCH", "DELETE"]) {
      // Whatever the routing table serves for one resource is tried here.
      expect(findRoute(method, [endpoint, foreign]).kind).toBe("work");
      const body = bodies[`${method} ${endpoint}`];
      const [a, b] = [
        await ours.send({ method, path: `/${endpoint}/${foreign}`, body }),
        await ours.send({ method, path: `/${endpoint}/${nobody}`, body }),
      ];
      expect([a.status, plain(a)]).toEqual([404, plain(b)]);
      tried.push(`${method} ${endpoint}`);
    }
  }

  expect(tried).toHaveLength(8);
  expect(await rows()).toEqual(before);
});

test("SCIM-013: another organization's values are found by no filter, list or sort", async () => {
  for (const filter of [
    `id eq "${user.id}"`,
    'userName eq "secret@theirs.test"',
    'externalId eq "their-id"',
    'title eq "Secret"',
    `groups.value eq "${group.id}"`,
    "title pr",
    'not (title eq "x") and title pr',
  ]) {
    expect([filter, (await ours.find(filter)).totalResults]).toEqual([filter, 0]);
  }
  for (const filter of [
    `id eq "${group.id}"`,
    'displayName eq "Their secret"',
    `members.value eq "${user.id}"`,
    "displayName pr",
  ]) {
    expect([filter, (await ours.find(filter, "/Groups")).totalResults]).toEqual([filter, 0]);
  }
  expect((await ours.get("/Users?sortBy=title")).text).not.toContain("Secret");
});

test("SCIM-013: another organization's members and groups cannot be put into ours, nor taken out of theirs", async () => {
  const before = await rows();
  for (const value of [user.id, group.id]) {
    const post = await ours.post("/Groups", {
      schemas: [coreGroup],
      displayName: `Ours ${String(value)}`,
      members: [{ value }],
    });
    expect([post.status, post.body.scimType]).toEqual([400, "invalidValue"]);
  }
  const mine = (await ours.post("/Groups", { schemas: [coreGroup], displayName: "Mine" })).body.id as string;
  const add = await ours.patch(`/Groups/${mine}`, patchOp({ op: "add", path: "members", value: [{ value: user.id }] }));
  const remove = await ours.patch(
    `/Groups/${mine}`,
    patchOp({ op: "remove", path: `members[value eq "${String(user.id)}"]` }),
  );
  expect([add.status, remove.status]).toEqual([400, 204]);

  expect(await rows()).toEqual(before);
});

test("SCIM-013: a manager of another organization is a text like any other", async () => {
  const { body } = await ours.post("/Users", {
    schemas: [coreUser],
    userName: ours.org.email("ada"),
    [enterpriseUser]: { manager: { value: user.id } },
  });

  expect(body[enterpriseUser].manager).toEqual({ value: user.id });
  expect((await ours.find(`${enterpriseUser}:manager.displayName pr`)).totalResults).toBe(0);
});

test("SCIM-013: a name or external id that another organization has is free here, and a refusal does not name theirs", async () => {
  const made = await ours.post("/Users", {
    schemas: [coreUser],
    userName: "secret@theirs.test",
    externalId: "their-id",
  });
  const again = await ours.post("/Users", { schemas: [coreUser], userName: "secret@theirs.test" });

  expect([made.status, again.status]).toEqual([201, 409]);
  expect(again.body.detail).toContain(made.body.id);
  expect(again.text).not.toContain(user.id);
});

test("SCIM-013: an external id is seen by the connection that gave it, not by another of the same organization", async () => {
  const [row] = await asOwner(
    `insert into identity_connection (org_id, id, name, scim_state, created_at, updated_at) values ($1, gen_random_uuid(), 'second', 'ON', now(), now()) returning id`,
    [theirs.org.orgId],
  );
  await asOwner("update provisioning_link set connection_id = $2 where org_id = $1", [theirs.org.orgId, row?.["id"]]);

  expect((await theirs.get(`/Users/${String(user.id)}`)).body.externalId).toBeUndefined();
  expect((await theirs.find('externalId eq "their-id"')).totalResults).toBe(0);
});

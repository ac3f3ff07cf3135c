import { addGroup } from "../../services/domain/groups";
import { addConnection, createScimToken } from "../../services/domain/identity";
import { newId, publicId, type MemberId } from "../../services/kernel/ids";
import { asSuperuser } from "../support/identity";
import { buildOrg } from "../support/world";
import { GraphqlDoor, tokenOf, type Data } from "./support/door";

let door: GraphqlDoor;

beforeAll(async () => {
  door = await GraphqlDoor.open({ budget: { points: 1e9, restorePerSecond: 1e9 } });
});

async function scene() {
  const org = await buildOrg(door.db, { seats: 30 });
  const token = await tokenOf(org, "OWNER", org.ownerId);
  const act = async (name: string, input: object, shows = ""): Promise<Data> => {
    const type = `${name[0]!.toUpperCase()}${name.slice(1)}Input`;
    const query = `mutation ($input: ${type}!) { it: ${name}(input: $input) { ${shows} userErrors { code path facts } } }`;
    const { data, errors } = await door.ask(token, query, { input });
    expect(errors).toEqual([]);
    return data.it;
  };
  return { org, token, act };
}

const idOf = (id: MemberId) => publicId("member", id);

test("ORG-17: a group is made, filled, listed by its name's beginning, renamed, emptied, removed; its members stay", async () => {
  const { org, token, act } = await scene();
  const [ada, bob] = [idOf((await org.add("ada")).id), idOf((await org.add("bob")).id)];
  const shows =
    "group { id name memberCount version isManagedByIdentityProvider members(first: 5) { nodes { id } } groups(first: 5) { nodes { name } } }";

  const inner = (await act("createGroup", { name: "Support" }, "group { id }")).group.id as string;
  const { group } = await act("createGroup", { name: " Sales ", memberIds: [ada], groupIds: [inner] }, shows);
  expect(group).toMatchObject({
    name: "Sales",
    memberCount: 2,
    isManagedByIdentityProvider: false,
    members: { nodes: [{ id: ada }] },
    groups: { nodes: [{ name: "Support" }] },
  });
  const groupId = group.id as string;
  expect((await act("addToGroup", { groupId, memberIds: [ada, bob] }, shows)).group).toMatchObject({ memberCount: 3 });
  expect((await act("removeFromGroup", { groupId, memberIds: [ada], groupIds: [inner] }, shows)).group).toMatchObject({
    memberCount: 1,
    members: { nodes: [{ id: bob }] },
    groups: { nodes: [] },
  });
  expect(
    (await act("updateGroup", { groupId, name: "Vente", ifVersion: group.version as string })).userErrors,
  ).toMatchObject([{ code: "STALE_VERSION" }]);
  expect((await act("updateGroup", { groupId, name: "SUPPORT" })).userErrors).toMatchObject([{ code: "DUPLICATE" }]);
  expect((await act("updateGroup", { groupId, name: "Vente" }, "group { name }")).group.name).toBe("Vente");
  const found = await door.ask(
    token,
    `{ groups(first: 5, filter: { search: "ven" }, orderBy: NAME_ASC) { totalCount nodes { id } } }`,
  );
  expect(found.data.groups).toEqual({ totalCount: 1, nodes: [{ id: groupId }] });
  expect((await act("removeGroup", { groupId }, "groupId")).groupId).toBe(groupId);
  const gone = await door.ask(token, `query ($id: ID!) { group(id: $id) { id } members(first: 5) { totalCount } }`, {
    id: groupId,
  });
  expect([gone.data.group, gone.data.members.totalCount]).toEqual([null, 3]);
});

test("NFR-01: one unknown member, and nobody is put in", async () => {
  const { org, act } = await scene();
  const ada = idOf((await org.add("ada")).id);
  const groupId = (await act("createGroup", { name: "Sales" }, "group { id }")).group.id as string;

  const refused = await act("addToGroup", { groupId, memberIds: [ada, idOf(newId("member"))] }, "group { id }");

  expect(refused).toMatchObject({ group: null, userErrors: [{ code: "NOT_FOUND", path: ["input", "memberIds"] }] });
  expect((await act("updateGroup", { groupId }, "group { memberCount }")).group.memberCount).toBe(0);
  expect((await act("createGroup", { name: "x", memberIds: ["grp_x"] })).userErrors).toMatchObject([
    { code: "NOT_FOUND", path: ["input", "memberIds", "0"] },
  ]);
});

test("SCIM-191: a group of an identity provider is changed there, until its connection provisions no more", async () => {
  const { org, act } = await scene();
  const { connection, group } = await org.run(async (tx) => {
    const id = await addConnection(tx, "Okta");
    await createScimToken(tx, { connectionId: id });
    const made = await addGroup(tx, { displayName: "From Okta", managedBy: id });
    return { connection: id, group: made.group.id };
  }, org.operator);
  const groupId = publicId("group", group);
  const member = idOf((await org.add("ada")).id);
  const changes = [
    ["updateGroup", { groupId, name: "Mine" }],
    ["addToGroup", { groupId, memberIds: [member] }],
    ["removeFromGroup", { groupId, memberIds: [member] }],
    ["removeGroup", { groupId }],
  ] as const;

  for (const [name, input] of changes) {
    expect((await act(name, input)).userErrors).toMatchObject([
      { code: "MANAGED_BY_IDENTITY_PROVIDER", facts: { connection: "Okta" } },
    ]);
  }
  await asSuperuser("update identity_connection set scim_state = 'OFF' where org_id = $1 and id = $2", [
    org.orgId,
    connection,
  ]);
  for (const [name, input] of changes) expect((await act(name, input)).userErrors).toEqual([]);
});

test("SCIM-163: twenty at once into one group: everybody is in it once, and the count is right", async () => {
  const { org, act } = await scene();
  const members = await Promise.all(Array.from({ length: 20 }, (_, i) => org.add(`m${i}`)));
  const groupId = (await act("createGroup", { name: "All" }, "group { id }")).group.id as string;

  await Promise.all([...members, ...members].map(({ id }) => act("addToGroup", { groupId, memberIds: [idOf(id)] })));

  const { group } = await act("updateGroup", { groupId }, "group { memberCount members(first: 50) { totalCount } }");
  expect(group).toEqual({ memberCount: 20, members: { totalCount: 20 } });
});

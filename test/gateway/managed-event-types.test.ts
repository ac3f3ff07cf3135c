import { getNamedType, isEnumType } from "graphql";
import { plenumSchema } from "../../services/gateway/schema/build";
import { publicId, type MemberId } from "../../services/kernel/ids";
import { deliverAll } from "../domain/event-types/support";
import { buildOrg, type TestOrg } from "../support/world";
import { GraphqlDoor, tokenOf, type Data } from "./support/door";

let door: GraphqlDoor;

beforeAll(async () => {
  door = await GraphqlDoor.open();
});

const everybody = { allCurrent: true, allFuture: true };

async function scene() {
  const org = await buildOrg(door.db, { seats: 6 });
  const token = await tokenOf(org, "OWNER", org.ownerId);
  const act = async (name: string, input: object, shows: string): Promise<Data> => {
    const type = `${name[0]!.toUpperCase()}${name.slice(1)}Input`;
    const query = `mutation ($input: ${type}!) { it: ${name}(input: $input) { ${shows} userErrors { code path } } }`;
    const { data, errors } = await door.ask(token, query, { input });
    expect([name, errors]).toEqual([name, []]);
    return data.it;
  };
  const make = async (kind: string, slug: string, values: object): Promise<string> => {
    const made = await act("createEventTypeTemplate", { kind, slug, values }, "template { id kind capacity }");
    expect(made.userErrors).toEqual([]);
    return made.template.id as string;
  };
  return { org, token, act, make };
}

/** What a member has to offer, as the administrator reads it. */
async function offered(token: string, memberId: MemberId): Promise<string[]> {
  const query = "query ($id: ID!) { eventTypes(first: 20, memberId: $id) { nodes { slug kind } } }";
  const { data, errors } = await door.ask(token, query, { id: publicId("member", memberId) });
  expect(errors).toEqual([]);
  return (data.eventTypes.nodes as { slug: string; kind: string }[]).map(({ slug, kind }) => `${slug} ${kind}`).sort();
}

const membersOf = async (org: TestOrg, token: string): Promise<number> => {
  const { data } = await door.ask(token, "{ members(first: 1) { totalCount } }");
  expect([org.slug, typeof data.members.totalCount]).toEqual([org.slug, "number"]);
  return data.members.totalCount as number;
};

test("ORG-10, EVT-05: managed event types are made and given to everybody before anyone is invited; who comes has them", async () => {
  const { org, token, act, make } = await scene();
  expect(await membersOf(org, token)).toBe(1);

  const demo = await make("ONE_ON_ONE", "demo", { name: "Demo" });
  const workshop = await make("GROUP", "workshop", { name: "Workshop", capacity: 12 });
  for (const templateId of [demo, workshop]) {
    const given = await act("assignEventTypeTemplate", { templateId, targets: everybody }, "assignedCount");
    // The owner is the only one there is.
    expect(given).toEqual({ assignedCount: 1, userErrors: [] });
  }
  const [ada] = await org.invite("ada");
  await deliverAll(org);

  expect(await membersOf(org, token)).toBe(2);
  expect(await offered(token, ada!.id)).toEqual(["demo ONE_ON_ONE", "workshop GROUP"]);
});

test("ORG-10, EVT-05: one that is made later is applied to all who are there, and only to them", async () => {
  const { org, token, act, make } = await scene();
  const [ada, bob] = [await org.add("ada"), await org.add("bob")];
  expect(await offered(token, ada.id)).toEqual([]);

  const templateId = await make("ONE_ON_ONE", "first-call", { name: "First call" });
  const targets = { allCurrent: true };
  const given = await act("assignEventTypeTemplate", { templateId, targets }, "assignedCount unchangedCount");
  expect(given).toEqual({ assignedCount: 3, unchangedCount: 0, userErrors: [] });
  const again = await act("assignEventTypeTemplate", { templateId, targets }, "assignedCount unchangedCount");
  expect(again).toEqual({ assignedCount: 0, unchangedCount: 3, userErrors: [] });

  const carl = await org.add("carl");
  await deliverAll(org);
  const lists = await Promise.all([ada.id, bob.id, org.ownerId, carl.id].map((id) => offered(token, id)));
  expect(lists).toEqual([["first-call ONE_ON_ONE"], ["first-call ONE_ON_ONE"], ["first-call ONE_ON_ONE"], []]);
});

test("ORG-10, EVT-04: private means one invitee, group means two or more; there is no third kind", async () => {
  const kind = getNamedType(plenumSchema().getType("EventKind"));
  expect(isEnumType(kind) && kind.getValues().map(({ name }) => name)).toEqual(["ONE_ON_ONE", "GROUP"]);

  const { token, act } = await scene();
  const refused = { template: null, userErrors: [{ code: "INVALID", path: ["input", "capacity"] }] };
  for (const [one, capacity] of [
    ["ONE_ON_ONE", 2],
    ["GROUP", 1],
  ] as const) {
    const input = { kind: one, slug: "extra", values: { name: "Extra", capacity } };
    expect(await act("createEventTypeTemplate", input, "template { id }")).toEqual(refused);
  }
  const query =
    "mutation ($i: CreateEventTypeTemplateInput!) { createEventTypeTemplate(input: $i) { template { id } } }";
  const third = await door.ask(token, query, { i: { kind: "ROUND_ROBIN", slug: "extra", values: { name: "Extra" } } });
  expect(third.errors.map(({ extensions }) => extensions.code)).toEqual(["BAD_USER_INPUT"]);
});

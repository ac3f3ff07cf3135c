import { GraphqlDoor, tokenOf } from "./support/door";
import { idpKeys, mutationScene, type MutationScene } from "./support/mutation-scene";
import {
  documentOf,
  idPaths,
  inputs,
  inputTypeOf,
  mutationNames,
  payloadTypeOf,
  valueAt,
  withValueAt,
} from "./support/mutation-table";

let door: GraphqlDoor;

beforeAll(async () => {
  door = await GraphqlDoor.open();
});

async function inputFor(name: string, { ids }: MutationScene): Promise<Readonly<Record<string, unknown>>> {
  return inputs[name]!(ids, await idpKeys());
}

/** Everything that happened to an organization, as the audit log tells it. */
async function audited({ token }: MutationScene): Promise<unknown> {
  return (await door.ask(token, "{ auditEntries(first: 100) { nodes { id action } totalCount } }")).data;
}

test("GQL-14: every mutation of the schema has a row in the table that the tests below walk through", () => {
  expect(Object.keys(inputs).sort()).toEqual(mutationNames);
});

test("GQL-14: every mutation takes one input object and answers a payload that may miss all but userErrors", () => {
  for (const name of mutationNames) {
    const upper = name[0]!.toUpperCase() + name.slice(1);
    const sure = Object.values(payloadTypeOf(name).getFields()).filter(({ type }) => String(type).endsWith("!"));

    expect([inputTypeOf(name).name, payloadTypeOf(name).name]).toEqual([`${upper}Input`, `${upper}Payload`]);
    expect(sure.map((field) => `${field.name}: ${String(field.type)}`)).toEqual(["userErrors: [UserError!]!"]);
  }
});

test.each(mutationNames)("GQL-14: %s is done, and shows everything of what it left", async (name) => {
  const scene = await mutationScene(door, { sso: /Scim|Connection/.test(name) });

  const { data, errors } = await door.ask(scene.token, documentOf(name), { input: await inputFor(name, scene) });

  expect(errors).toEqual([]);
  const { userErrors, ...shown } = data[name] as Record<string, unknown>;
  expect(userErrors).toEqual([]);
  expect(Object.entries(shown).filter(([, value]) => value === null)).toEqual([]);
});

describe("what is refused", () => {
  let own: MutationScene;
  let foreign: MutationScene;

  beforeAll(async () => {
    own = await mutationScene(door, { sso: true });
    foreign = await mutationScene(door, { sso: true });
  }, 30_000);

  const finds = "finds no id of another organization or kind, and none that is none";
  test.each(mutationNames)(`GQL-13, GQL-15: %s ${finds}`, async (name) => {
    const input = await inputFor(name, own);
    const theirs = await inputFor(name, foreign);
    const asked = idPaths(input);
    const before = await Promise.all([audited(own), audited(foreign)]);

    for (const path of asked) {
      const ofAnotherKind = path.join().includes("member") ? own.ids.group : own.ids.member;
      for (const value of [valueAt(theirs, path), ofAnotherKind, "not an id"]) {
        const variables = { input: withValueAt(input, path, value) };
        const { data, errors } = await door.ask(own.token, documentOf(name, 1), variables);

        expect(errors).toEqual([]);
        const { userErrors, ...shown } = data[name] as { userErrors: object[] };
        expect(userErrors).toMatchObject([{ code: "NOT_FOUND", message: "This does not exist." }]);
        expect(Object.values(shown).filter((part) => part !== null)).toEqual([]);
      }
    }
    expect(await Promise.all([audited(own), audited(foreign)])).toEqual(before);
    expect(asked.map((path) => path[0])).toEqual(expect.arrayContaining(requiredIds(name)));
  });

  test("ORG-17, GQL-15: every mutation is forbidden to a plain member and closed to who has not signed in", async () => {
    const plain = await tokenOf(own.org, "MEMBER");
    for (const name of mutationNames) {
      const variables = { input: await inputFor(name, own) };

      const nobody = await door.ask(undefined, documentOf(name, 1), variables);
      const member = await door.ask(plain, documentOf(name, 1), variables);

      expect(nobody.errors).toMatchObject([{ path: [name], extensions: { code: "UNAUTHENTICATED" } }]);
      // Event types are the members' own; somebody else's is not found rather than forbidden.
      if (name === "updateEventType") expect(member.data[name].userErrors).toMatchObject([{ code: "NOT_FOUND" }]);
      else expect(member.errors).toMatchObject([{ path: [name], extensions: { code: "FORBIDDEN" } }]);
    }
  }, 60_000);
});

/** The ids that an input cannot do without. */
function requiredIds(name: string): string[] {
  const fields = Object.values(inputTypeOf(name).getFields());
  return fields.filter(({ type }) => String(type) === "ID!").map((field) => field.name);
}

/** What makes each input of a mutation that takes a key another input. */
const differing: Readonly<Record<string, object>> = {
  assignEventTypeTemplate: { targets: { allFuture: true } },
  assignLicence: { subscriptionId: "another" },
  assignPlan: { planCode: "free" },
  changeSubscriptionPlan: { planCode: "free" },
  changeSubscriptionQuantity: { quantity: 10 },
  createEventTypeTemplate: { slug: "another" },
  createSubscription: { quantity: 3 },
  inviteMembers: { invitees: [{ email: "emil@example.test" }] },
  releaseLicence: { subscriptionId: "another" },
};
const repeatable = Object.keys(differing);

test("REL-10: whatever allocates or buys takes an idempotency key; what shows a secret once does not", () => {
  expect(mutationNames.filter((name) => "idempotencyKey" in inputTypeOf(name).getFields())).toEqual(repeatable);
});

const once = "said twice under one key is done once and answers alike; another input is refused";
test.each(repeatable)(`REL-10, GQL-14: %s ${once}`, async (name) => {
  const scene = await mutationScene(door);
  const input = { ...(await inputFor(name, scene)), idempotencyKey: "the key" };
  const other = { ...input, ...differing[name] };

  const first = await door.ask(scene.token, documentOf(name), { input });
  const before = await audited(scene);
  const again = await door.ask(scene.token, documentOf(name), { input });
  const reused = await door.ask(scene.token, documentOf(name), { input: other });

  expect(first.data[name].userErrors).toEqual([]);
  expect(first.headers["idempotent-replayed"]).toBeUndefined();
  expect(again.headers["idempotent-replayed"]).toBe("true");
  expect(again.data).toEqual(first.data);
  expect(reused.data[name].userErrors).toMatchObject([{ code: "IDEMPOTENCY_KEY_REUSED", facts: { operation: name } }]);
  expect(await audited(scene)).toEqual(before);
});

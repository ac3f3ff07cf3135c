import { isObjectType } from "graphql";
import { assignTemplate } from "../../services/domain/event-types";
import { addGroup, changeGroup } from "../../services/domain/groups";
import { createScimToken, startLoginSession } from "../../services/domain/identity";
import { plenumSchema } from "../../services/gateway/schema/build";
import { idPrefixes, newId, parseId, publicId, type IdKind } from "../../services/kernel/ids";
import { seal } from "../domain/audit/support";
import { GraphqlDoor, tokenOf } from "./support/door";
import { mutationScene, sceneOutside, type MutationScene } from "./support/mutation-scene";
import {
  idsIn,
  nodeTypes,
  pagedPlaces,
  pageDocument,
  places,
  queryFields,
  wide,
  wideNode,
  withArgument,
  type IdsByKind,
} from "./support/wide";
import { findable } from "../../services/gateway/roots";

// Every query, argument, node type and cursor of the schema, from the schema; mutations stand in every-mutation.test.ts.
interface Tenant {
  readonly scene: MutationScene;
  /** Of an owner, acting as that member. */
  readonly token: string;
  readonly ids: IdsByKind;
  readonly all: ReadonlySet<string>;
}

let door: GraphqlDoor;
let ours: Tenant;
let theirs: Tenant;

beforeAll(async () => {
  door = await GraphqlDoor.open({ outside: sceneOutside, budget: { points: 1e9, restorePerSecond: 1e9 } });
  ours = await tenant();
  theirs = await tenant();
}, 60_000);

/** An organization that has one of everything, and what an owner sees of it by asking for everything. */
async function tenant(): Promise<Tenant> {
  const scene = await mutationScene(door, { sso: true });
  const { org, ids: made } = scene;
  const token = await tokenOf(org, "OWNER", org.ownerId);
  await org.run(async (tx) => {
    await startLoginSession(tx, { memberId: org.ownerId, method: "LINK" });
    const templateId = parseId("eventTypeTemplate", made.template);
    await createScimToken(tx, { connectionId: parseId("connection", made.connection), validDays: 10 });
    const inner = await addGroup(tx, { displayName: "Inner" });
    const children = [
      { kind: "GROUP", id: inner.group.id },
      { kind: "MEMBER", id: parseId("member", made.member) },
    ] as const;
    await changeGroup(tx, { id: parseId("group", made.group), steps: [{ do: "add", children }] });
    await assignTemplate(tx, { templateId, targets: { memberIds: [org.ownerId] } });
  }, org.system);
  await seal(org);
  const known = idsIn(JSON.stringify({ ...made, organization: publicId("organization", org.orgId) }));
  let text = JSON.stringify([...known.all]);
  for (const field of queryFields) text += (await door.ask(token, `{ ${wide(field, known.byKind)} }`)).text;
  const { all, byKind } = idsIn(text);
  return { scene, token, ids: new Map([...byKind, ...known.byKind]), all };
}

const never = (kind: IdKind): string => publicId(kind, newId(kind));

/** What an answer tells, without what differs between any two requests. */
async function asked(document: string, variables: Readonly<Record<string, unknown>>) {
  const { data, errors, status } = await door.ask(ours.token, document, variables);
  const told = errors.map(({ message, path, extensions: { code, facts } }) => {
    const { received: _, ...rest } = facts ?? {};
    return { message, path, code, facts: rest };
  });
  return { data: data as unknown, status, told };
}

test("DB-44: an owner of the other organization has one of every kind of node to be tried", () => {
  expect(nodeTypes.filter((type) => !theirs.ids.has(findable[type].kind))).toEqual([]);
  expect([...theirs.all].filter((id) => ours.all.has(id))).toEqual([]);
  expect(theirs.all.size).toBeGreaterThan(30);
});

test.each(queryFields.map((field) => [field.name, field] as const))(
  "NFR-01, DB-44: everything that %s shows, however deep, is ours",
  async (_name, field) => {
    const { text, status } = await door.ask(ours.token, `{ ${wide(field, ours.ids)} }`);

    expect(status).toBe(200);
    expect([...idsIn(text).all].filter((id) => theirs.all.has(id))).toEqual([]);
    expect(text).not.toContain(theirs.scene.org.slug);
    expect(text).not.toContain(theirs.scene.org.orgId);
  },
);

test.each(nodeTypes)("GQL-13, DB-44: everything that our own %s shows as a node is ours", async (type) => {
  const id = ours.ids.get(findable[type].kind);
  const { data, text, errors } = await door.ask(ours.token, wideNode(type, ours.ids), { id });

  expect(errors).toEqual([]);
  expect(data.node).toMatchObject({ __typename: type, id });
  expect([...idsIn(text).all].filter((other) => theirs.all.has(other))).toEqual([]);
});

test.each(nodeTypes.map((type) => findable[type].kind))(
  "GQL-30 row 27, GQL-13, DB-44: somebody else's %s answers as one that was never there",
  async (kind) => {
    const answers = [];
    for (const id of [theirs.ids.get(kind), never(kind), `${idPrefixes[kind]}_not-an-id`]) {
      const one = await asked(`query ($id: ID!) { node(id: $id) { id } }`, { id });
      const many = await asked(`query ($ids: [ID!]!) { nodes(ids: $ids) { id } }`, { ids: [id] });
      answers.push([one, many]);
    }
    const gone = (path: (string | number)[]) => ({
      code: "NOT_FOUND",
      message: "This does not exist.",
      path,
      facts: { what: expect.any(String), reason: "NOT_FOUND" },
    });
    const expected = [
      { data: { node: null }, status: 200, told: [gone(["node"])] },
      { data: { nodes: [null] }, status: 200, told: [gone(["nodes", 0])] },
    ];
    expect(answers).toEqual([expected, expected, expected]);
  },
);

const idPlaces = queryFields.flatMap((field) =>
  places(field, "ID").map((path) => [field.name, path.join("."), field] as const),
);

test.each(idPlaces)(
  "NFR-01, DB-44: %s(%s) finds nothing of somebody else's, whatever kind of id it is, and tells no more than for an unknown one",
  async (_name, path, field) => {
    const document = withArgument(field, path.split("."), ours.ids);
    const isList = document.startsWith("query ($it: [");
    for (const [kind, id] of theirs.ids) {
      const foreign = await asked(document, { it: isList ? [id] : id });
      const unknown = await asked(document, { it: isList ? [never(kind)] : never(kind) });
      expect([kind, foreign]).toEqual([kind, unknown]);
      expect(foreign.told.map(({ code }) => code)).not.toContain("INTERNAL");
    }
  },
);

const textsToTry = queryFields.flatMap((field) =>
  places(field, "String").map((path) => [field.name, path.join("."), field] as const),
);

test.each(textsToTry)(
  "NFR-01, DB-44: %s(%s) does not know the words of another organization",
  async (_name, path, field) => {
    const document = withArgument(field, path.split("."), ours.ids);
    const isList = document.startsWith("query ($it: [");
    const { slug, domain } = theirs.scene.org;
    for (const [word, other] of [
      [slug, slug.replace(/^org/, "abc")],
      [domain, domain.replace(/^org/, "abc")],
      [`ada@${domain}`, `ada@${domain.replace(/^org/, "abc")}`],
    ]) {
      const foreign = await asked(document, { it: isList ? [word] : word });
      expect(foreign).toEqual(await asked(document, { it: isList ? [other] : other }));
    }
  },
);

test("DB-44: below the roots no argument takes an id", () => {
  const fields = Object.values(plenumSchema().getTypeMap())
    .filter(isObjectType)
    .filter(({ name }) => !["Query", "Mutation"].includes(name) && !name.startsWith("__"))
    .flatMap((type) => Object.values(type.getFields()).map((field) => ({ at: `${type.name}.${field.name}`, field })));
  expect(fields.filter(({ field }) => places(field, "ID").length > 0).map(({ at }) => at)).toEqual([
    // The list of the root, with the same filters.
    "Organization.auditEntries",
  ]);
});

test.each(pagedPlaces().map((place) => [place.name, place] as const))(
  "GQL-11, DB-44: a cursor of another organization's %s is none of ours",
  async (_name, place) => {
    const page = await door.ask(theirs.token, pageDocument(place, theirs.ids, false));
    expect(page.errors).toEqual([]);
    const [, cursor] = /"cursor":"([^"]+)"/.exec(page.text) ?? [];
    expect([place.name, typeof cursor]).toEqual([place.name, "string"]);

    const document = pageDocument(place, ours.ids, true);
    const [foreign, forged] = [
      await asked(document, { c: cursor }),
      await asked(document, { c: "Zm9yZ2VkZm9yZ2VkZm9yZ2Vk" }),
    ];

    expect(foreign).toEqual(forged);
    expect(foreign.told[0]).toMatchObject({ code: "BAD_USER_INPUT", facts: { field: "after" } });
  },
);

test("GQL-13: nodes tells where something is missing, and finds the rest", async () => {
  const own = publicId("member", ours.scene.org.ownerId);
  const ids = [theirs.ids.get("member"), own, never("member"), theirs.ids.get("organization")];
  const { data, errors } = await door.ask(ours.token, `query ($ids: [ID!]!) { nodes(ids: $ids) { id } }`, { ids });
  expect(data.nodes).toEqual([null, { id: own }, null, null]);
  expect(errors.map(({ path, extensions }) => [...(path ?? []), extensions.code])).toEqual([
    ["nodes", 0, "NOT_FOUND"],
    ["nodes", 2, "NOT_FOUND"],
    ["nodes", 3, "NOT_FOUND"],
  ]);
  const tooMany = await door.ask(ours.token, `query ($ids: [ID!]!) { nodes(ids: $ids) { id } }`, {
    ids: Array(101).fill(own),
  });
  expect(tooMany.errors[0]?.extensions.facts).toMatchObject({ field: "ids" });
});

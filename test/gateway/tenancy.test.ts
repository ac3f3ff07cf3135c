import type { Client } from "pg";
import { getNamedType, isInputObjectType, isNonNullType, type GraphQLInputField } from "graphql";
import { plenumSchema } from "../../services/gateway/schema/build";
import { findable } from "../../services/gateway/roots";
import { createScimToken, createToken } from "../../services/domain/identity";
import { addGroup } from "../../services/domain/groups";
import { assignTemplate, createTemplate } from "../../services/domain/event-types";
import { newId, publicId, type IdKind } from "../../services/kernel/ids";
import { connect, testDatabase } from "../support/database";
import { buildOrg, type TestOrg } from "../support/world";
import { GraphqlDoor, tokenOf } from "./support/door";

let door: GraphqlDoor;
let ours: TestOrg;
let token: string;
let theirs: Readonly<Partial<Record<IdKind, string>>>;
let victim: TestOrg;

beforeAll(async () => {
  door = await GraphqlDoor.open({ budget: { points: 1e9, restorePerSecond: 1e9 } });
  ours = await buildOrg(door.db, { plan: "enterprise", seats: 10 });
  token = await tokenOf(ours, "OWNER", ours.ownerId);
  victim = await buildOrg(door.db, { plan: "enterprise", seats: 10 });
  theirs = await everythingOf(victim);
  reader = await connect((await testDatabase()).superUrl);
});

/** One public id of each kind of thing in an organization. */
async function everythingOf(org: TestOrg): Promise<Readonly<Partial<Record<IdKind, string>>>> {
  const member = await org.add("ada");
  await org.invite("bob");
  const scim = await org.run((tx) => createScimToken(tx, {}), org.operator);
  const made = await org.run(async (tx) => {
    const template = await createTemplate(tx, { kind: "ONE_ON_ONE", slug: "demo", values: { name: "Demo" } });
    await assignTemplate(tx, { templateId: template.id, targets: { allCurrent: true } });
    const apiToken = await createToken(tx, { name: "t", role: "ADMIN" });
    return { template: template.id, token: apiToken.id };
  });
  const { group } = await org.run((tx) => addGroup(tx, { displayName: "All" }), org.operator);
  const { data } = await door.ask(
    await tokenOf(org, "OWNER"),
    "{ subscriptions(first: 1) { nodes { id licences(first: 1) { nodes { id } } } } invitations(first: 1) { nodes { id } } eventTypeTemplates(first: 1) { nodes { eventTypes(first: 1) { nodes { id } } } } }",
  );
  return {
    organization: publicId("organization", org.orgId),
    member: publicId("member", member.id),
    subscription: data.subscriptions.nodes[0].id,
    licence: data.subscriptions.nodes[0].licences.nodes[0].id,
    invitation: data.invitations.nodes[0].id,
    eventTypeTemplate: publicId("eventTypeTemplate", made.template),
    eventType: data.eventTypeTemplates.nodes[0].eventTypes.nodes[0].id,
    connection: publicId("connection", scim.connectionId),
    token: publicId("token", made.token),
    scimToken: publicId("scimToken", scim.id),
    group: publicId("group", group.id),
  };
}

const tables = [
  ...["organization", "member", "subscription", "licence_assignment", "invitation", "event_type_template"],
  ...["event_type", "event_type_assignment", "api_token", "scim_token", "identity_connection", "member_group"],
];
let reader: Client;

/** What stands in the victim's tables, as one text. */
async function fingerprint(): Promise<string> {
  const sums = tables.map(
    (table) =>
      `(select md5(coalesce(string_agg(t::text, '|' order by t::text), '')) from ${table} t where org_id = $1)`,
  );
  const { rows } = await reader.query<{ sum: string }>(`select concat(${sums.join(",")}) as sum`, [victim.orgId]);
  return rows[0]?.sum ?? "";
}

const never = (kind: IdKind): string => publicId(kind, newId(kind));
const kinds = Object.values(findable).map(({ kind }) => kind);

test.each(kinds)(
  "GQL-30 row 27, GQL-13, DB-44: somebody else's %s answers as one that was never there",
  async (kind) => {
    const answers = [];
    for (const id of [theirs[kind] ?? "missing", never(kind), "mem_not-an-id"]) {
      const one = await door.ask(token, `query ($id: ID!) { node(id: $id) { id } }`, { id });
      const many = await door.ask(token, `query ($ids: [ID!]!) { nodes(ids: $ids) { id } }`, { ids: [id] });
      const shown = [one, many].map(({ data, errors, status }) => ({
        data: data as unknown,
        status,
        errors: errors.map(({ message, extensions: { code } }) => `${code} ${message}`),
      }));
      answers.push(shown);
    }
    const gone = ["NOT_FOUND This does not exist."];
    const expected = [
      { data: { node: null }, status: 200, errors: gone },
      { data: { nodes: [null] }, status: 200, errors: gone },
    ];
    expect(answers).toEqual([expected, expected, expected]);
  },
);

test("GQL-13: nodes tells where something is missing, and finds the rest", async () => {
  const own = publicId("member", ours.ownerId);
  const ids = [theirs.member, own, never("member"), theirs.organization];
  const { data, errors } = await door.ask(token, `query ($ids: [ID!]!) { nodes(ids: $ids) { id } }`, { ids });
  expect(data.nodes).toEqual([null, { id: own }, null, null]);
  expect(errors.map(({ path, extensions }) => [...(path ?? []), extensions.code])).toEqual([
    ["nodes", 0, "NOT_FOUND"],
    ["nodes", 2, "NOT_FOUND"],
    ["nodes", 3, "NOT_FOUND"],
  ]);
  const tooMany = await door.ask(token, `query ($ids: [ID!]!) { nodes(ids: $ids) { id } }`, {
    ids: Array(101).fill(own),
  });
  expect(tooMany.errors[0]?.extensions.facts).toMatchObject({ field: "ids" });
});

test("NFR-01: filters and roots that name somebody else's things find nothing, and no more than for unknown ones", async () => {
  const asked = async (query: string, id: string) => {
    const { data, errors } = await door.ask(token, query, { id });
    return { data: data as unknown, codes: errors.map((e) => e.extensions.code) };
  };
  const queries: readonly (readonly [string, IdKind])[] = [
    ["query ($id: ID!) { auditEntries(first: 5, filter: { actorId: $id }) { totalCount nodes { id } } }", "member"],
    ["query ($id: ID!) { auditEntries(first: 5, filter: { targetId: $id }) { totalCount nodes { id } } }", "member"],
    ["query ($id: ID!) { eventTypes(first: 5, memberId: $id) { totalCount nodes { id } } }", "member"],
    ["query ($id: ID!) { organization(id: $id) { name } }", "organization"],
    ["query ($id: ID!) { member(id: $id) { name } }", "member"],
    ["query ($id: ID!) { subscription(id: $id) { quantity } }", "subscription"],
    [
      "query ($id: ID!) { previewSubscriptionChange(input: { subscriptionId: $id, quantity: 3 }) { when } }",
      "subscription",
    ],
    ["query ($id: ID!) { samlTests(connectionId: $id) { startUrl } }", "connection"],
  ];
  for (const [query, kind] of queries) {
    expect(await asked(query, theirs[kind] ?? "")).toEqual(await asked(query, never(kind)));
  }
  const slug = await door.ask(token, `{ organization(slug: "${victim.slug}") { name } }`);
  expect(slug.errors.map((e) => e.extensions.code)).toEqual(["NOT_FOUND"]);
  expect((await door.ask(token, `{ organization(slug: "${ours.slug}") { name } }`)).data.organization.name).toBe(
    `The ${ours.slug}`,
  );
});

// Which kind of id an input field takes; a mutation with a field that is not here fails the test below.
const kindOfField: Readonly<Record<string, IdKind>> = {
  memberId: "member",
  invitationId: "invitation",
  subscriptionId: "subscription",
  templateId: "eventTypeTemplate",
  eventTypeId: "eventType",
  connectionId: "connection",
  tokenId: "token",
  memberIds: "member",
  groupIds: "group",
};

const plain: Readonly<Record<string, unknown>> = {
  quantity: 3,
  planCode: "teams",
  role: "ADMIN",
  expectedRevision: 1,
  toRevision: 1,
  name: "x",
  metadataXml: "<x/>",
};

/** The least that an input needs, with somebody's ids wherever it takes ids. */
function inputWith(
  fields: Readonly<Record<string, GraphQLInputField>>,
  idOf: (kind: IdKind, name: string) => string,
): Record<string, unknown> {
  const input: Record<string, unknown> = {};
  for (const field of Object.values(fields)) {
    const type = getNamedType(field.type);
    const isList = field.type.toString().startsWith("[");
    const kind = kindOfField[field.name];
    if (type.name === "ID" && field.name !== "ifVersion") {
      if (kind === undefined) throw new Error(`which kind of id does ${field.name} take?`);
      input[field.name] = isList ? [idOf(kind, field.name)] : idOf(kind, field.name);
    } else if (isInputObjectType(type) && type.name === "AssignmentTargets") {
      input[field.name] = inputWith(type.getFields(), idOf);
    } else if (isNonNullType(field.type) && Object.hasOwn(plain, field.name)) {
      input[field.name] = plain[field.name];
    }
  }
  return input;
}

const mutations = Object.values(plenumSchema().getMutationType()?.getFields() ?? {});
const withIds = mutations.filter(({ args }) => {
  const type = getNamedType(args[0]?.type);
  return (
    isInputObjectType(type) &&
    Object.values(type.getFields()).some((f) => Object.hasOwn(kindOfField, f.name) || f.name === "targets")
  );
});

test("NFR-01: the mutations that take ids are all tried", () => {
  expect(withIds.length).toBeGreaterThan(20);
});

test.each(withIds.map(({ name }) => name))(
  "NFR-01, DB-44: %s with somebody else's ids does what it does with unknown ones, and nothing to them",
  async (name) => {
    const field = plenumSchema().getMutationType()?.getFields()[name];
    const type = getNamedType(field?.args[0]?.type);
    if (!field || !isInputObjectType(type)) throw new Error(name);
    const before = await fingerprint();
    const sent = `mutation ($input: ${type.name}!) { ${name}(input: $input) { userErrors { code path message } } }`;
    const kindAt = (kind: IdKind, at: string) => (name === "revokeScimToken" && at === "tokenId" ? "scimToken" : kind);

    const answers = [];
    for (const idOf of [(kind: IdKind) => theirs[kind] ?? "", never]) {
      const input = inputWith(type.getFields(), (kind, at) => idOf(kindAt(kind, at)));
      const { data, errors, status } = await door.ask(token, sent, { input });
      answers.push({ data: data as unknown, status, codes: errors.map((e) => e.extensions.code) });
    }

    expect(answers[0]).toEqual(answers[1]);
    expect(JSON.stringify(answers[0])).toMatch(/NOT_FOUND|ENTITLEMENT|INVALID|SSO_REQUIRED_FIRST/);
    expect(await fingerprint()).toBe(before);
  },
);

import { publicId } from "../../services/kernel/ids";
import { assignTemplate, createTemplate } from "../../services/domain/event-types";
import { createSubscription } from "../../services/domain/subscriptions";
import { importRows } from "./support/rows";
import { buildOrg, type TestOrg } from "../support/world";
import { GraphqlDoor, tokenOf } from "./support/door";

let door: GraphqlDoor;

beforeAll(async () => {
  door = await GraphqlDoor.open();
});

/** An organization with this many more members, each in a seat, with two event types. */
async function orgOf(count: number): Promise<{ org: TestOrg; token: string }> {
  const org = await buildOrg(door.db, { plan: "enterprise", seats: count + 3 });
  await importRows(org, count);
  await org.run(async (tx) => {
    for (const slug of ["demo", "advice"]) {
      const { id } = await createTemplate(tx, { kind: "ONE_ON_ONE", slug, values: { name: slug } });
      await assignTemplate(tx, { templateId: id, targets: { allCurrent: true } });
    }
  });
  return { org, token: await tokenOf(org, "OWNER", org.ownerId) };
}

/** The statements of a request beyond those that find out who asks. */
async function statementsOf(token: string, query: string, variables: Record<string, unknown> = {}) {
  await door.ask(token, "{ viewer { permissions } }"); // notes when the token was used last
  const { result, statements } = await door.counting(() => door.ask(token, query, variables));
  expect(result.errors).toEqual([]);
  const reads = statements.filter((text) => !text.includes("secret_hash = $2"));
  return { data: result.data, reads, roots: statements.length - reads.length };
}

const page = `query ($first: Int!) {
  organization {
    name
    members(first: $first) {
      nodes {
        id name email status role seatStatus viewerMay
        seat { id subscription { quantity used plan { code name } } }
        options { id }
        invitation { id }
        eventTypes(first: 2) { nodes { name kind template { name } } totalCount }
      }
      edges { cursor node { id } }
      pageInfo { hasNextPage endCursor }
      totalCount
    }
  }
}`;

test("GQL-35, NFR-07: a page of members with all that hangs on them is one statement, for 1, 50 and 100 of them", async () => {
  const { token } = await orgOf(120);
  for (const first of [1, 50, 100]) {
    const { data, reads } = await statementsOf(token, page, { first });
    expect(reads.length).toBe(1);
    const { nodes, edges, totalCount, pageInfo } = data.organization.members;
    expect([nodes.length, edges.length, totalCount, pageInfo.hasNextPage]).toEqual([first, first, 121, true]);
    expect(nodes.at(-1)).toMatchObject({
      status: "ACTIVE",
      seatStatus: "ASSIGNED",
      seat: { subscription: { quantity: 123, used: 121, plan: { code: "enterprise" } } },
      eventTypes: { totalCount: 2 },
    });
    expect(nodes.at(-1).eventTypes.nodes.map((e: { name: string }) => e.name)).toEqual(["demo", "advice"]);
  }
});

test.each([
  [
    "viewer",
    "{ viewer { member { name seat { plan { code } } } organization { seatSummary { used } members(first: 2) { nodes { id } } } permissions } }",
  ],
  [
    "organization",
    "{ organization { id slug entitlements { feature } members(first: 2) { totalCount } invitations(first: 2) { totalCount } subscriptions(first: 2) { nodes { licences(first: 2) { nodes { member { name } } } } } eventTypeTemplates(first: 2) { nodes { eventTypes(first: 2) { totalCount } } } auditEntries(first: 2) { nodes { actorMember { name } } } } }",
  ],
  [
    "members",
    `{ members(first: 2, filter: { status: [ACTIVE], role: [MEMBER, ADMIN], plan: "enterprise", search: "m" }, orderBy: NAME_DESC) { nodes { name } totalCount } }`,
  ],
  ["invitations", "{ invitations(first: 2) { nodes { member { name } invitedBy { name } } totalCount } }"],
  ["plans", "{ plans { code features { feature } prices { currency } optionCodes } }"],
  [
    "subscriptions",
    "{ subscriptions(first: 2) { nodes { available scheduledChange { quantity plan { code } } } totalCount } }",
  ],
  ["seatSummary", "{ seatSummary { purchased used reserved occupied available billed } }"],
  [
    "eventTypeTemplates",
    "{ eventTypeTemplates(first: 2) { nodes { locks { section } values lastEditedBy { name } assignedCount } totalCount } }",
  ],
  ["eventTypes", "{ eventTypes(first: 2) { nodes { values lockedSections overriddenSections member { name } } } }"],
  [
    "auditEntries",
    "{ auditEntries(first: 2, filter: { result: DONE }) { nodes { before after actor { id } target { id } actorMember { name } } totalCount } }",
  ],
  ["apiTokens", "{ apiTokens { name member { name } } }"],
  ["identityConnections", "{ identityConnections { name domains acsUrl } }"],
])("GQL-35: %s is one statement", async (_root, query) => {
  const { token } = await orgOf(4);
  const { reads } = await statementsOf(token, query);
  expect(reads.length).toBe(1);
  expect(reads[0]).toMatch(/org_id = \$1|\$1::uuid as org_id/);
});

test("GQL-35: several root fields are one statement each, and nodes of five kinds are one together", async () => {
  const { org, token } = await orgOf(2);
  const query = "{ a: members(first: 1) { totalCount } b: seatSummary { used } c: organization { name } }";
  expect((await statementsOf(token, query)).reads.length).toBe(3);

  const subscription = await org.run((tx) =>
    createSubscription(tx, { planCode: "recording", quantity: 1, billingMode: "MONTHLY" }),
  );
  const ids = [
    publicId("member", org.ownerId),
    publicId("organization", org.orgId),
    publicId("subscription", subscription.id),
  ];
  const nodes = `query ($ids: [ID!]!) { nodes(ids: $ids) { id __typename ... on Member { role seat { id } } ... on Subscription { plan { code } } } }`;
  const { data, reads } = await statementsOf(token, nodes, { ids });
  expect(reads.length).toBe(1);
  expect(data.nodes).toEqual([
    { id: ids[0], __typename: "Member", role: "OWNER", seat: { id: expect.stringMatching(/^lic_/) } },
    { id: ids[1], __typename: "Organization" },
    { id: ids[2], __typename: "Subscription", plan: { code: "recording" } },
  ]);
});

test("GQL-35: a mutation looks at what it left by one statement", async () => {
  const { org, token } = await orgOf(1);
  const id = publicId("member", org.ownerId);
  const mutation = `mutation ($id: ID!) { updateMember(input: { memberId: $id, title: "Chief" }) { member { title seat { plan { code } } eventTypes(first: 2) { totalCount } } userErrors { code } } }`;
  const { data, reads } = await statementsOf(token, mutation, { id });
  expect(data.updateMember).toEqual({
    member: { title: "Chief", seat: { plan: { code: "enterprise" } }, eventTypes: { totalCount: 2 } },
    userErrors: [],
  });
  expect(reads.filter((text) => text.startsWith("select") && text.includes(" root ")).length).toBe(1);
});

test("GQL-10: first or last, one of them, 1 to 100", async () => {
  const { token } = await orgOf(1);
  const refusal = async (args: string) => {
    const { errors } = await door.ask(token, `{ members${args} { nodes { id } } }`);
    return errors.map(({ extensions: { code, facts } }) => [code, facts?.["field"]]);
  };
  for (const args of ["", "(first: 1, last: 1)", "(first: 0)", "(first: 101)", "(first: -1)", "(first: null)"]) {
    expect(await refusal(args)).toEqual([["BAD_USER_INPUT", "first"]]);
  }
  expect(await refusal("(last: 101)")).toEqual([["BAD_USER_INPUT", "last"]]);
  expect(await refusal('(first: 1, after: "nonsense")')).toEqual([["BAD_USER_INPUT", "after"]]);
  expect(await refusal("(first: 100)")).toEqual([]);
});

test("GQL-12: the count is null where nobody asks, and counts the filter, not the page", async () => {
  const { org, token } = await orgOf(4);
  await org.invite("zoe");
  const counts = async (args: string) =>
    (await door.ask(token, `{ members(first: 1${args}) { totalCount nodes { id } } }`)).data.members.totalCount;
  expect(await counts("")).toBe(6);
  expect(await counts(", filter: { status: [INVITED] }")).toBe(1);
  expect(await counts(", filter: { status: [SUSPENDED] }")).toBe(0);
  expect(await counts(", filter: { role: [OWNER] }")).toBe(1);
});

test("ORG-13, ORG-15, SUB-12: members by state, role, plan, and by the beginning of name, e-mail and user name", async () => {
  const org = await buildOrg(door.db, { plan: "teams", seats: 10 });
  const token = await tokenOf(org, "OWNER");
  await org.add("anna", { profile: { userName: "zz-login", displayName: "Ànna Müller" } });
  await org.add("bert", {
    profile: { userName: org.email("bert"), givenName: "Bert", familyName: "Brecht" },
    role: "ADMIN",
  });
  await org.invite("carla");
  const found = async (filter: string, order = "NAME_ASC") => {
    const { data, errors } = await door.ask(
      token,
      `{ members(first: 10, filter: { ${filter} }, orderBy: ${order}) { nodes { name } } }`,
    );
    expect(errors).toEqual([]);
    return data.members.nodes.map((n: { name: string }) => n.name);
  };
  expect(await found("status: [INVITED]")).toEqual([org.email("carla")]);
  expect(await found("role: [ADMIN]")).toEqual(["Bert Brecht"]);
  expect(await found('search: "àNN"')).toEqual(["Ànna Müller"]);
  expect(await found('search: "zz-"')).toEqual(["Ànna Müller"]);
  expect(await found('search: "müller"')).toEqual([]);
  expect(await found('search: "bert"')).toEqual(["Bert Brecht"]);
  expect(await found('search: "%"')).toEqual([]);
  expect((await found('plan: "teams"')).length).toBe(4);
  expect(await found('plan: "enterprise"')).toEqual([]);
  expect(await found("status: [ACTIVE], role: [OWNER, ADMIN]", "NAME_DESC")).toEqual([
    `owner@${org.domain}`,
    "Bert Brecht",
  ]);
  const empty = await door.ask(token, `{ members(first: 1, filter: { search: "  " }) { nodes { id } } }`);
  expect(empty.errors[0]?.extensions.facts).toMatchObject({ field: "filter.search" });
});

test("SUB-01, SUB-02, SUB-19: five seats, four users, five billed", async () => {
  const org = await buildOrg(door.db, { seats: 5 });
  for (const name of ["ada", "ben"]) await org.add(name);
  await org.invite("cleo");
  const { data } = await door.ask(
    await tokenOf(org, "ADMIN"),
    "{ seatSummary { purchased used reserved occupied available billed } }",
  );
  expect(data.seatSummary).toEqual({ purchased: 5, used: 4, reserved: 1, occupied: 3, available: 1, billed: 5 });
});

test("GQL-17: instants are UTC with milliseconds, amounts are texts", async () => {
  const org = await buildOrg(door.db);
  const { data } = await door.ask(
    await tokenOf(org, "OWNER"),
    "{ organization { createdAt } subscriptions(first: 1) { nodes { unitAmount currency periodEnd } } }",
  );
  expect(data.organization.createdAt).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  expect(data.subscriptions.nodes[0]).toEqual({
    unitAmount: "12",
    currency: "EUR",
    periodEnd: expect.stringMatching(/T2[23]:00:00\.000Z$/),
  });
});

test("D5: what a member may not see is refused by name, at the root and deep inside", async () => {
  const org = await buildOrg(door.db, { seats: 5 });
  const ada = await org.add("ada");
  const token = await tokenOf(org, "MEMBER", ada.id);
  const own = await door.ask(
    token,
    "{ viewer { member { name seat { plan { code } } eventTypes(first: 1) { totalCount } } organization { name } } }",
  );
  expect(own.data.viewer).toMatchObject({ member: { name: "ada", seat: { plan: { code: "teams" } } } });
  const self = await door.ask(token, `query ($id: ID!) { member(id: $id) { name viewerMay } }`, {
    id: publicId("member", ada.id),
  });
  expect(self.data.member).toEqual({ name: "ada", viewerMay: [] });

  const refused = async (query: string) => {
    const { errors } = await door.ask(token, query);
    return errors.map(({ extensions: { code, facts } }) => `${code} ${String(facts?.["permission"])}`);
  };
  expect(await refused("{ members(first: 1) { nodes { id } } }")).toEqual(["FORBIDDEN member:read"]);
  expect(await refused("{ organization { name members(first: 1) { totalCount } } }")).toEqual([
    "FORBIDDEN member:read",
  ]);
  expect(await refused("{ viewer { member { seat { subscription { quantity } } } } }")).toEqual([
    "FORBIDDEN subscription:read",
  ]);
  expect(await refused("{ viewer { organization { seatSummary { used } } } }")).toEqual(["FORBIDDEN seat:read"]);
  expect(await refused("{ auditEntries(first: 1) { totalCount } }")).toEqual(["FORBIDDEN audit:read"]);
  expect(await refused("{ apiTokens { name } }")).toEqual(["FORBIDDEN token:write"]);
  expect(
    await refused(`{ eventTypes(first: 1, memberId: "${publicId("member", org.ownerId)}") { totalCount } }`),
  ).toEqual(["FORBIDDEN event-type:read"]);
  expect(await refused("{ eventTypes(first: 1) { totalCount } }")).toEqual([]);
});

import { messages } from "../../services/scim/urns";
import { groupType } from "../../services/scim/attributes/registry";
import { planPatch } from "../../services/scim/patch/plan-patch";
import { readOperations } from "../../services/scim/patch/operation";
import { codeOf, planGroup, readingAs, sales } from "./support/reading";

const steps = (operations: object[], reading = readingAs()) =>
  planGroup(operations, reading).steps.map(({ where: _where, ...step }) => step);
const u1 = { do: "remove", members: [{ value: "mem_u1" }] };

test.each([
  ["a filter in the path", { op: "remove", path: 'members[value eq "mem_u1"]' }],
  ["a list of objects", { op: "Remove", path: "members", value: [{ $ref: null, value: "mem_u1" }] }],
  ["one object", { op: "remove", path: "members", value: { value: "mem_u1" } }],
  ["a list of ids", { op: "remove", path: "members", value: ["mem_u1"] }],
  ["a path-less value", { op: "remove", value: { members: [{ value: "mem_u1" }] } }],
  ["a filter on members itself", { op: "remove", path: 'members[VALUE EQ "mem_u1"]' }],
  ["a filter with the value behind it", { op: "remove", path: 'members[value eq "mem_u1"].value' }],
])("SCIM-162: %s takes one member out and nobody else", (_, operation) => {
  expect(steps([operation])).toEqual([u1]);
});

test("SCIM-162: two ids joined by or are two members", () => {
  expect(steps([{ op: "remove", path: 'members[value eq "mem_u1" or value eq "mem_u2"]' }])).toEqual([
    { do: "remove", members: [{ value: "mem_u1" }, { value: "mem_u2" }] },
  ]);
});

test("SCIM-162: a list that names nobody removes nobody; one that names somebody unreadably is refused", () => {
  expect(steps([{ op: "remove", path: "members", value: [] }])).toEqual([{ do: "remove", members: [] }]);
  for (const value of [[{ display: "Ada" }], [{}], { id: "mem_u1" }, 5, [5], [[{ value: "a" }, { value: "b" }]]]) {
    expect(codeOf(() => steps([{ op: "remove", path: "members", value }]))).toBe("400 invalidValue");
  }
});

test("SCIM-162: only remove of members with neither value nor filter clears the group", () => {
  expect(steps([{ op: "remove", path: "members" }])).toEqual([{ do: "clear" }]);
});

test("SCIM-162: a filter that is no list of ids stays a filter, for SQL to answer", () => {
  const [step] = steps([{ op: "remove", path: 'members[type eq "User" and display co "x"]' }]);

  expect(step).toMatchObject({ do: "removeMatching", filter: { kind: "and" } });
});

test("SCIM-163: each operation is one step, in order, and nothing is loaded", () => {
  const operations = [
    { op: "remove", path: 'members[value eq "mem_u1"]' },
    { op: "add", path: "members", value: [{ value: "mem_u2", display: "bob@x" }, { value: "mem_u2" }] },
    { op: "replace", path: "members", value: [{ value: "mem_u3", type: "User" }] },
    { op: "add", value: { members: { value: "mem_u4" } } },
  ];

  expect(steps(operations)).toEqual([
    u1,
    { do: "add", members: [{ value: "mem_u2" }] },
    { do: "replace", members: [{ value: "mem_u3", type: "User" }] },
    { do: "add", members: [{ value: "mem_u4" }] },
  ]);
});

test("SCIM-161: a member's parts cannot be changed, naming the same member again is an addition", () => {
  expect(codeOf(() => steps([{ op: "replace", path: 'members[value eq "mem_u1"].display', value: "x" }]))).toBe(
    "400 mutability",
  );
  expect(codeOf(() => steps([{ op: "replace", path: 'members[value eq "mem_u1"].type', value: "Group" }]))).toBe(
    "400 mutability",
  );
  expect(codeOf(() => steps([{ op: "replace", path: 'members[value eq "mem_u1"].value', value: "mem_u2" }]))).toBe(
    "400 mutability",
  );
  expect(steps([{ op: "replace", path: 'members[value eq "mem_u1"]', value: { value: "mem_u1" } }])).toEqual([
    { do: "add", members: [{ value: "mem_u1" }] },
  ]);
});

test("SCIM-OK13: a rename with the group's own id in the value", () => {
  const plan = planGroup([{ op: "replace", value: { id: "grp_1", displayName: "Sales EU" } }], readingAs("okta"));

  expect(Object.fromEntries(plan.values)).toEqual({ displayName: "Sales EU" });
  expect(plan.steps).toEqual([]);
});

test("SCIM-KC03: the whole group as path-less value without members leaves the members alone", () => {
  const value = {
    schemas: ["urn:ietf:params:scim:schemas:core:2.0:Group"],
    id: "grp_1",
    externalId: "ext",
    displayName: "Sales",
  };
  const plan = planGroup([{ op: "replace", value }]);

  expect(Object.fromEntries(plan.values)).toEqual({ displayName: "Sales", externalId: "ext" });
  expect(plan.steps).toEqual([]);
});

test("SCIM-158: a group keeps a name", () => {
  expect(codeOf(() => planGroup([{ op: "remove", path: "displayName" }]))).toBe("400 mutability");
  expect(codeOf(() => planGroup([{ op: "replace", value: { displayName: "" } }]))).toBe("400 invalidValue");
});

test("SCIM-OL04: the members of SCIM 1.1, with their own operations", () => {
  const body = {
    schemas: ["urn:scim:schemas:core:1.0"],
    members: [{ value: "mem_u1", operation: "delete" }, { value: "mem_u2" }],
  };
  const reading = readingAs("onelogin");
  const plan = planPatch(groupType, sales, readOperations(groupType, body, reading), reading);

  expect(plan.steps.map(({ where: _where, ...step }) => step)).toEqual([
    u1,
    { do: "add", members: [{ value: "mem_u2" }] },
  ]);
  expect(reading.trail.coercions.map((c) => c.rule)).toEqual(["scim1Patch"]);
  expect(codeOf(() => readOperations(groupType, body, readingAs("okta")))).toBe("400 invalidSyntax");
  expect(messages.patchOp).toBe("urn:ietf:params:scim:api:messages:2.0:PatchOp");
});

test("SCIM-200: at most 50,000 members in one request", () => {
  const members = (n: number) => Array.from({ length: n }, (_, i) => ({ value: `mem_${i}` }));

  expect(planGroup([{ op: "add", path: "members", value: members(50_000) }]).steps[0]).toMatchObject({ do: "add" });
  expect(codeOf(() => planGroup([{ op: "add", path: "members", value: members(50_001) }]))).toBe("413");
});

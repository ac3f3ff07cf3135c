import fc from "fast-check";
import { Kind, parse, type OperationDefinitionNode } from "graphql";
import { CostBudgets } from "../../services/gateway/limits/budget";
import { compileCost } from "../../services/gateway/limits/cost";
import { checkNesting } from "../../services/gateway/limits/nesting";
import { structuralExcess } from "../../services/gateway/limits/structure";
import { checkVariables } from "../../services/gateway/limits/variables";
import { fragmentsIn } from "../../services/gateway/execution/cost";
import { plenumSchema } from "../../services/gateway/schema/build";

function costOf(source: string, variables: Record<string, unknown> = {}) {
  const document = parse(source);
  const operation = document.definitions.find((d) => d.kind === Kind.OPERATION_DEFINITION) as OperationDefinitionNode;
  return compileCost(plenumSchema(), operation, fragmentsIn(document))(variables);
}

test.each([
  ["a value", "{ __typename }", 0, 0],
  ["one thing", "{ organization { name } }", 1, 0],
  ["a page counts its items", "{ members(first: 50) { nodes { id } } }", 50, 50],
  ["with a thing behind each", "{ members(first: 50) { nodes { seat { plan { code } } } } }", 150, 50],
  [
    "the benchmark",
    "{ organization { members(first: 50) { nodes { seat { subscription { plan { code } } } } pageInfo { endCursor } } } }",
    202,
    50,
  ],
  ["an edge is the item that it leads to", "{ members(first: 50) { edges { cursor node { id } } } }", 50, 50],
  ["a count is ten", "{ members(first: 1) { totalCount } }", 10, 0],
  ["pages in pages multiply", "{ members(last: 10) { nodes { eventTypes(first: 20) { nodes { id } } } } }", 210, 210],
  ["a missing size counts as the largest", "{ members { nodes { id } } }", 100, 100],
  ["a short list counts as ten", "{ plans { code } }", 10, 0],
  [
    "a mutation is ten and what it shows",
    `mutation { removeMember(input: { memberId: "x" }) { member { seat { id } } } }`,
    13,
    0,
  ],
])("GQL-31: %s", (_name, source, points, nodes) => {
  expect(costOf(source)).toEqual({ points, nodes });
});

test("GQL-31: a variable counts at its value, one that is none at the largest", () => {
  const source = "query ($n: Int) { members(first: $n) { nodes { id } } }";
  expect(costOf(source, { n: 7 }).points).toBe(7);
  for (const n of [undefined, null, "7", 1e9, -1]) expect(costOf(source, { n }).points).toBe(100);
  const ids = "query ($i: [ID!]!) { nodes(ids: $i) { id } }";
  expect(costOf(ids, { i: ["a", "b", "c"] }).points).toBe(3);
});

test("GQL-31: a fragment costs what it stands for", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 100 }), fc.integer({ min: 1, max: 100 }), (outer, inner) => {
      const body = `id seat { plan { code } } eventTypes(first: ${inner}) { nodes { id } totalCount }`;
      const plain = `{ members(first: ${outer}) { nodes { ${body} } } }`;
      const spread = `{ members(first: ${outer}) { ...P } } fragment P on MemberConnection { nodes { ... on Member { ...M } } } fragment M on Member { ${body} }`;
      expect(costOf(spread)).toEqual(costOf(plain));
    }),
  );
});

test("GQL-30: exactly at a limit is allowed, one more is not", () => {
  const excess = (source: string) => structuralExcess(parse(source)).map(({ limit }) => limit);
  const aliases = (n: number) => `{ organization { ${Array.from({ length: n }, (_, i) => `a${i}: name`).join(" ")} } }`;
  expect([excess(aliases(30)), excess(aliases(31))]).toEqual([[], ["aliases"]]);
  const roots = (n: number) => `{ ${Array.from({ length: n }, (_, i) => `f${i}`).join(" ")} }`;
  expect([excess(roots(10)), excess(roots(11))]).toEqual([[], ["rootFields"]]);
  const deep = (n: number) => `${"{ a ".repeat(n)}${"}".repeat(n)}`;
  expect([excess(deep(12)), excess(deep(13))]).toEqual([[], ["depth"]]);
  const directives = (n: number) => `{ a ${"@b ".repeat(n)} }`;
  expect([excess(directives(30)), excess(directives(31))]).toEqual([[], ["directives"]]);
  const literal = (n: number) => `{ a(b: ${"[".repeat(n)}1${"]".repeat(n)}) }`;
  expect([excess(literal(12)), excess(literal(13))]).toEqual([[], ["depth"]]);
});

test("GQL-30: fragments that double each other are counted in as many steps as there are", () => {
  const bomb = (n: number) =>
    `{ ...F0 } ${Array.from({ length: n }, (_, i) => `fragment F${i} on Query { ...F${i + 1} ...F${i + 1} }`).join(" ")} fragment F${n} on Query { a @b x: c }`;
  const before = process.cpuUsage();
  expect(structuralExcess(parse(bomb(200))).map(({ limit }) => limit)).toEqual([
    "aliases",
    "rootFields",
    "directives",
    "cost",
  ]);
  expect(process.cpuUsage(before).user / 1_000).toBeLessThan(50);
  // A circle is left to graphql-js.
  expect(structuralExcess(parse("{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }"))).toEqual([]);
});

test("GQL-30: brackets count where they mean something", () => {
  const refused = (source: string) => {
    try {
      checkNesting(source);
      return false;
    } catch {
      return true;
    }
  };
  const many = "[".repeat(500);
  expect(refused(`{ a(b: ${many}`)).toBe(true);
  expect(refused(`{ a(b: "${many}") }`)).toBe(false);
  expect(refused(`{ a(b: "\\"${many}") }`)).toBe(false);
  expect(refused(`{ a(b: """${many} \\""" ${many}""") }`)).toBe(false);
  expect(refused(`{ a } # ${many}\n`)).toBe(false);
  expect(refused(`{ a(b: "x") ${many}`)).toBe(true);
  expect(refused(`{ a } # x\n ${many}`)).toBe(true);
  expect(refused(`"""x""" ${many}`)).toBe(true);
});

test("GQL-18: any variables are looked through without a fault, and stay as they were", () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 8 }), (value) => {
      const copy = structuredClone({ value });
      let refused = false;
      try {
        checkVariables(copy);
      } catch (error) {
        refused = true;
        expect((error as { extensions: { code: string } }).extensions.code).toBe("BAD_USER_INPUT");
      }
      const text = JSON.stringify({ value });
      if (!/\\u0000|__proto__|constructor|prototype|\\ud[89a-f]/i.test(text) && !refused)
        expect(JSON.stringify(copy)).toBe(text);
    }),
  );
});

test("GQL-31: points come back with time, up to what there was, and nobody pays for another", () => {
  let now = 0;
  const budgets = new CostBudgets({ points: 100, restorePerSecond: 10 }, () => now);
  expect(budgets.charge("a", 80)).toMatchObject({ allowed: true, status: { currentlyAvailable: 20 } });
  expect(budgets.charge("a", 30)).toMatchObject({ allowed: false, retryAfter: 1, status: { currentlyAvailable: 20 } });
  expect(budgets.charge("b", 100).allowed).toBe(true);
  now += 1_000;
  expect(budgets.charge("a", 30)).toMatchObject({ allowed: true, status: { currentlyAvailable: 0 } });
  expect(budgets.charge("a", 100).retryAfter).toBe(10);
  now += 1e9;
  expect(budgets.charge("a", 0).status.currentlyAvailable).toBe(100);
  for (let i = 0; i < 10_001; i++) budgets.charge(`client ${i}`, 100);
  expect(budgets.charge("client 0", 100).allowed).toBe(true);
  expect(budgets.charge("client 10000", 1).allowed).toBe(false);
});

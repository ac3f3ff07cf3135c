import fc from "fast-check";
import { plenumSchema } from "../../services/gateway/schema/build";
import { publicId } from "../../services/kernel/ids";
import { assignTemplate, createTemplate } from "../../services/domain/event-types";
import { buildOrg, testWorld } from "../support/world";
import { GraphqlDoor, tokenOf, type Answer } from "./support/door";
import { generateQuery } from "./support/generate";

// A nightly run draws more: GQL_DRAWS=5000.
const draws = Number(process.env.GQL_DRAWS ?? 250);

async function bothDoors() {
  const db = await testWorld();
  const planned = await GraphqlDoor.open({ db });
  const judge = await GraphqlDoor.open({ db, planQueries: false });
  const org = await buildOrg(db, { plan: "enterprise", seats: 8, locale: "fr" });
  const ada = await org.add("ada");
  await org.add('o"brien \\ né');
  await org.invite("bob", "oskar");
  const template = await org.run(async (tx) => {
    const made = await createTemplate(tx, { kind: "GROUP", slug: "demo", values: { name: "Démo", capacity: 4 } });
    await assignTemplate(tx, { templateId: made.id, targets: { allCurrent: true } });
    return made;
  });
  const ids = [
    publicId("member", ada.id),
    publicId("member", org.ownerId),
    publicId("organization", org.orgId),
    publicId("eventTypeTemplate", template.id),
    "mem_01h455vb4pex5vsknk084sn02q",
    "no id at all",
  ];
  return { planned, judge, org, ada, ids };
}

/** What of an answer has to be equal: not the number of the request. */
function comparable({ status, data, errors }: Answer) {
  const shown = errors.map(({ message, path, locations, extensions: { errorId: _number, ...rest } }) => ({
    message,
    path,
    locations,
    rest,
  }));
  shown.sort((a, b) => JSON.stringify(a.path).localeCompare(JSON.stringify(b.path)));
  return { status, data: data as unknown, errors: shown };
}

// Where a field that may not be null fails, graphql-js stops and tells the errors that it has seen so far.
function expectSame(query: string, ours: Answer, theirs: Answer): void {
  const [a, b] = [comparable(ours), comparable(theirs)];
  if (b.data !== null) return expect({ query, ...a }).toEqual({ query, ...b });
  expect({ query, status: a.status, data: a.data }).toEqual({ query, status: b.status, data: null });
  expect(a.errors).toEqual(expect.arrayContaining(b.errors));
}

test("GQL-37: what plans write equals what graphql-js says, for any query drawn from the schema", async () => {
  const { planned, judge, org, ids, ada } = await bothDoors();
  const tokens = [await tokenOf(org, "OWNER"), await tokenOf(org, "MEMBER", ada.id)];
  let answered = 0;

  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 0, max: 2 ** 31 }), fc.constantFrom(...tokens), async (seed, token) => {
      const { query, variables } = generateQuery(plenumSchema(), seed, ids);
      const headers = { "accept-language": seed % 2 === 0 ? "fr" : "en" };
      const [ours, theirs] = await Promise.all([
        planned.ask(token, query, variables, headers),
        judge.ask(token, query, variables, headers),
      ]);
      expectSame(query, ours, theirs);
      if (ours.errors.length === 0) answered += 1;
    }),
    { numRuns: draws, seed: 20261121 },
  );
  // A generator whose queries are all refused would prove nothing.
  expect(answered).toBeGreaterThan(draws / 4);
}, 600_000);

const written: readonly (readonly [string, string, Record<string, unknown>])[] = [
  [
    "aliases of one page with other arguments",
    `{ organization { a: members(first: 1) { nodes { id } } b: members(first: 2) { nodes { id } } } }`,
    {},
  ],
  [
    "one field asked for twice",
    `{ members(first: 2) { nodes { id } } members(first: 2) { nodes { name seat { id } } } }`,
    {},
  ],
  [
    "a thing under two names with pages behind it",
    `{ a: viewer { m: member { e: eventTypes(first: 1) { totalCount } } } b: viewer { member { e: eventTypes(first: 2) { totalCount nodes { name } } } } }`,
    {},
  ],
  [
    "one thing under two names, pages of other sizes",
    `{ viewer { x: organization { p: members(first: 1) { nodes { id } } } y: organization { p: members(first: 3) { nodes { id } } } } }`,
    {},
  ],
  [
    "a fragment that is spread twice under other conditions",
    `query ($yes: Boolean!, $no: Boolean!) { viewer { member { ...F @include(if: $no) } organization { owner: members(first: 1) { nodes { ...F @include(if: $yes) } } } } } fragment F on Member { id name }`,
    { yes: true, no: false },
  ],
  [
    "pages and things of which conditions leave nothing",
    `query ($no: Boolean!) { members(first: 2) { totalCount @include(if: $no) } viewer { member { id @include(if: $no) } } changes(first: 1) { nodes { at @include(if: $no) } pageInfo { endCursor @include(if: $no) } } }`,
    { no: false },
  ],
  [
    "nodes and edges of one page",
    `{ members(first: 2) { edges { cursor node { name } } nodes { id seat { plan { code } } } pageInfo { startCursor endCursor hasNextPage hasPreviousPage } totalCount __typename } }`,
    {},
  ],
  [
    "the end of a list",
    `{ members(last: 2, orderBy: NAME_DESC) { nodes { name } pageInfo { hasNextPage hasPreviousPage } } }`,
    {},
  ],
  [
    "values with fields of their own",
    `{ auditEntries(first: 3) { nodes { who: actor { kind __typename } target { id } } } eventTypeTemplates(first: 1) { nodes { locks { isLocked s: section } values } } }`,
    {},
  ],
  ["a count without its rows", `{ members(first: 1) { totalCount } }`, {}],
  ["an unknown operation name beside a known one", `query A { __typename } query B { viewer { permissions } }`, {}],
];

test.each(written)("GQL-37: %s", async (_name, query, variables) => {
  const { planned, judge, org } = await bothDoors();
  const token = await tokenOf(org, "OWNER", org.ownerId);
  const ours = await planned.ask(token, query, variables);
  expectSame(query, ours, await judge.ask(token, query, variables));
});

test("GQL-37: an operation that graphql-js has to answer is answered beside planned ones", async () => {
  const { planned, org } = await bothDoors();
  const token = await tokenOf(org, "OWNER", org.ownerId);
  const id = publicId("member", org.ownerId);
  const { data } = await planned.ask(token, `query ($id: ID!) { node(id: $id) { id } member(id: $id) { id } }`, { id });
  expect(data).toEqual({ node: { id }, member: { id } });
});

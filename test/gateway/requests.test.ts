import { readFileSync } from "node:fs";
import { join } from "node:path";
import { buildSchema, parse, type DocumentNode } from "graphql";
import { deprecatedIn } from "../../services/gateway/execution/deprecated";
import { plenumSchema } from "../../services/gateway/schema/build";
import { buildOrg } from "../support/world";
import { GraphqlDoor, tokenOf } from "./support/door";

test("GQL-38: a document is parsed and checked once, and found again by every request after it", async () => {
  const kept = new Map<string, DocumentNode>();
  const found: boolean[] = [];
  const door = await GraphqlDoor.open({
    documents: {
      get: (key) => {
        found.push(kept.has(key));
        return Promise.resolve(kept.get(key));
      },
      set: (key, document) => Promise.resolve(void kept.set(key, document)),
      delete: (key) => Promise.resolve(kept.delete(key)),
    },
  });
  const token = await tokenOf(await buildOrg(door.db), "OWNER");
  const page = "query Page($first: Int!) { members(first: $first) { nodes { id } } }";

  for (const first of [1, 2, 3]) expect((await door.ask(token, page, { first })).errors).toEqual([]);
  expect((await door.ask(token, "{ membres { id } }")).status).toBe(400);
  expect((await door.ask(token, "{ membres { id } }")).status).toBe(400);

  // What is not valid is not kept.
  expect([found, kept.size]).toEqual([[false, true, true, false, false], 1]);
});

test("GQL-36: the same document of two organizations at once: each is answered from its own rows only", async () => {
  const door = await GraphqlDoor.open({ budget: { points: 1e9, restorePerSecond: 1e9 } });
  const orgs = await Promise.all(
    ["one", "two"].map(async () => {
      const org = await buildOrg(door.db);
      await org.add("ada");
      return { org, token: await tokenOf(org, "OWNER", org.ownerId) };
    }),
  );
  const query = `{
    viewer { organization { slug members(first: 5) { nodes { email seat { member { email } subscription { id } } } } } }
    subscriptions(first: 1) { nodes { id licences(first: 5) { nodes { member { email } } } } }
  }`;

  const answers = await Promise.all(
    Array.from({ length: 60 }, async (_, n) => {
      const { org, token } = orgs[n % 2]!;
      return { org, answer: await door.ask(token, query) };
    }),
  );

  for (const { org, answer } of answers) {
    expect(answer.errors).toEqual([]);
    expect(answer.data.viewer.organization.slug).toBe(org.slug);
    const addresses = [...answer.text.matchAll(/"([^"]+@[^"]+)"/g)].map((match) => match[1]);
    expect(addresses.length).toBe(6);
    expect(addresses.filter((address) => !address!.endsWith(`@${org.domain}`))).toEqual([]);
  }
});

test("GQL-42: what will be removed is named with everything that uses it", () => {
  const schema = buildSchema(`
    enum Size { BIG SMALL @deprecated(reason: "use BIG; removal 2027-01-01") }
    input Filter { size: Size, old: Int @deprecated(reason: "removal 2027-01-01") }
    type Thing { id: ID!, name: String @deprecated(reason: "use id; removal 2027-01-01"), size(unit: String @deprecated(reason: "removal 2027-01-01")): Size }
    type Query { things(filter: Filter): [Thing!]! }
  `);
  const used = (text: string) => [...deprecatedIn(schema, parse(text))].sort();

  expect(used("{ things { id size } }")).toEqual([]);
  expect(
    used(`{ things(filter: { size: SMALL, old: 1 }) { a: name ...F } } fragment F on Thing { size(unit: "cm") name }`),
  ).toEqual(["Filter.old", "SMALL", "Thing.name", "Thing.size(unit:)"]);
});

test("GQL-42: the access line names the client that asked, where its name is harmless", async () => {
  const lines: string[] = [];
  const door = await GraphqlDoor.open({ lines });
  const org = await buildOrg(door.db);
  const token = await tokenOf(org, "OWNER");
  const ask = async (name: string) => {
    lines.length = 0;
    const headers = { "apollographql-client-name": name, "apollographql-client-version": "1.4.2" };
    await door.ask(token, "query Mine { viewer { permissions } }", {}, headers);
    return lines
      .map((line) => JSON.parse(line) as Record<string, unknown>)
      .find((line) => line["operation"] === "Mine");
  };

  expect(await ask("console")).toMatchObject({
    client: "console",
    clientVersion: "1.4.2",
    org: expect.anything() as unknown,
  });
  const odd = await ask(`"><script>`);
  expect([odd?.["client"], odd?.["clientVersion"]]).toEqual([undefined, "1.4.2"]);
});

test("GQL-34: what the page on this door names is in the schema", () => {
  const page = readFileSync(join(__dirname, "../../docs/graphql.md"), "utf8");
  const schema = plenumSchema();
  const known = new Set(
    [schema.getQueryType(), schema.getMutationType()].flatMap((type) => Object.keys(type?.getFields() ?? {})),
  );
  const rows = page.split("\n").filter((line) => line.startsWith("| ") && !line.includes("---"));
  const named = rows.slice(4).flatMap((row) => [...row.matchAll(/`([a-z]\w+)`/g)].map((match) => match[1] as string));
  expect(named.length).toBeGreaterThan(35);
  expect(named.filter((name) => !known.has(name))).toEqual([]);
});

import { connect, shareNoDatabase, testDatabase } from "../support/database";
import { openServerLog, type ServerLog } from "../support/server-log";
import { publicId } from "../../services/kernel/ids";
import { GraphqlDoor, type Answer } from "./support/door";
import { mutationScene, otherKeys, sceneOutside, type MutationScene } from "./support/mutation-scene";
import { documentOf, inputs, inputTypeOf, mutationNames } from "./support/mutation-table";
import { textPlaces, withTextAt } from "./support/text-places";
import { documentAt, idsIn, places, reachable, type IdsByKind } from "./support/wide";

// Texts that end a literal, name a parameter, escape or quote, in every argument of every field of the schema: nothing
// of them may become SQL. The judge is the log of the database.
shareNoDatabase();

const texts = [`';--`, "$1", "\\", `"`, `') or 1=1; drop table member; --`];
const textScalars = ["String", "ID", "DateTime", "Decimal"];

let log: ServerLog;
let door: GraphqlDoor;
let scene: MutationScene;
let ids: IdsByKind;

beforeAll(async () => {
  log = await openServerLog();
  // The door's own deadline would make the answer depend on what else the machine does while a key is drawn.
  const patient = { deadlineMs: 120_000, budget: { points: 1e9, restorePerSecond: 1e9 } };
  door = await GraphqlDoor.open({ outside: sceneOutside, ...patient });
  scene = await mutationScene(door, { sso: true });
  ids = idsIn(JSON.stringify({ ...scene.ids, organization: publicId("organization", scene.org.orgId) })).byKind;
}, 60_000);

/** A fault of ours would be a 5xx, or the code that stands for one. */
function expectNoFault(where: unknown, { status, errors }: Answer): void {
  expect([where, status < 500, errors.map((e) => e.extensions.code).filter((code) => code === "INTERNAL")]).toEqual([
    ...[where, true, []],
  ]);
}

// A constraint that says no is an answer of the schema's (class 23); everything else would be a statement that went wrong.
const expectCleanLog = () => expect(log.errors().filter((line) => !line.startsWith("23"))).toEqual([]);

test("SEC-32: the log that judges hears a statement that is broken by a text", async () => {
  const heard = await openServerLog();
  const client = await connect((await testDatabase()).appUrl);
  await expect(client.query(`select ${texts[3]}`)).rejects.toMatchObject({ code: "42601" });
  expect(heard.errors()).toEqual([expect.stringMatching(/^42601: /)]);
  log = await openServerLog();
});

test.each(mutationNames)("SEC-32: no text in any argument of %s becomes SQL", async (name) => {
  const input = (inputs[name] as (typeof inputs)[string])(scene.ids, await otherKeys());
  const type = inputTypeOf(name);
  for (const text of texts) {
    for (const place of textPlaces(type, textScalars)) {
      const sent = withTextAt(name, input, place, text);
      expectNoFault(
        [name, place.map((f) => f.name), text],
        await door.ask(scene.token, documentOf(name, 1), { input: sent }),
      );
    }
    for (const place of textPlaces(type, ["JSON"])) {
      for (const value of [text, { [text]: text }, { name: text, slug: [text] }]) {
        const sent = withTextAt(name, input, place, value);
        expectNoFault(
          [name, place.map((f) => f.name), value],
          await door.ask(scene.token, documentOf(name, 1), { input: sent }),
        );
      }
    }
  }
  expectCleanLog();
});

const queried = reachable(({ args }) => args.length > 0).flatMap((place) =>
  [...textScalars, "JSON"].flatMap((scalar) =>
    places(place.path.at(-1)!, scalar, true).map((path) => [place.name, path.join("."), place] as const),
  ),
);

test("SEC-32: the queries that are tried reach below the roots", () => {
  expect(queried.length).toBeGreaterThan(60);
  expect(queried.filter(([name]) => !name.startsWith("Query.")).length).toBeGreaterThan(10);
});

test.each(queried)("SEC-32: no text in %s(%s) becomes SQL", async (name, path, place) => {
  const document = documentAt(place, path.split("."), ids);
  for (const text of texts) {
    const it = document.startsWith("query ($it: [") ? [text] : text;
    const answer = await door.ask(scene.token, document, { it });
    expectNoFault([name, path, text], answer);
    // A document that is refused before it is run would prove nothing.
    expect([document, answer.errors.filter((e) => e.extensions.code === "GRAPHQL_VALIDATION_FAILED")]).toEqual([
      document,
      [],
    ]);
  }
  expectCleanLog();
});

test("SEC-32: neither does what comes beside the document", async () => {
  const query = `mutation ($input: UpdateOrganizationInput!) { updateOrganization(input: $input) { organization { name } } }`;
  for (const text of texts) {
    const headers = {
      ...{ "idempotency-key": text, "accept-language": text, "user-agent": text, "x-request-id": text },
      ...{ "x-forwarded-for": text, "if-match": text },
    };
    const answer = await door.ask(scene.token, query, { input: { name: text } }, headers);
    expectNoFault([text], answer);
    // What is a name stays a name, to the letter.
    if (answer.errors.length === 0) expect(answer.data.updateOrganization.organization).toEqual({ name: text });
    expectNoFault([text], await door.ask(`plm_${text}`, query, { input: { name: text } }));
  }
  expectCleanLog();
});

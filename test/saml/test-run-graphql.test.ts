import { printSignInLink } from "../../services/domain/identity";
import { findPersonByEmail } from "../../services/platform/lobby";
import { GraphqlDoor, tokenOf, type Data } from "../gateway/support/door";
import { askedIn, Browser, connectIdp, openSaml, sceneFor, type SamlSite } from "../support/saml-door";
import { encode, login, makeKeys, type KeyPair, type LoginOptions } from "../support/saml-kit";
import { buildOrg, publicUrl, type TestOrg } from "../support/world";

let door: GraphqlDoor;
let base: string;
let keys: KeyPair;
let org: TestOrg;
let idp: SamlSite;

beforeAll(async () => {
  door = await GraphqlDoor.open();
  [base, keys] = await Promise.all([openSaml(door.db), makeKeys("idp")]);
  org = await buildOrg(door.db);
  idp = await connectIdp(org, keys);
});

/** Somebody at a browser, signed in by link, and what they ask the GraphQL door. */
async function administrator(which: TestOrg, name = "owner") {
  const browser = new Browser(base);
  const person = await findPersonByEmail(door.db, which.email(name));
  await browser.get(await printSignInLink(door.db, person ?? ("" as never)));
  const cookie = [...browser.cookies].map(([key, value]) => `${key.split(" ")[1] ?? ""}=${value}`).join("; ");
  const ask = async (query: string, variables: object, language = "en") => {
    const headers = { "content-type": "application/json", cookie, origin: publicUrl, "accept-language": language };
    const { text } = await door.send({ headers, body: { query, variables } });
    return JSON.parse(text) as { data: Data; errors?: { extensions: { code: string } }[] };
  };
  return { browser, ask };
}

const connectionId = () => idp.connection.urls.connectionId;
const tests = `query ($c: ID!) { samlTests(connectionId: $c) { startUrl setupUrl runs { id passed refusal effect role
  seated email domainTrust groups attributeNames clockOffsetSeconds shownCertificate warnings hints { code text }
  checks { requirement code result expected received } } } }`;

async function trial(browser: Browser, startUrl: string, o: LoginOptions): Promise<void> {
  const { id } = askedIn((await browser.get(startUrl)).location ?? "");
  await browser.post(idp.connection.urls.acsUrl, { SAMLResponse: encode(login(sceneFor(idp, id), o)) });
}

test("SAML-95, SAML-96, SAML-97: what came of one's own trials is read by GraphQL, explained in one's language", async () => {
  const { browser, ask } = await administrator(org);
  const empty = (await ask(tests, { c: connectionId() })).data.samlTests;
  expect(empty).toEqual({
    startUrl: idp.connection.urls.acsUrl.replace("/acs", "/test"),
    setupUrl: idp.connection.urls.acsUrl.replace("/acs", "/setup"),
    runs: [],
  });
  const attributes = [
    ["email", [org.email("ada")]],
    ["groups", ["staff"]],
  ] as const;
  await trial(browser, empty.startUrl, { assertion: { nameId: "ada", attributes } });
  await trial(browser, empty.startUrl, { assertion: { audiences: [[`${idp.connection.spEntityId}/`]] } });

  const [bad, good] = (await ask(tests, { c: connectionId() }, "fr")).data.samlTests.runs;
  expect(good).toMatchObject({
    ...{ passed: true, refusal: null, effect: "CREATED", role: "MEMBER", seated: true, domainTrust: "VERIFIED" },
    ...{ email: org.email("ada"), groups: ["staff"], attributeNames: ["email", "groups"], hints: [], warnings: [] },
  });
  expect(bad).toMatchObject({ passed: false, refusal: "audience_mismatch", effect: null });
  expect(bad.hints).toEqual([
    { code: "audience_slash", text: expect.stringContaining("ne diffère que par une barre oblique finale") },
  ]);
  expect(bad.checks).toContainEqual({
    ...{ requirement: "SAML-42", code: "audience_mismatch", result: "FAIL" },
    ...{ expected: idp.connection.spEntityId, received: `${idp.connection.spEntityId}/` },
  });
  expect(good.checks.map((c: { result: string }) => c.result)).not.toContain("FAIL");

  const one = await ask(`query ($id: ID!) { samlTestRun(id: $id) { id passed hints { code } } }`, { id: bad.id });
  expect(one.data.samlTestRun).toEqual({ id: bad.id, passed: false, hints: [{ code: "audience_slash" }] });
});

test("SAML-95, SAML-63: a report is for whoever began it; colleagues, programs and strangers find nothing", async () => {
  const { browser, ask } = await administrator(org);
  const { data } = await ask(tests, { c: connectionId() });
  await trial(browser, data.samlTests.startUrl, {});
  const [{ id }] = (await ask(tests, { c: connectionId() })).data.samlTests.runs;
  const run = `query ($id: ID!) { samlTestRun(id: $id) { passed } }`;
  const other = await buildOrg(door.db);
  const stranger = await administrator(other);
  const token = await tokenOf(org, "OWNER", org.ownerId);

  expect((await stranger.ask(run, { id })).errors?.map((e) => e.extensions.code)).toEqual(["NOT_FOUND"]);
  expect((await stranger.ask(tests, { c: connectionId() })).errors?.map((e) => e.extensions.code)).toEqual([
    "NOT_FOUND",
  ]);
  expect((await door.ask(token, run, { id })).errors.map((e) => e.extensions.code)).toEqual(["NOT_FOUND"]);
  expect((await door.ask(token, tests, { c: connectionId() })).data.samlTests.runs).toEqual([]);
});

test("SAML-97: an identity provider's own error is explained by GraphQL too", async () => {
  const { ask } = await administrator(org);
  const explain = `query ($t: String!) { explainIdpError(text: $t) { code text } }`;

  expect((await ask(explain, { t: "Error: app_not_configured_for_user" }, "fr")).data.explainIdpError).toEqual({
    code: "google_not_configured",
    text: "L'Entity ID inscrit chez Google n'est pas celui de cette connexion.",
  });
  expect((await ask(explain, { t: "something else\non two lines" })).data.explainIdpError).toBeNull();
  expect((await ask(explain, { t: "x".repeat(2_001) })).errors?.map((e) => e.extensions.code)).toEqual([
    "BAD_USER_INPUT",
  ]);
});

test("SAML-70: a connection takes a vendor's mapping by GraphQL", async () => {
  const { ask } = await administrator(org);
  const update = `mutation ($i: UpdateConnectionInput!) { updateConnection(input: $i) { userErrors { code } connection { id } } }`;

  const { data } = await ask(update, { i: { connectionId: connectionId(), profile: "ONELOGIN" } });
  expect(data.updateConnection).toEqual({ userErrors: [], connection: { id: connectionId() } });
});

import { auditServer } from "graphql-http";
import { statusOf } from "../../services/gateway/http/status";
import { mediaTypes, wantedType } from "../../services/gateway/http/media-type";
import { buildOrg, publicUrl } from "../support/world";
import { startLoginSession } from "../../services/domain/identity";
import type { Database } from "../../services/platform/unit-of-work";
import { answerOf, GraphqlDoor, tokenOf } from "./support/door";

test("GQL-02: the server audits of graphql-http find no error and no warning", async () => {
  const door = await GraphqlDoor.open();
  const results = await auditServer({ url: `http://127.0.0.1:${door.port}/graphql` });
  const of = (status: string) => results.filter((r) => r.status === status).map((r) => r.id);
  expect(results.length).toBe(61);
  expect(of("error")).toEqual([]);
  expect(of("warn")).toEqual([]);
  expect(["5A70", "D6D5", "6A70"]).toEqual(expect.arrayContaining(of("notice")));
});

const answered = { data: { a: 1, b: null }, errors: [{ message: "x", extensions: { code: "NOT_FOUND" } }] };
const refused = (code: string, more: object = {}) => ({ errors: [{ message: "x", extensions: { code, ...more } }] });
const empty = (code: string) => ({ data: { a: null }, ...refused(code) });

test.each([
  ["an answer", { data: { a: 1 } }, "response", 200, 200],
  ["a partial answer", answered, "response", 200, 294],
  ["a partial answer", answered, "json", 200, 200],
  ["a document that is none", { errors: [{ message: "Syntax Error: x" }] }, "response", 400, 400],
  ["a document that does not fit", refused("BAD_USER_INPUT"), "response", 400, 422],
  ["a document that does not fit", refused("BAD_USER_INPUT"), "json", 200, 200],
  ["a limit", refused("OPERATION_TOO_COMPLEX", { limit: "cost" }), "json", 400, 400],
  ["nothing found", empty("NOT_FOUND"), "response", 200, 200],
  ["nobody signed in", empty("UNAUTHENTICATED"), "json", 401, 401],
  ["points spent", refused("RATE_LIMITED"), "json", 429, 429],
  ["no database", empty("UNAVAILABLE"), "json", 503, 503],
  ["a fault of ours", empty("INTERNAL"), "response", 500, 500],
] as const)("GQL-03: %s", (_name, outcome, type, audit, draft) => {
  const media = mediaTypes[type];
  expect(statusOf(outcome, media)).toBe(audit);
  expect(statusOf(outcome, media, "draft")).toBe(draft);
});

test.each([
  [undefined, mediaTypes.json],
  ["*/*", mediaTypes.json],
  ["application/json", mediaTypes.json],
  ["application/graphql-response+json", mediaTypes.response],
  ["application/graphql-response+json, application/json;q=0.9", mediaTypes.response],
  ["application/json, application/graphql-response+json", mediaTypes.json],
  ["application/graphql-response+json;q=0.1, */*", mediaTypes.json],
  ["text/html", undefined],
  ["application/json;q=0", undefined],
])("GQL-03: who accepts %s gets %s", (accept, type) => {
  expect(wantedType(accept)).toBe(type);
});

test("GQL-03: a client of application/json finds a refusal in the body of a 200", async () => {
  const door = await GraphqlDoor.open();
  const reply = await door.send({ body: { query: "{ nothing }" }, headers: { accept: "application/json" } });
  expect([reply.status, reply.headers["content-type"]]).toEqual([200, mediaTypes.json]);
  expect(answerOf(reply).data).toBe(undefined);
  expect(answerOf(reply).errors[0]?.extensions.code).toBe("BAD_USER_INPUT");
});

test.each([
  ["a PUT", { method: "PUT" }, 405],
  ["a DELETE", { method: "DELETE" }, 405],
  ["an answer that nobody can give", { body: { query: "{ __typename }" }, headers: { accept: "text/css" } }, 406],
  ["XML", { raw: "<a/>", headers: { "content-type": "application/xml" } }, 415],
  ["another alphabet", { raw: "{}", headers: { "content-type": "application/json; charset=utf-16" } }, 415],
  ["a compressed body", { raw: "x", headers: { "content-type": "application/json", "content-encoding": "gzip" } }, 415],
  ["an empty object", { body: {} }, 400],
  ["variables that are a text", { body: { query: "{ __typename }", variables: "{}" } }, 400],
  ["another path", { path: "/graphqlx", body: {} }, 404],
])("GQL-04: %s is refused in JSON", async (_name, send, status) => {
  const door = await GraphqlDoor.open();
  const reply = await door.send(send);
  expect([reply.status, reply.headers["content-type"]]).toEqual([status, mediaTypes.json]);
  expect(reply.text).not.toMatch(/<html|at \w+ \(/);
});

test("GQL-07: what every answer carries, and what none does", async () => {
  const door = await GraphqlDoor.open();
  for (const body of [{ query: "{ __typename }" }, { query: "{" }]) {
    const { headers } = await door.send({ body, headers: { "x-request-id": "a-number-of-mine" } });
    expect(headers["cache-control"]).toBe("no-store");
    expect(headers["x-request-id"]).toBe("a-number-of-mine");
    expect(headers["content-type"]).toMatch(/charset=utf-8$/);
    expect([headers["x-powered-by"], headers.etag]).toEqual([undefined, undefined]);
  }
});

test("GQL-15: nobody signed in is told so at once; a bad token like none", async () => {
  const door = await GraphqlDoor.open();
  const org = await buildOrg(door.db);
  const good = await tokenOf(org, "OWNER");
  const forged = `${good.slice(0, -7)}${good.slice(-7) === "_000000" ? "_111111" : "_000000"}`;
  for (const token of [undefined, "plm_none", forged, "plmses_x"]) {
    const { status, errors, data } = await door.ask(token, "{ members(first: 1) { nodes { id } } }");
    expect([status, data, errors.map((e) => e.extensions.code)]).toEqual([401, null, ["UNAUTHENTICATED"]]);
  }
  expect((await door.ask(undefined, "{ viewer { permissions } }")).data).toEqual({ viewer: null });
  expect((await door.ask(forged, "{ viewer { permissions } }")).status).toBe(401);
});

test("GQL-32: what takes too long is given up, and nothing of it stays", async () => {
  const slow = await GraphqlDoor.open({ deadlineMs: 150 });
  const org = await buildOrg(slow.db);
  const owner = await tokenOf(org, "OWNER", org.ownerId);
  const run = slow.db.run.bind(slow.db);
  (slow.db as { run: unknown }).run = (who: never, work: never, options: never) => holdingBack(run, who, work, options);

  const mutation = `mutation { updateOrganization(input: { name: "Too late" }) { organization { name } userErrors { code } } }`;
  const { status, errors, headers } = await slow.ask(owner, mutation);
  expect([status, errors[0]?.extensions.code, headers["retry-after"]]).toEqual([503, "UNAVAILABLE", "2"]);
  await new Promise((done) => setTimeout(done, 600));
  (slow.db as { run: unknown }).run = run;
  expect((await slow.ask(owner, "{ organization { name } }")).data.organization.name).toBe(`The ${org.slug}`);
});

// Holds a unit of work back before its work begins.
async function holdingBack(run: Database["run"], who: never, work: (tx: never) => Promise<unknown>, options: never) {
  return run(
    who,
    async (tx) => {
      await new Promise((done) => setTimeout(done, 400));
      return work(tx as never);
    },
    options,
  );
}

test("SAML-88: a session is used from our own pages", async () => {
  const door = await GraphqlDoor.open();
  const org = await buildOrg(door.db);
  const { secret } = await org.run((tx) => startLoginSession(tx, { memberId: org.ownerId, method: "LINK" }));
  const cookie = `plenum_session=${secret}`;
  const body = { query: "{ viewer { member { id } person { id } token { id } } }" };
  const from = async (headers: Record<string, string>) =>
    (await door.send({ body, headers: { cookie, ...headers } })).status;

  expect(await from({ origin: publicUrl })).toBe(200);
  expect(await from({ origin: publicUrl, "sec-fetch-site": "same-origin" })).toBe(200);
  expect(await from({})).toBe(200);
  expect(await from({ origin: "https://evil.example" })).toBe(403);
  expect(await from({ origin: "null" })).toBe(403);
  expect(await from({ "sec-fetch-site": "cross-site" })).toBe(403);
  expect(await from({ origin: publicUrl, "sec-fetch-site": "same-site" })).toBe(403);
  // A token says by itself who asks.
  const token = await tokenOf(org, "OWNER");
  expect(await from({ origin: "https://tool.example", authorization: `Bearer ${token}` })).toBe(200);
});

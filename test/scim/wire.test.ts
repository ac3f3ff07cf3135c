import fc from "fast-check";
import { errorCodes, PlenumError } from "../../services/kernel/errors";
import { replyTo, scimReply } from "../../services/scim/errors";
import { answerType, readBody, readQuery, segmentsOf } from "../../services/scim/http";
import { ScimRefusal } from "../../services/scim/refusal";
import { checkIfMatch, namesVersion, versionTag } from "../../services/scim/versions";
import { codeOf, readingAs } from "./support/reading";

const body = (type: string | undefined, text: string | Buffer, reading = readingAs()) =>
  readBody(type, Buffer.isBuffer(text) ? text : Buffer.from(text), reading.dialect, reading.trail);

test.each([
  "application/scim+json",
  "application/json",
  "application/json; charset=utf-8",
  "APPLICATION/SCIM+JSON;charset=UTF-8",
  "application/scim+json ; x=y",
])("SCIM-020: a body of type %s is read", (type) => {
  expect(body(type, '\ufeff{"a":1}')).toEqual({ a: 1 });
});

test("SCIM-020: other types are 415; no type at all is up to the dialect", () => {
  expect(codeOf(() => body("text/plain", "{}"))).toBe("415");
  expect(codeOf(() => body("application/x-www-form-urlencoded", "{}"))).toBe("415");
  const reading = readingAs();
  expect(body(undefined, "{}", reading)).toEqual({});
  expect(reading.trail.coercions.map((c) => c.rule)).toEqual(["noContentType"]);
  expect(codeOf(() => body(undefined, "{}", readingAs("strict")))).toBe("415");
  expect(codeOf(() => body(undefined, "{}", readingAs("interop")))).toBe("415");
});

test.each(["", "  ", "[]", "null", "5", '"x"', "true", "{", "{'a':1}", '{"a":1}}', "NaN"])(
  "SCIM-020: the body %j is invalidSyntax",
  (text) => {
    expect(codeOf(() => body("application/json", text))).toBe("400 invalidSyntax");
  },
);

test("SCIM-020: a body that is not UTF-8 is invalidSyntax", () => {
  expect(codeOf(() => body("application/json", Buffer.from([0x7b, 0xff, 0x7d])))).toBe("400 invalidSyntax");
});

test.each([
  [undefined, "application/scim+json"],
  ["*/*", "application/scim+json"],
  ["application/*", "application/scim+json"],
  ["text/html", "application/scim+json"],
  ["application/json", "application/json"],
  ["Application/JSON; q=0.9", "application/json"],
  ["application/json, application/scim+json", "application/scim+json"],
  ["application/json, text/plain, */*", "application/scim+json"],
])("SCIM-021: Accept %s is answered with %s", (accept, type) => {
  expect(answerType(accept)).toBe(type);
});

test("SCIM-OL03: OneLogin, which takes plain JSON only, gets it", () => {
  expect(answerType("application/json")).toBe("application/json");
});

test("SCIM-012: trailing slashes and unknown parameters count for nothing, names have no case", () => {
  expect(segmentsOf("/Users/mem_1/")).toEqual(["Users", "mem_1"]);
  expect([...readQuery("?aadOptscim062020&_=1&STARTINDEX=2&startIndex=3")]).toEqual([
    ["aadoptscim062020", ""],
    ["_", "1"],
    ["startindex", "2"],
  ]);
});

test("SCIM-014: what cannot be decoded names nothing", () => {
  expect(segmentsOf("/Users/%E0%A4%A")).toEqual(["Users", "\u0000"]);
  expect(segmentsOf("/Users/%00%2e%2e%2f")).toEqual(["Users", "\u0000../"]);
});

test("SCIM-OK02: blanks as + or %20, and quotes that were encoded twice", () => {
  expect(readQuery("?filter=userName+eq+%22ada%40acme.test%22").get("filter")).toBe('userName eq "ada@acme.test"');
  expect(readQuery("?filter=userName%20eq%20%22ada%2Bx%40acme.test%22").get("filter")).toBe(
    'userName eq "ada+x@acme.test"',
  );
  expect(readQuery("?filter=userName%20eq%20%2522ada%2540acme.test%2522").get("filter")).toBe(
    'userName eq "ada@acme.test"',
  );
  expect(readQuery('?filter=userName eq "100%2522"').get("filter")).toBe('userName eq "100%22"');
});

test("SCIM-030: the Error body has its four keys and no other", () => {
  const { body: error, status } = replyTo(
    new ScimRefusal(409, "uniqueness", "userName is taken"),
    "req-1",
    "https://p.test",
  );

  expect(status).toBe(409);
  expect(error).toEqual({
    schemas: ["urn:ietf:params:scim:api:messages:2.0:Error"],
    status: "409",
    scimType: "uniqueness",
    detail: "userName is taken (request req-1)",
  });
  expect(Object.keys(replyTo(new ScimRefusal(404, undefined, "no such user"), "r", "").body)).toEqual([
    "schemas",
    "status",
    "detail",
  ]);
});

test("SCIM-032: every code of the house has a status and, where one fits, a keyword", () => {
  const said = Object.fromEntries(
    errorCodes.map((code) => [code, replyTo(new PlenumError(code, "sentence"), "r", "https://p.test")]),
  );

  expect(Object.keys(scimReply).sort()).toEqual([...errorCodes].sort());
  for (const { status, body: error } of Object.values(said)) {
    expect(status).toBeGreaterThanOrEqual(400);
    expect(error.status).toBe(String(status));
    expect(error.detail).toMatch(/ \(request r\)$/);
  }
  expect([
    said["not_found"]?.status,
    said["duplicate"]?.status,
    said["stale_version"]?.status,
    said["unauthenticated"]?.status,
  ]).toEqual([404, 409, 412, 401]);
  expect(said["rate_limited"]?.headers).toEqual({ "Retry-After": "1" });
  expect(said["unavailable"]).toMatchObject({ status: 503, headers: { "Retry-After": "30" } });
});

test("SCIM-035: our own keywords stand with 403 only", () => {
  const ours = Object.values(scimReply).filter(
    (r) => "scimType" in r && /seatLimitReached|protectedResource/.test(r.scimType),
  );

  expect(ours.map((r) => r.status)).toEqual([403, 403, 403]);
});

test("SCIM-185: a missing seat says how many there are and where more are had", () => {
  const error = new PlenumError("seats_exhausted", "x", { plan: "Pro", used: 25, quantity: 25 });

  expect(replyTo(error, "r-9", "https://p.test").body).toEqual({
    schemas: ["urn:ietf:params:scim:api:messages:2.0:Error"],
    status: "403",
    scimType: "seatLimitReached",
    detail:
      "No free seat: 25 of 25 'Pro' seats are in use. Free a seat or add seats at https://p.test/billing (request r-9)",
  });
});

test("SCIM-033: a fault of ours is a 500 that says nothing of itself, never an empty result", () => {
  const { status, body: error } = replyTo(new Error("select * from member where secret"), "r", "");

  expect(status).toBe(500);
  expect(error.detail).toBe("the request failed for a reason on our side (request r)");
});

test("SCIM-175: versions are weak tags, compared weakly, in lists, and * is any", () => {
  expect(versionTag(3)).toBe('W/"3"');
  expect(['W/"3"', '"3"', 'W/"1", W/"3"', "*", ' "3" '].map((h) => namesVersion(h, 3))).toEqual([
    true,
    true,
    true,
    true,
    true,
  ]);
  expect(["3", 'W/"33"', 'W/"2"', "", 'w/"3"', '""'].map((h) => namesVersion(h, 3))).toEqual([
    false,
    false,
    false,
    false,
    false,
    false,
  ]);
  expect(() => checkIfMatch(undefined, 3)).not.toThrow();
  expect(codeOf(() => checkIfMatch('W/"2"', 3))).toBe("412");
});

test("SCIM-034: whatever query or path comes, it is read without a fault", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      readQuery(text);
      segmentsOf(text);
      return true;
    }),
    { numRuns: 2_000 },
  );
});

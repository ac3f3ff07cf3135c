import fc from "fast-check";
import { coreGroup, coreUser, enterpriseUser, messages, plenumUser } from "../../services/scim/urns";
import { asOwner, openScim, scimClient, type Reply, type ScimClient } from "./support/door";

let idp: ScimClient;
let userId: string;
let groupId: string;
beforeAll(async () => {
  const server = await openScim();
  idp = await scimClient(server, { seats: 1_000 });
  await asOwner(`update identity_connection set options = '{"scimRequestsPerSecond": 100000}' where org_id = $1`, [
    idp.org.orgId,
  ]);
  userId = (await idp.post("/Users", { schemas: [coreUser], userName: idp.org.email("fuzz") })).body.id as string;
  groupId = (await idp.post("/Groups", { schemas: [coreGroup], displayName: "Fuzz", members: [{ value: userId }] }))
    .body.id as string;
});

const errorKeys = new Set(["schemas", "status", "scimType", "detail"]);

function isSound({ status, headers, body, text }: Reply): boolean {
  if (status >= 200 && status < 300)
    return status === 204 ? text === "" : headers["content-type"] === "application/scim+json";
  const keys = Object.keys((body ?? {}) as object);
  return (
    status >= 400 &&
    status < 500 &&
    body.status === String(status) &&
    body.schemas[0] === messages.error &&
    keys.every((key) => errorKeys.has(key)) &&
    typeof body.detail === "string" &&
    body.detail.length < 600
  );
}

const scalar = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    "",
    "x",
    "True",
    true,
    false,
    0,
    -1,
    1.5,
    1e300,
    "a\u0000b",
    "\ud800",
    "\u202e",
    "x".repeat(5_000),
    "mem_01h455vb4pex5vsknk084sn02q",
    "__proto__",
    "ﷺ".repeat(200),
    "2024-02-30T00:00:00Z",
  ),
  fc.string({ unit: "binary", maxLength: 20 }),
);
const name = fc.constantFrom(
  "userName",
  "USERNAME",
  "name",
  "emails",
  "active",
  "password",
  "schemas",
  "id",
  "meta",
  "groups",
  "roles",
  "addresses",
  "x509Certificates",
  "photos",
  "externalId",
  "displayName",
  "members",
  "title",
  "__proto__",
  "constructor",
  "toString",
  "",
  " ",
  "name.givenName",
  'emails[type eq "work"].value',
  'members[value eq "x"]',
  coreUser,
  enterpriseUser,
  plenumUser,
  `${enterpriseUser}:manager`,
  `${plenumUser}:licence`,
  `${plenumUser}:role`,
  `${plenumUser}:licenceOptions`,
);
const part = fc.constantFrom(
  "value",
  "type",
  "primary",
  "display",
  "$ref",
  "givenName",
  "locality",
  "manager",
  "department",
  "__proto__",
  "licence",
  "Value",
);
const { json } = fc.letrec((tie) => ({
  json: fc.oneof(
    { depthSize: "small" },
    scalar,
    fc.array(tie("json"), { maxLength: 3 }),
    fc.dictionary(fc.oneof(part, name), tie("json"), { maxKeys: 4 }),
  ),
}));

const operation = fc.record(
  {
    op: fc.constantFrom<unknown>("add", "Replace", "remove", "move", 5),
    path: fc.option(fc.oneof(name, fc.string({ maxLength: 20 })), { nil: undefined }),
    value: json,
  },
  { requiredKeys: ["op"] },
);
const patch = fc.record({
  schemas: fc.constant([messages.patchOp]),
  Operations: fc.oneof(fc.array(operation, { maxLength: 4 }), json),
});
const user = fc
  .tuple(fc.dictionary(name, json, { maxKeys: 6 }), fc.boolean(), fc.nat(1_000_000))
  .map(([body, plausible, n]) => (plausible ? { ...body, schemas: [coreUser], userName: `fuzz${n}@fuzz.test` } : body));

const word = fc.constantFrom(
  "userName",
  "emails",
  "meta.created",
  "members",
  "and",
  "or",
  "not",
  "eq",
  "co",
  "gt",
  "pr",
  "(",
  ")",
  "[",
  "]",
  '"x"',
  '"',
  "\\",
  "5",
  "true",
  "null",
  "urn:",
  ":",
  ".",
  "%",
  "'",
  enterpriseUser,
);
const query = fc
  .record(
    {
      filter: fc.oneof(
        fc.string({ unit: "binary", maxLength: 40 }),
        fc.array(word, { maxLength: 12 }).map((w) => w.join(" ")),
      ),
      sortBy: fc.oneof(name, fc.string({ maxLength: 10 })),
      sortOrder: fc.string({ maxLength: 10 }),
      startIndex: fc.oneof(fc.integer().map(String), fc.string({ maxLength: 5 })),
      count: fc.oneof(fc.integer().map(String), fc.string({ maxLength: 5 })),
      attributes: fc.oneof(name, fc.string({ maxLength: 20 })),
      cursor: fc.string({ maxLength: 20 }),
    },
    { requiredKeys: [] },
  )
  .map((q) => new URLSearchParams(q as Record<string, string>).toString());

type Request = readonly [method: string, path: string, body: string | undefined];
const text = (body: unknown): string => JSON.stringify(body ?? null);
const request: fc.Arbitrary<Request> = fc.oneof(
  user.map((body) => ["POST", "/Users", text(body)] as const),
  user.map((body) => ["PUT", `/Users/${userId}`, text(body)] as const),
  patch.map((body) => ["PATCH", `/Users/${userId}`, text(body)] as const),
  patch.map((body) => ["PATCH", `/Groups/${groupId}`, text(body)] as const),
  json.map((body) => ["POST", "/Groups", text(body)] as const),
  fc.string({ unit: "binary", maxLength: 40 }).map((body) => ["POST", "/Users", body] as const),
  fc
    .tuple(fc.constantFrom("/Users", "/Groups", "/Roles", "/Schemas"), query)
    .map(([path, q]) => ["GET", `${path}?${q}`, undefined] as const),
  fc
    .string({ unit: "binary", maxLength: 30 })
    .map((id) => ["GET", `/Users/${encodeURIComponent(id.replace(/[\ud800-\udfff]/g, ""))}`, undefined] as const),
);

test("SCIM-034: thousands of odd bodies, filters and paths: only 2xx and 4xx, every Error well-formed, and nothing broken after it", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(request, { minLength: 16, maxLength: 16 }), async (requests) => {
      const replies = await Promise.all(
        requests.map(([method, path, raw]) =>
          idp.send({
            method,
            path,
            ...(raw === undefined ? {} : { raw, headers: { "content-type": "application/scim+json" } }),
          }),
        ),
      );
      const odd = replies.flatMap((reply, i) =>
        isSound(reply) ? [] : [[requests[i], reply.status, reply.text.slice(0, 300)]],
      );
      expect(odd).toEqual([]);
    }),
    { numRuns: 160, endOnFailure: true },
  );

  const { body } = await idp.get(`/Groups/${groupId}`);
  if (body.displayName !== undefined)
    expect(body["urn:ietf:params:scim:schemas:extension:plenum:2.0:Group"].memberCount).toBe(
      (body.members ?? []).length,
    );
  const drift = await asOwner(
    `select s.used, count(l.id)::integer as open from subscription s left join licence_assignment l on l.org_id = s.org_id and l.subscription_id = s.id and l.ended_at is null
     where s.org_id = $1 group by s.id, s.used having s.used <> count(l.id)`,
    [idp.org.orgId],
  );
  expect(drift).toEqual([]);
}, 120_000);

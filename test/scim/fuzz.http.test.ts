import fc from "fast-check";
import { coreGroup, coreUser, enterpriseUser, messages, plenumUser } from "../../services/scim/urns";
import { asOwner, openScim, scimClient, type Reply, type ScimClient } from "./support/door";

let idp: ScimClient;
let stranger: ScimClient;
let userId: string;
let groupId: string;
let strangersUser: string;
let strangersGroup: string;

// The same 10,000 requests each time; another stretch of them by FUZZ_SEED.
const seed = Number(process.env["FUZZ_SEED"] ?? 20_261_121);
beforeAll(async () => {
  const server = await openScim();
  idp = await scimClient(server, { seats: 1_000 });
  await asOwner(`update identity_connection set options = '{"scimRequestsPerSecond": 100000}' where org_id = $1`, [
    idp.org.orgId,
  ]);
  userId = (await idp.post("/Users", { schemas: [coreUser], userName: idp.org.email("fuzz") })).body.id as string;
  groupId = (await idp.post("/Groups", { schemas: [coreGroup], displayName: "Fuzz", members: [{ value: userId }] }))
    .body.id as string;
  stranger = await scimClient(server);
  strangersUser = (await stranger.post("/Users", { schemas: [coreUser], userName: stranger.org.email("other") })).body
    .id as string;
  const members = [{ value: strangersUser }];
  strangersGroup = (await stranger.post("/Groups", { schemas: [coreGroup], displayName: "Others", members })).body
    .id as string;
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

const atOnce = 16;

async function send(requests: readonly Request[]): Promise<Reply[]> {
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
  return replies;
}

test("SCIM-034: 5,600 odd bodies, filters and paths: only 2xx and 4xx, every Error well-formed, and nothing broken after it", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(request, { minLength: atOnce, maxLength: atOnce }), async (requests) => {
      await send(requests);
    }),
    { numRuns: 350, endOnFailure: true, seed },
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
}, 240_000);

// Requests as they come every day, each broken in one to three places.
function everyday(n: number): Request[] {
  const member = { value: userId, $ref: `${idp.baseUrl}/Users/${userId}` };
  const operations = [
    { op: "replace", path: "active", value: "False" },
    { op: "add", path: 'emails[type eq "work"].value', value: `w${n}@fuzz.test` },
    { op: "Replace", path: `${enterpriseUser}:manager`, value: userId },
    { op: "remove", path: "title" },
  ];
  const whole = {
    schemas: [coreUser, enterpriseUser],
    userName: `day${n}@fuzz.test`,
    externalId: `e${n}`,
    name: { givenName: "Ada", familyName: "Byron" },
    emails: [{ value: `day${n}@fuzz.test`, type: "work", primary: true }],
    active: true,
    [enterpriseUser]: { department: "R&D", manager: { value: userId } },
  };
  const bulk = { schemas: [messages.bulkRequest], failOnErrors: 1 };
  const create = { method: "POST", path: "/Users", bulkId: "q", data: { ...whole, userName: `bulk${n}@fuzz.test` } };
  const searched = `userName eq "day${n}@fuzz.test" and (active eq true or not (title pr)) and emails[type eq "work"]`;
  return [
    ["POST", "/Users", text(whole)],
    ["PUT", `/Users/${userId}`, text(whole)],
    ["PATCH", `/Users/${userId}`, text({ schemas: [messages.patchOp], Operations: operations })],
    ["POST", "/Groups", text({ schemas: [coreGroup], displayName: `Day ${n}`, members: [member] })],
    [
      "PATCH",
      `/Groups/${groupId}`,
      text({ schemas: [messages.patchOp], Operations: [{ op: "add", path: "members", value: [member] }] }),
    ],
    ["POST", "/Bulk", text({ ...bulk, Operations: [create] })],
    ["POST", "/.search", text({ schemas: [messages.searchRequest], filter: searched, count: 5 })],
    ["GET", `/Users?filter=${encodeURIComponent(searched)}`, undefined],
    ["DELETE", `/Users/${userId.slice(0, -1)}0`, undefined],
  ];
}

const wound = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  length: fc.nat(12),
  by: fc.oneof(
    fc.constantFrom("", '"', "{", "]", "null", '"\\ud800"', "\u0000", ",", "1e999", '"__proto__":{},', "%00", "[[[["),
    fc.string({ unit: "binary", maxLength: 6 }),
  ),
});
type Wound = typeof wound extends fc.Arbitrary<infer W> ? W : never;

function wounded(whole: string, wounds: readonly Wound[]): string {
  return wounds.reduce((left, { at, length, by }) => {
    const start = Math.floor(at * left.length);
    return left.slice(0, start) + by + left.slice(start + length);
  }, whole);
}

const broken = fc
  .tuple(fc.nat(100_000), fc.nat(8), fc.array(wound, { minLength: 1, maxLength: 3 }))
  .map(([n, which, wounds]): Request => {
    const [method, path, body] = everyday(n)[which] as Request;
    if (body !== undefined) return [method, path, wounded(body, wounds)];
    const [head = "", search] = path.split("?");
    const odd = wounded(search ?? head, wounds).replace(/[^\x21-\x7e]|#/g, "%FF");
    return [method, search === undefined ? `/${odd.replace(/^\/+/, "")}` : `${head}?${odd}`, undefined];
  });

test("SCIM-034: 4,800 everyday requests, each broken in one to three places, are done or refused, never failed", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(broken, { minLength: atOnce, maxLength: atOnce }), async (requests) => {
      await send(requests);
    }),
    { numRuns: 300, endOnFailure: true, seed },
  );
  expect((await idp.get(`/Users/${userId}`)).status).toBe(200);
}, 240_000);

test("SCIM-013, SCIM-034: ids of another organization, wherever they stand, are no ids, and leave it untouched", async () => {
  const before = [await stranger.get(`/Users/${strangersUser}`), await stranger.get(`/Groups/${strangersGroup}`)];
  const patchOf = (...operations: object[]) => text({ schemas: [messages.patchOp], Operations: operations });
  const unknown = "usr_01h455vb4pex5vsknk084sn02q";
  const requests = (user: string, group: string): Request[] => [
    ["GET", `/Users/${user}`, undefined],
    ["GET", `/Groups/${group}`, undefined],
    ["PUT", `/Users/${user}`, text({ schemas: [coreUser], userName: idp.org.email("taken") })],
    ["PATCH", `/Users/${user}`, patchOf({ op: "replace", path: "active", value: false })],
    ["PATCH", `/Groups/${group}`, patchOf({ op: "remove", path: "members" })],
    ["DELETE", `/Users/${user}`, undefined],
    ["DELETE", `/Groups/${group}`, undefined],
    ["PATCH", `/Groups/${groupId}`, patchOf({ op: "add", path: "members", value: [{ value: user }] })],
    ["PATCH", `/Groups/${groupId}`, patchOf({ op: "add", path: "members", value: [{ value: group }] })],
    ["POST", "/Groups", text({ schemas: [coreGroup], displayName: "Mixed", members: [{ value: user }] })],
    ["GET", `/Groups?filter=${encodeURIComponent(`members.value eq "${user}"`)}`, undefined],
    ["GET", `/Users?filter=${encodeURIComponent(`id eq "${user}" or groups.value eq "${group}"`)}`, undefined],
  ];
  const said = async (user: string, group: string) =>
    (await send(requests(user, group))).map(({ status, text: body }) => [
      status,
      body
        .replaceAll(user, "USER")
        .replaceAll(group, "GROUP")
        .replace(/\(request .*?\)/, ""),
    ]);
  const foreign = await said(strangersUser, strangersGroup);

  expect(foreign.map(([status]) => status)).toEqual([404, 404, 404, 404, 404, 404, 404, 400, 400, 400, 200, 200]);
  // Nothing tells an id of somebody else from one that never was.
  const nobody = `${strangersUser.slice(0, 4)}${unknown.slice(4)}`;
  const nothing = `${strangersGroup.slice(0, 4)}${unknown.slice(4)}`;
  expect(await said(nobody, nothing)).toEqual(foreign);
  const after = [await stranger.get(`/Users/${strangersUser}`), await stranger.get(`/Groups/${strangersGroup}`)];
  expect(after.map(({ body }) => body)).toEqual(before.map(({ body }) => body));
});

test("SCIM-205: without the events of RFC 9967 nothing announces them, and a wish for a later answer is answered now", async () => {
  const config = (await idp.get("/ServiceProviderConfig")).body;
  const prefer = { Prefer: "respond-async" };
  const made = await idp.post("/Users", { schemas: [coreUser], userName: idp.org.email("async") }, prefer);

  expect([config.securityEvents, made.status, made.headers["preference-applied"]]).toEqual([undefined, 201, undefined]);
  expect((await idp.get(`/Users/${String(made.body.id)}`)).status).toBe(200);
});

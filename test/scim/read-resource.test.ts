import { groupType } from "../../services/scim/attributes/registry";
import { presets } from "../../services/scim/dialects";
import { readResource } from "../../services/scim/read-resource";
import { coreGroup, coreUser, enterpriseUser, plenumUser } from "../../services/scim/urns";
import { codeOf, ent, minimalUser, readingAs, readUser, refusalOf } from "./support/reading";

const user = (more: object, reading = readingAs()) => readUser({ ...minimalUser, ...more }, reading);

test("SCIM-070: names of attributes, sub-attributes and URNs are taken in any case and stored in the schema's", () => {
  const given = readUser({
    SCHEMAS: [coreUser.toUpperCase()],
    USERNAME: "ada@acme.test",
    Name: { GIVENNAME: "Ada" },
    [enterpriseUser.toLowerCase()]: { DEPARTMENT: "R&D" },
  });

  expect(given).toEqual({ userName: "ada@acme.test", name: { givenName: "Ada" }, [ent("department")]: "R&D" });
});

test.each([
  ["at the top", { userName: "a", username: "b" }],
  ["in a complex value", { userName: "a", name: { givenName: "a", GivenName: "b" } }],
  ["in an element", { userName: "a", emails: [{ value: "a", Value: "b" }] }],
  ["in an extension", { userName: "a", [enterpriseUser]: { department: "a", Department: "b" } }],
  ["once plain and once under the core URN", { userName: "a", [coreUser]: { userName: "b" } }],
])("SCIM-070: a key that stands twice is refused: %s", (_, body) => {
  expect(codeOf(() => readUser({ schemas: [coreUser], ...body }))).toBe("400 invalidSyntax");
});

test("SCIM-071: null, [] and in tolerant dialects the empty string mean unassigned", () => {
  const body = { title: null, nickName: "", emails: [], name: { givenName: "", familyName: "L" }, addresses: null };

  expect(user(body)).toEqual({
    userName: "ada@acme.test",
    title: null,
    nickName: null,
    emails: null,
    name: { familyName: "L" },
    addresses: null,
  });
  expect(user(body, readingAs("strict"))).toEqual({
    userName: "ada@acme.test",
    title: null,
    nickName: "",
    emails: null,
    name: { givenName: "", familyName: "L" },
    addresses: null,
  });
});

test.each(Object.keys(presets) as (keyof typeof presets)[])(
  "SCIM-071: userName must not be empty in the dialect %s",
  (preset) => {
    for (const userName of ["", "  ", null, undefined, "a\u0007b"]) {
      expect(codeOf(() => readUser({ schemas: [coreUser], userName }, readingAs(preset)))).toBe("400 invalidValue");
    }
  },
);

test("SCIM-072: one primary at most; tolerant keeps the first and notes it, strict refuses", () => {
  const emails = [
    { value: "a@x", primary: true },
    { value: "b@x", primary: true },
    { value: "c@x", primary: false },
  ];
  const reading = readingAs();

  expect(user({ emails }, reading)["emails"]).toEqual([
    { value: "a@x", primary: true },
    { value: "b@x", primary: false },
    { value: "c@x", primary: false },
  ]);
  expect(reading.trail.coercions).toEqual([
    { path: "emails[1].primary", rule: "secondPrimary", from: true, to: false },
  ]);
  expect(codeOf(() => user({ emails }, readingAs("strict")))).toBe("400 invalidValue");
});

test("SCIM-072: an element with the same type and value is stored once, case not counting", () => {
  const emails = [
    { value: "ada@acme.test", type: "work" },
    { value: "ADA@acme.test", type: "Work", display: "Ada" },
    { value: "ada@acme.test", type: "home" },
  ];

  expect(user({ emails })["emails"]).toEqual([
    { value: "ADA@acme.test", type: "Work", display: "Ada" },
    { value: "ada@acme.test", type: "home" },
  ]);
});

test("SCIM-073: read-only values are ignored, of whatever type they are", () => {
  const given = user({
    id: 5,
    meta: "nonsense",
    groups: [{ value: 1 }],
    [enterpriseUser]: { manager: { value: "mem_1", displayName: { not: "a string" }, $ref: 7 } },
    [plenumUser]: { seatStatus: "assigned", managedBy: [], invitationStatus: true },
  });

  expect(given).toEqual({ userName: "ada@acme.test", [ent("manager")]: { value: "mem_1" } });
});

test.each([
  ["a boolean as number", { active: 1 }],
  ["a boolean as word", { active: "yes" }],
  ["a string as number", { title: 5 }],
  ["a string as boolean", { title: true }],
  ["a string as object", { title: { text: "x" } }],
  ["a complex value as number", { name: 5 }],
  ["a list as number", { emails: 5 }],
  ["an element as number", { emails: [5] }],
  ["a sub-attribute as list", { emails: [{ value: ["a", "b"] }] }],
  ["binary that is no base64", { x509Certificates: [{ value: "not base64!" }] }],
  ["text with NUL", { title: "a\u0000b" }],
  ["text with half a surrogate pair", { title: "a\ud800b" }],
  ["an extension as text", { [enterpriseUser]: "x" }],
  ["a word outside a closed set", { [plenumUser]: { deprovisionPolicy: "burn" } }],
])("SCIM-074: the wrong type is refused: %s", (_, more) => {
  expect(codeOf(() => user(more))).toBe("400 invalidValue");
});

test("SCIM-074: tolerant dialects take words for booleans and loose references, strict ones do not", () => {
  const reading = readingAs();
  const body = { active: "False", emails: [{ value: "a@x", primary: "True" }], profileUrl: "not a uri" };

  expect(user(body, reading)).toMatchObject({
    active: false,
    emails: [{ value: "a@x", primary: true }],
    profileUrl: "not a uri",
  });
  expect(reading.trail.coercions.map((c) => [c.path, c.from, c.to])).toEqual([
    ["active", "False", false],
    ["emails[0].primary", "True", true],
  ]);
  expect(reading.trail.warnings).toEqual([{ path: "profileUrl", text: "not an absolute URI; kept as received" }]);
  for (const [name, value] of Object.entries(body)) {
    expect(codeOf(() => user({ [name]: value }, readingAs("strict")))).toBe("400 invalidValue");
  }
});

test("SCIM-074: text that looks like a number stays text", () => {
  expect(user({ [enterpriseUser]: { employeeNumber: "007" } })[ent("employeeNumber")]).toBe("007");
});

test("SCIM-075: the password is taken and thrown away, and never quoted in a refusal", () => {
  expect(user({ password: "s3cret-Passw0rd" })).toEqual({ userName: "ada@acme.test" });
  const refusal = refusalOf(() => user({ password: 123456789 }));

  expect(refusal.scimType).toBe("invalidValue");
  expect(refusal.detail).not.toContain("123456789");
});

test("SCIM-076: schemas must name the core, extensions need not be named, unknown ones are ignored with a warning", () => {
  const reading = readingAs();
  const given = user({ [enterpriseUser]: { department: "R&D" }, "urn:acme:extension": { a: 1 } }, reading);

  expect(given[ent("department")]).toBe("R&D");
  expect(reading.trail.warnings).toEqual([{ path: "urn:acme:extension", text: "unknown attribute; ignored" }]);
  expect(codeOf(() => readUser({ schemas: [enterpriseUser], userName: "a" }))).toBe("400 invalidSyntax");
  expect(codeOf(() => readUser({ schemas: coreUser, userName: "a" }))).toBe("400 invalidSyntax");
  expect(codeOf(() => readUser({ schemas: [coreUser, 5], userName: "a" }))).toBe("400 invalidSyntax");
  expect(codeOf(() => readUser({ userName: "a" }, readingAs("strict")))).toBe("400 invalidSyntax");
  expect(readUser({ userName: "a" })).toEqual({ userName: "a" });
  expect(codeOf(() => user({ colour: "red" }, readingAs("interop")))).toBe("400 invalidSyntax");
});

test("SCIM-077: core attributes under the core's URN are flattened", () => {
  expect(readUser({ schemas: [coreUser], [coreUser]: { userName: "ada", title: "Dr" } })).toEqual({
    userName: "ada",
    title: "Dr",
  });
});

test("SCIM-078: values keep their inner blanks, their case and their form", () => {
  const body = {
    userName: "Ada@ACME.test",
    name: { formatted: "Ada  King   Lovelace " },
    phoneNumbers: [{ value: "tel:+33-1 23.45", type: "work" }],
  };

  expect(readUser({ schemas: [coreUser], ...body })).toEqual(body);
});

test("SCIM-034: names of the language's own objects are unknown attributes like any other", () => {
  const body = JSON.parse(
    `{"schemas":["${coreUser}"],"userName":"a","__proto__":{"active":true},"constructor":{"x":1},"toString":"x",
      "name":{"__proto__":{"givenName":"x"},"familyName":"L"},"${enterpriseUser}":{"__proto__":{"department":"x"}}}`,
  ) as object;
  const reading = readingAs();

  expect(readUser(body, reading)).toEqual({ userName: "a", name: { familyName: "L" } });
  expect(reading.trail.warnings.map((w) => w.path)).toEqual([
    "__proto__",
    "constructor",
    "toString",
    "name.__proto__",
    `${enterpriseUser}:__proto__`,
  ]);
});

test("SCIM-031: a refusal names the attribute, what was received in at most 80 characters, and what is allowed", () => {
  const { detail } = refusalOf(() => user({ active: "x".repeat(500) }));

  expect(detail).toMatch(/^active is "x{78}…, expected true or false$/);
});

test("SCIM-EN03: nulls in Entra's POST are unassigned", () => {
  const given = user(
    {
      addresses: null,
      title: null,
      roles: [],
      meta: { resourceType: "User" },
      [enterpriseUser]: { department: null, manager: null },
    },
    readingAs("entra"),
  );

  expect(given).toEqual({
    userName: "ada@acme.test",
    addresses: null,
    title: null,
    roles: null,
    [ent("department")]: null,
    [ent("manager")]: null,
  });
});

test("SCIM-EN12: a role as JSON text becomes its value and display", () => {
  const reading = readingAs("entra");
  const roles = [{ value: '{"id":"18d1","value":"Admin","displayName":"Administrator"}' }];

  expect(user({ roles }, reading)["roles"]).toEqual([{ value: "Admin", display: "Administrator" }]);
  expect(user({ roles: ['{"value":"Admin"}'] }, readingAs("entra"))["roles"]).toEqual([{ value: "Admin" }]);
  expect(reading.trail.coercions.map((c) => c.rule)).toEqual(["scalarForComplex"]);
  expect(user({ roles: [{ value: "{not json" }] }, readingAs("entra"))["roles"]).toEqual([{ value: "{not json" }]);
});

test("SCIM-EN14: a list around a single value is opened; strict refuses it", () => {
  expect(user({ title: [{ $ref: null, value: "Dr" }] }, readingAs("entra"))["title"]).toBe("Dr");
  expect(user({ title: { value: "Dr" } }, readingAs("entra"))["title"]).toBe("Dr");
  expect(codeOf(() => user({ title: [{ $ref: null, value: "Dr" }] }, readingAs("strict")))).toBe("400 invalidValue");
});

test("SCIM-EN30: of two e-mails of one type the last is kept, with a warning", () => {
  const emails = [
    { type: "work", value: "old@x" },
    { type: "home", value: "h@x" },
    { type: "Work", value: "new@x" },
  ];
  const reading = readingAs("entra");

  expect(user({ emails }, reading)["emails"]).toEqual([
    { type: "home", value: "h@x" },
    { type: "Work", value: "new@x" },
  ]);
  expect(reading.trail.warnings).toEqual([{ path: "emails", text: "two elements of type Work; the last is kept" }]);
  expect(user({ emails }, readingAs("okta"))["emails"]).toHaveLength(3);
});

test("SCIM-EN16: Entra's own Group schema beside the RFC's is ignored with a warning", () => {
  const reading = readingAs("entra");
  const given = readResource(
    groupType,
    {
      schemas: [coreGroup, "http://schemas.microsoft.com/2006/11/ResourceManagement/ADSCIM/2.0/Group"],
      externalId: "8aa1a0c0",
      displayName: "Sales",
      meta: { resourceType: "Group" },
    },
    reading,
  );

  expect(Object.fromEntries(given)).toEqual({ externalId: "8aa1a0c0", displayName: "Sales" });
  expect(reading.trail.warnings).toHaveLength(1);
});

test("SCIM-161: a member needs a value; its display and $ref are ignored", () => {
  const group = (members: unknown) =>
    readResource(groupType, { schemas: [coreGroup], displayName: "Sales", members }, readingAs()).get("members");

  expect(group([{ value: "mem_1", display: "Ada", $ref: null }, { value: "mem_1" }])).toEqual([{ value: "mem_1" }]);
  expect(codeOf(() => group([{ display: "Ada" }]))).toBe("400 invalidValue");
});

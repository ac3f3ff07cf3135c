import fc from "fast-check";
import { userType } from "../../services/scim/attributes/registry";
import { readOperations } from "../../services/scim/patch/operation";
import { ScimRefusal } from "../../services/scim/refusal";
import { coreUser, enterpriseUser, messages, plenumUser } from "../../services/scim/urns";
import { ada, codeOf, ent, patchBody, patched, planOf, readingAs, refusalOf, withValues } from "./support/reading";

const home = { type: "home", value: "ada@home.test" };
const work = { type: "work", value: "ada@acme.test", primary: true };
const withMails = withValues({ emails: [work, home] });
const strict = () => readingAs("strict");

describe("the envelope", () => {
  const operations = (body: object, reading = readingAs()) => readOperations(userType, body, reading);

  test.each([
    ["no Operations", { schemas: [messages.patchOp] }],
    ["Operations as object", { schemas: [messages.patchOp], Operations: {} }],
    ["another schema", { schemas: [coreUser], Operations: [{ op: "add" }] }],
    ["an operation as text", patchBody(["add" as unknown as object])],
    ["an unknown op", patchBody([{ op: "move", path: "title" }])],
    ["no op", patchBody([{ path: "title", value: "x" }])],
    ["op as number", patchBody([{ op: 1 }])],
    ["path as number", patchBody([{ op: "add", path: 5 }])],
    ["op twice", patchBody([{ op: "add", OP: "remove" }])],
    ["a name of the language", patchBody([{ op: "constructor", path: "title" }])],
  ])("SCIM-150: %s is invalidSyntax", (_, body) => {
    expect(codeOf(() => operations(body))).toBe("400 invalidSyntax");
  });

  test("SCIM-150: names and words are taken in any case", () => {
    const body = {
      SCHEMAS: [messages.patchOp.toUpperCase()],
      operations: [{ OP: "Replace", Path: "title", VALUE: "Dr" }],
    };

    expect(operations(body)).toEqual([{ op: "replace", path: "title", value: "Dr", where: "Operations[0]" }]);
  });

  test("SCIM-150: more than 1,000 operations are too many", () => {
    const many = (n: number) => patchBody(Array.from({ length: n }, () => ({ op: "add", path: "title", value: "x" })));

    expect(operations(many(1_000))).toHaveLength(1_000);
    expect(refusalOf(() => operations(many(1_001)))).toEqual({
      status: 413,
      scimType: undefined,
      detail: "Operations has 1001 entries, at most 1000 are allowed",
    });
  });

  test("SCIM-EN21: an empty list of operations does nothing where the dialect allows it", () => {
    expect(patched(ada, [], readingAs("entra"))).toEqual(Object.fromEntries(ada));
    expect(codeOf(() => patched(ada, [], strict()))).toBe("400 invalidValue");
  });

  test("SCIM-150: missing schemas are assumed or refused", () => {
    expect(operations({ Operations: [] })).toEqual([]);
    expect(codeOf(() => operations({ Operations: [{ op: "add" }] }, strict()))).toBe("400 invalidSyntax");
  });
});

test("SCIM-151: an operation that fails names its place and leaves nothing of those before it", () => {
  const operations = [
    { op: "replace", path: "title", value: "Dr" },
    { op: "add", path: "nickName", value: "A" },
    { op: "replace", path: "active", value: "maybe" },
  ];
  const refusal = refusalOf(() => patched(ada, operations));

  expect(refusal).toEqual({
    status: 400,
    scimType: "invalidValue",
    detail: 'Operations[2]: active is "maybe", expected true or false',
  });
  expect(ada.has("title")).toBe(false);
});

test("SCIM-151: operations see what those before them did", () => {
  const operations = [
    { op: "add", path: "emails", value: [home] },
    { op: "replace", path: 'emails[type eq "home"].value', value: "new@home.test" },
    { op: "remove", path: 'emails[value eq "ada@home.test"]' },
  ];

  expect(patched(ada, operations)["emails"]).toEqual([{ type: "home", value: "new@home.test" }]);
});

describe("13.3, single simple attributes", () => {
  test("SCIM-155: add and replace set, remove clears", () => {
    expect(patched(ada, [{ op: "add", path: "title", value: "Dr" }])["title"]).toBe("Dr");
    expect(patched(withValues({ title: "Dr" }), [{ op: "replace", path: "TITLE", value: "Prof" }])["title"]).toBe(
      "Prof",
    );
    expect(patched(withValues({ title: "Dr" }), [{ op: "remove", path: "title" }])["title"]).toBeUndefined();
    expect(
      patched(withValues({ title: "Dr" }), [{ op: "remove", path: "title", value: "other" }])["title"],
    ).toBeUndefined();
  });

  test("SCIM-156: a missing value is refused, null removes", () => {
    expect(codeOf(() => patched(ada, [{ op: "replace", path: "title" }]))).toBe("400 invalidValue");
    expect(codeOf(() => patched(ada, [{ op: "add", path: "emails" }]))).toBe("400 invalidValue");
    expect(codeOf(() => patched(ada, [{ op: "add", path: "name" }]))).toBe("400 invalidValue");
    expect(codeOf(() => patched(ada, [{ op: "add", path: "name.givenName" }]))).toBe("400 invalidValue");
    expect(
      patched(withValues({ title: "Dr" }), [{ op: "replace", path: "title", value: null }])["title"],
    ).toBeUndefined();
    expect(
      patched(withValues({ title: "Dr" }), [{ op: "replace", path: "title", value: "" }])["title"],
    ).toBeUndefined();
    expect(patched(withValues({ title: "Dr" }), [{ op: "replace", path: "title", value: "" }], strict())["title"]).toBe(
      "",
    );
  });

  test("SCIM-158: what is required cannot be removed, what is read-only cannot be touched", () => {
    expect(codeOf(() => patched(ada, [{ op: "remove", path: "userName" }]))).toBe("400 mutability");
    expect(codeOf(() => patched(ada, [{ op: "replace", path: "userName", value: null }]))).toBe("400 mutability");
    expect(codeOf(() => patched(ada, [{ op: "replace", path: "userName", value: "" }]))).toBe("400 invalidValue");
    expect(codeOf(() => patched(ada, [{ op: "replace", path: "userName", value: "  " }]))).toBe("400 invalidValue");
    for (const path of [
      "id",
      "meta",
      "meta.created",
      "groups",
      'groups[value eq "g"]',
      `${enterpriseUser}:manager.displayName`,
    ]) {
      expect(codeOf(() => patched(ada, [{ op: "replace", path, value: "x" }]))).toBe("400 mutability");
    }
  });

  test("SCIM-158: in a path-less value read-only keys and schemas are ignored", () => {
    const value = {
      schemas: [coreUser],
      id: "x",
      meta: {},
      groups: [],
      title: "Dr",
      [enterpriseUser]: { manager: { displayName: "B", value: "m" } },
    };

    expect(patched(ada, [{ op: "replace", value }])).toEqual({
      ...Object.fromEntries(ada),
      title: "Dr",
      [ent("manager")]: { value: "m" },
    });
  });

  test("SCIM-OK08: a password is accepted and ignored, by path and without", () => {
    expect(patched(ada, [{ op: "replace", value: { password: "x9" } }])).toEqual(Object.fromEntries(ada));
    expect(patched(ada, [{ op: "replace", path: "password", value: "x9" }])).toEqual(Object.fromEntries(ada));
  });
});

describe("13.3, complex attributes", () => {
  test("SCIM-155: add and replace merge, the interop dialect replaces the whole", () => {
    const operation = { op: "replace", path: "name", value: { familyName: "King" } };

    expect(patched(ada, [operation])["name"]).toEqual({ givenName: "Ada", familyName: "King" });
    expect(patched(ada, [operation], readingAs("interop"))["name"]).toEqual({ familyName: "King" });
    expect(patched(ada, [{ ...operation, op: "add" }], readingAs("interop"))["name"]).toEqual({
      givenName: "Ada",
      familyName: "King",
    });
  });

  test("SCIM-155: a sub-attribute is set and cleared by its path; null inside a merge clears", () => {
    expect(patched(ada, [{ op: "add", path: "name.middleName", value: "B." }])["name"]).toEqual({
      givenName: "Ada",
      familyName: "Lovelace",
      middleName: "B.",
    });
    expect(patched(ada, [{ op: "remove", path: "name.givenName" }])["name"]).toEqual({ familyName: "Lovelace" });
    expect(patched(ada, [{ op: "add", path: "name", value: { givenName: null } }])["name"]).toEqual({
      familyName: "Lovelace",
    });
    expect(patched(ada, [{ op: "remove", path: "name" }])["name"]).toBeUndefined();
    expect(
      patched(withValues({ name: { givenName: "A" } }), [{ op: "remove", path: "name.givenName" }])["name"],
    ).toBeUndefined();
  });

  test("SCIM-EN10: a manager as list, as text, as empty text, and removed", () => {
    const path = `${enterpriseUser}:manager`;
    const managed = withValues({ [ent("manager")]: { value: "old" } });
    const manager = (operation: object) => patched(managed, [operation], readingAs("entra"))[ent("manager")];

    expect(manager({ op: "Add", path, value: [{ $ref: "https://x/Users/m", value: "m" }] })).toEqual({ value: "m" });
    expect(manager({ op: "Add", path, value: "m" })).toEqual({ value: "m" });
    expect(manager({ op: "Replace", path: `${path}.value`, value: "m" })).toEqual({ value: "m" });
    expect(manager({ op: "Replace", path, value: "" })).toBeUndefined();
    expect(manager({ op: "Replace", path, value: { value: "" } })).toBeUndefined();
    expect(manager({ op: "Remove", path })).toBeUndefined();
    expect(codeOf(() => patched(managed, [{ op: "add", path, value: "m" }], strict()))).toBe("400 invalidValue");
  });
});

describe("13.3, lists", () => {
  const emails = (operation: object, reading = readingAs(), current = withMails) =>
    patched(current, [operation], reading)["emails"];

  test("SCIM-155: add appends what is not there, as object or list; replace sets the whole list", () => {
    expect(emails({ op: "add", path: "emails", value: { value: "c@x", type: "other" } })).toEqual([
      work,
      home,
      { value: "c@x", type: "other" },
    ]);
    expect(emails({ op: "add", path: "emails", value: [home] })).toEqual([work, home]);
    expect(emails({ op: "add", path: "emails", value: [{ ...home, display: "Home" }] })).toEqual([
      work,
      { ...home, display: "Home" },
    ]);
    expect(emails({ op: "replace", path: "emails", value: [home] })).toEqual([home]);
    expect(emails({ op: "replace", path: "emails", value: [] })).toBeUndefined();
    expect(emails({ op: "add", path: "emails", value: [] })).toEqual([work, home]);
  });

  test("SCIM-155: remove without value clears, with a value takes out only what it lists, with an empty list nothing", () => {
    expect(emails({ op: "remove", path: "emails" })).toBeUndefined();
    expect(emails({ op: "remove", path: "emails", value: [{ value: "ADA@home.test" }] })).toEqual([work]);
    expect(emails({ op: "remove", path: "emails", value: { value: "ada@home.test" } })).toEqual([work]);
    expect(emails({ op: "remove", path: "emails", value: ["ada@home.test"] })).toEqual([work]);
    expect(emails({ op: "remove", path: "emails", value: [] })).toEqual([work, home]);
  });

  test("SCIM-155: a filter that matches: add merges, replace becomes the value and keeps what the filter says", () => {
    const path = 'emails[type eq "home"]';

    expect(emails({ op: "add", path, value: { display: "Home" } })).toEqual([work, { ...home, display: "Home" }]);
    expect(emails({ op: "replace", path, value: { value: "new@x", display: "N" } })).toEqual([
      work,
      { type: "home", value: "new@x", display: "N" },
    ]);
    expect(emails({ op: "replace", path, value: { value: "new@x", type: "other" } })).toEqual([
      work,
      { type: "other", value: "new@x" },
    ]);
    expect(emails({ op: "remove", path })).toEqual([work]);
    expect(emails({ op: "replace", path: `${path}.value`, value: "new@x" })).toEqual([
      work,
      { type: "home", value: "new@x" },
    ]);
    expect(emails({ op: "replace", path: 'EMAILS[TYPE EQ "HOME" and value co "home"].VALUE', value: "new@x" })).toEqual(
      [work, { type: "home", value: "new@x" }],
    );
  });

  test("SCIM-EN08: a filter without match: tolerant makes the element, strict says noTarget", () => {
    const path = 'emails[type eq "work"].value';
    const onlyHome = withValues({ emails: [home] });

    expect(emails({ op: "replace", path, value: "ada@acme.test" }, readingAs("entra"), onlyHome)).toEqual([
      home,
      { type: "work", value: "ada@acme.test" },
    ]);
    expect(codeOf(() => emails({ op: "replace", path, value: "a@x" }, strict(), onlyHome))).toBe("400 noTarget");
    expect(emails({ op: "add", path, value: "a@x" }, strict(), onlyHome)).toEqual([
      home,
      { type: "work", value: "a@x" },
    ]);
    expect(
      emails(
        { op: "add", path: 'emails[type eq "work" and primary eq true]', value: { value: "a@x" } },
        readingAs(),
        onlyHome,
      ),
    ).toEqual([home, { type: "work", primary: true, value: "a@x" }]);
  });

  test("SCIM-EN09: a second add on the same filter overwrites", () => {
    const add = (value: string) => ({ op: "Add", path: 'emails[type eq "work"].value', value });

    expect(patched(ada, [add("one@x"), add("two@x")], readingAs("entra"))["emails"]).toEqual([
      { type: "work", value: "two@x" },
    ]);
  });

  test("SCIM-EN11: remove of a value by filter does not care for the value sent with it", () => {
    expect(emails({ op: "Remove", path: 'emails[type eq "work"].value', value: "whatever" })).toEqual([home]);
  });

  test("SCIM-155: remove without match is nothing or noTarget; a filter that describes no element cannot make one", () => {
    const path = 'emails[type eq "other"]';

    expect(emails({ op: "remove", path })).toEqual([work, home]);
    expect(emails({ op: "remove", path: `${path}.display` })).toEqual([work, home]);
    expect(codeOf(() => emails({ op: "remove", path }, strict()))).toBe("400 noTarget");
    expect(codeOf(() => emails({ op: "add", path: 'emails[type eq "a" or type eq "b"].value', value: "x" }))).toBe(
      "400 noTarget",
    );
    expect(codeOf(() => emails({ op: "add", path: 'emails[value co "zzz"].type', value: "x" }))).toBe("400 noTarget");
  });

  test("SCIM-155: a sub-attribute without filter goes to every element, or makes the first", () => {
    expect(emails({ op: "replace", path: "emails.type", value: "other" })).toEqual([
      { ...work, type: "other" },
      { ...home, type: "other" },
    ]);
    expect(emails({ op: "remove", path: "emails.type" })).toEqual([
      { value: work.value, primary: true },
      { value: home.value },
    ]);
    expect(emails({ op: "remove", path: "emails.value" })).toBeUndefined();
    expect(emails({ op: "add", path: "emails.value", value: "a@x" }, readingAs(), ada)).toEqual([{ value: "a@x" }]);
  });

  test("SCIM-155: an address is changed by its type, and goes when nothing but its type is left", () => {
    const current = withValues({ addresses: [{ type: "work", locality: "Paris", region: "IDF" }] });
    const after = (operations: object[]) => patched(current, operations)["addresses"];

    expect(after([{ op: "replace", path: 'addresses[type eq "work"].locality', value: "Lyon" }])).toEqual([
      { type: "work", locality: "Lyon", region: "IDF" },
    ]);
    expect(
      after([
        { op: "remove", path: 'addresses[type eq "work"].locality' },
        { op: "remove", path: 'addresses[type eq "work"].region' },
      ]),
    ).toBeUndefined();
  });

  test("SCIM-157: primary true on one takes it from the others; nobody inherits a removed primary", () => {
    expect(emails({ op: "replace", path: 'emails[type eq "home"].primary', value: true })).toEqual([
      { ...work, primary: false },
      { ...home, primary: true },
    ]);
    expect(emails({ op: "add", path: "emails", value: [{ value: "n@x", primary: true }] })).toEqual([
      { ...work, primary: false },
      home,
      { value: "n@x", primary: true },
    ]);
    expect(emails({ op: "remove", path: "emails[primary eq true]" })).toEqual([home]);
    expect(emails({ op: "add", path: "emails", value: [{ value: "n@x", primary: true }] }, strict())).toHaveLength(3);
  });

  test("SCIM-EN13: roles with primary as text, replaced by their primary", () => {
    const added = {
      op: "Add",
      path: "roles",
      value: [{ primary: "True", type: "WindowsAzureActiveDirectoryRole", value: "Admin" }],
    };
    const replaced = { op: "Replace", path: 'roles[primary eq "True"].value', value: "User" };
    const roles = (operations: object[]) => patched(ada, operations, readingAs("entra"))["roles"];

    expect(roles([added])).toEqual([{ primary: true, type: "WindowsAzureActiveDirectoryRole", value: "Admin" }]);
    expect(roles([added, replaced])).toEqual([
      { primary: true, type: "WindowsAzureActiveDirectoryRole", value: "User" },
    ]);
    expect(roles([replaced])).toEqual([{ primary: true, value: "User" }]);
  });

  test("SCIM-155: lists of plain values are compared by equality", () => {
    const key = `${plenumUser}:licenceOptions`;
    const options = (operation: object) => patched(withValues({ [key]: ["sms", "video"] }), [operation])[key];

    expect(options({ op: "add", path: key, value: ["sms", "crm"] })).toEqual(["sms", "video", "crm"]);
    expect(options({ op: "add", path: key, value: "crm" })).toEqual(["sms", "video", "crm"]);
    expect(options({ op: "remove", path: key, value: ["SMS"] })).toEqual(["video"]);
    expect(options({ op: "remove", path: `${key}[value eq "video"]` })).toEqual(["sms"]);
    expect(options({ op: "replace", path: key, value: ["crm"] })).toEqual(["crm"]);
    expect(options({ op: "remove", path: key })).toBeUndefined();
  });
});

describe("13.3, extensions and schemas", () => {
  const employed = withValues({ [ent("department")]: "R&D", [ent("costCenter")]: "7" });

  test("SCIM-159: add merges an extension, replace sets the whole of it, remove clears it", () => {
    const after = (operation: object) => patched(employed, [{ path: enterpriseUser, ...operation }]);

    expect(after({ op: "add", value: { division: "North" } })).toEqual({
      ...Object.fromEntries(employed),
      [ent("division")]: "North",
    });
    expect(after({ op: "replace", value: { division: "North" } })).toEqual({
      ...Object.fromEntries(ada),
      [ent("division")]: "North",
    });
    expect(after({ op: "remove" })).toEqual(Object.fromEntries(ada));
    expect(codeOf(() => after({ op: "add", value: "x" }))).toBe("400 invalidValue");
    expect(codeOf(() => patched(employed, [{ op: "remove", path: coreUser }]))).toBe("400 mutability");
  });

  test("SCIM-159: replacing our own extension as a whole takes neither role nor licence away", () => {
    const key = (name: string) => `${plenumUser}:${name}`;
    const current = withValues({
      [key("role")]: "admin",
      [key("licence")]: "teams",
      [key("seatType")]: "a",
      [key("transferTo")]: "b",
    });
    const after = patched(current, [{ op: "replace", path: plenumUser, value: { seatType: "c" } }]);

    expect(after).toEqual({
      ...Object.fromEntries(ada),
      [key("role")]: "admin",
      [key("licence")]: "teams",
      [key("seatType")]: "c",
    });
  });

  test("SCIM-155: schemas: a known URN may be added, an extension taken out, the core must stay", () => {
    expect(patched(employed, [{ op: "add", path: "schemas", value: [enterpriseUser] }])).toEqual(
      Object.fromEntries(employed),
    );
    expect(patched(employed, [{ op: "remove", path: "schemas", value: [enterpriseUser] }])).toEqual(
      Object.fromEntries(ada),
    );
    expect(codeOf(() => patched(employed, [{ op: "remove", path: "schemas", value: [coreUser] }]))).toBe(
      "400 mutability",
    );
    expect(codeOf(() => patched(employed, [{ op: "remove", path: "schemas" }]))).toBe("400 mutability");
    expect(codeOf(() => patched(employed, [{ op: "replace", path: "schemas", value: [enterpriseUser] }]))).toBe(
      "400 mutability",
    );
    expect(codeOf(() => patched(employed, [{ op: "add", path: "schemas", value: ["urn:x"] }]))).toBe(
      "400 invalidValue",
    );
  });
});

describe("without path", () => {
  test("SCIM-160: keys are resolved like paths, in their order", () => {
    const value = {
      displayName: "Ada",
      "name.givenName": "A.",
      [`${enterpriseUser}:employeeNumber`]: "7",
      'emails[type eq "work"].value': "n@x",
      [enterpriseUser]: { department: "R&D" },
      'addresses[type eq "work"].locality': "Lyon",
      [`${coreUser}:title`]: "Dr",
    };

    for (const op of ["add", "Replace"]) {
      const after = patched(ada, [{ op, value }], readingAs("entra"));
      expect(after).toMatchObject({
        displayName: "Ada",
        name: { givenName: "A.", familyName: "Lovelace" },
        emails: [{ type: "work", value: "n@x" }],
        [ent("department")]: "R&D",
        addresses: [{ type: "work", locality: "Lyon" }],
        title: "Dr",
      });
      // `replace` of the extension object came after the single key and stands for the whole extension.
      expect(after[ent("employeeNumber")]).toBe(op === "add" ? "7" : undefined);
    }
  });

  test("SCIM-EN07: Entra's one path-less replace with the flag switched on", () => {
    const value = {
      displayName: "B",
      "name.givenName": "A",
      [`${enterpriseUser}:employeeNumber`]: "5",
      'emails[type eq "work"].value': "n@x",
    };

    expect(patched(ada, [{ op: "replace", value }], readingAs("entra"))).toEqual({
      ...Object.fromEntries(ada),
      displayName: "B",
      name: { givenName: "A", familyName: "Lovelace" },
      [ent("employeeNumber")]: "5",
      emails: [{ type: "work", value: "n@x" }],
    });
  });

  test("SCIM-160: unknown keys are ignored with a warning, or refused by interop", () => {
    const reading = readingAs("okta");
    const value = { colour: "red", "a b": 1, "name.colour": "x", title: "Dr", __proto__: { active: false } };

    expect(patched(ada, [{ op: "replace", value }], reading)).toEqual({ ...Object.fromEntries(ada), title: "Dr" });
    expect(reading.trail.warnings.map((w) => w.path)).toEqual(["colour", "a b", "name.colour"]);
    const own = JSON.parse('{"__proto__": {"active": false}, "constructor": 1}') as object;
    expect(patched(ada, [{ op: "replace", value: own }], readingAs())).toEqual(Object.fromEntries(ada));
  });

  test("SCIM-158: remove without path is noTarget, unless tolerant and with a value", () => {
    expect(codeOf(() => patched(ada, [{ op: "remove" }]))).toBe("400 noTarget");
    expect(codeOf(() => patched(ada, [{ op: "remove", value: "title" }]))).toBe("400 noTarget");
    expect(codeOf(() => patched(ada, [{ op: "remove", value: { title: "x" } }], strict()))).toBe("400 noTarget");
    expect(patched(withValues({ title: "x" }), [{ op: "remove", value: { title: "x" } }])["title"]).toBeUndefined();
    expect(patched(withMails, [{ op: "remove", value: { emails: [{ value: home.value }] } }])["emails"]).toEqual([
      work,
    ]);
  });

  test("SCIM-160: a value that is no object is refused, and interop wants paths", () => {
    expect(codeOf(() => patched(ada, [{ op: "add", value: "x" }]))).toBe("400 invalidValue");
    expect(codeOf(() => patched(ada, [{ op: "add" }]))).toBe("400 invalidValue");
    expect(codeOf(() => patched(ada, [{ op: "add", value: { title: "x" } }], readingAs("interop")))).toBe(
      "400 invalidSyntax",
    );
    expect(codeOf(() => patched(ada, [{ op: "add", value: { title: "a", TITLE: "b" } }]))).toBe("400 invalidSyntax");
  });
});

test("SCIM-EN29: an attribute never seen is ignored with a warning, the rest applied; other dialects refuse its path", () => {
  const reading = readingAs("entra");
  const operations = [
    { op: "Add", path: "urn:ietf:params:scim:schemas:extension:CustomExt:2.0:User:tag", value: "x" },
    { op: "Add", path: "nickName", value: "A" },
  ];

  expect(patched(ada, operations, reading)["nickName"]).toBe("A");
  expect(reading.trail.warnings).toHaveLength(1);
  expect(codeOf(() => patched(ada, operations, readingAs("tolerant")))).toBe("400 invalidPath");
  expect(codeOf(() => patched(ada, operations, readingAs("strict")))).toBe("400 invalidPath");
});

test("SCIM-EN20: five replaces in one body", () => {
  const operations = ["displayName", "title", "userType", "locale", "timezone"].map((path) => ({
    op: "Replace",
    path,
    value: `${path}!`,
  }));

  expect(patched(ada, operations, readingAs("entra"))).toMatchObject({
    displayName: "displayName!",
    title: "title!",
    userType: "userType!",
    locale: "locale!",
    timezone: "timezone!",
  });
});

test("SCIM-155: the worked example of 13.4: entra applies all of it, strict refuses the first operation", () => {
  const current = withValues({ emails: [home] });
  const operations = [
    { op: "Replace", path: "active", value: "False" },
    { op: "Add", path: 'emails[type eq "work"].value', value: "ada@acme.test" },
    { op: "Replace", path: `${enterpriseUser}:manager`, value: "9b1" },
    {
      op: "replace",
      value: { displayName: "Ada", "name.givenName": "Ada", [`${enterpriseUser}:employeeNumber`]: "7" },
    },
  ];

  expect(patched(current, operations, readingAs("entra"))).toEqual({
    userName: "ada@acme.test",
    active: false,
    name: { givenName: "Ada", familyName: "Lovelace" },
    emails: [home, { type: "work", value: "ada@acme.test" }],
    [ent("manager")]: { value: "9b1" },
    displayName: "Ada",
    [ent("employeeNumber")]: "7",
  });
  expect(refusalOf(() => patched(current, operations, strict())).detail).toBe(
    'Operations[0]: active is "False", expected true or false',
  );
});

test("SCIM-151: whatever operations come, the plan is a well-formed resource or a refusal", () => {
  const path = fc.constantFrom(
    undefined,
    "title",
    "name",
    "name.givenName",
    "emails",
    'emails[type eq "work"]',
    'emails[type eq "work"].value',
    "emails.type",
    "addresses",
    'addresses[type eq "home"].locality',
    "roles",
    "active",
    "userName",
    enterpriseUser,
    ent("manager"),
    ent("department"),
    "schemas",
    "id",
    "x",
  );
  const leaf = fc.constantFrom(null, "", "x", "work", true, "True", 5, [], {});
  const element = fc.record({ value: leaf, type: leaf, primary: leaf }, { requiredKeys: [] });
  const value = fc.oneof(
    leaf,
    element,
    fc.array(fc.oneof(leaf, element), { maxLength: 3 }),
    fc.record({ title: leaf, emails: fc.array(element), name: element }, { requiredKeys: [] }),
  );
  const operation = fc.record(
    { op: fc.constantFrom("add", "remove", "replace"), path, value },
    { requiredKeys: ["op"] },
  );
  fc.assert(
    fc.property(
      fc.array(operation, { maxLength: 6 }),
      fc.constantFrom("strict", "tolerant", "entra", "okta", "interop" as const),
      (operations, preset) => {
        try {
          const { values } = planOf(withMails, operations, readingAs(preset));
          const emails = (values.get("emails") ?? []) as { primary?: boolean; value?: string; type?: string }[];
          const pairs = emails.map((e) => JSON.stringify([e.type?.toLowerCase(), e.value?.toLowerCase()]));
          return (
            typeof values.get("userName") === "string" &&
            emails.filter((e) => e.primary === true).length <= 1 &&
            emails.every((e) => Object.keys(e).length > 0) &&
            (emails.some((e) => e.value === undefined) || new Set(pairs).size === pairs.length)
          );
        } catch (error) {
          return error instanceof ScimRefusal && error.status === 400 && error.message.startsWith("Operations");
        }
      },
    ),
    { numRuns: 5_000 },
  );
});

test("SCIM-152: the same PATCH twice comes to the same resource", () => {
  const path = fc.constantFrom("title", "name.givenName", "emails", 'emails[type eq "work"].value', ent("manager"));
  const value = fc.constantFrom("x", [{ value: "x", type: "work" }], { value: "x" });
  fc.assert(
    fc.property(
      fc.array(fc.record({ op: fc.constantFrom("add", "replace"), path, value }), { maxLength: 4 }),
      (operations) => {
        try {
          const once = planOf(ada, operations).values;
          expect(Object.fromEntries(planOf(once, operations).values)).toEqual(Object.fromEntries(once));
        } catch (error) {
          if (!(error instanceof ScimRefusal)) throw error;
        }
      },
    ),
    { numRuns: 2_000 },
  );
});

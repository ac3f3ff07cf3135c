import { groupType, userType } from "../../services/scim/attributes/registry";
import { readSelection } from "../../services/scim/projection";
import { renderResource } from "../../services/scim/render-resource";
import { coreUser, enterpriseUser, plenumUser } from "../../services/scim/urns";
import type { Value } from "../../services/scim/values";
import { codeOf, ent, withValues } from "./support/reading";

const meta = {
  resourceType: "User",
  created: "2026-01-01T00:00:00.000Z",
  lastModified: "2026-01-01T00:00:00.000Z",
  location: "l",
  version: 'W/"1"',
};
const values = withValues({
  id: "mem_1",
  externalId: "00u1",
  displayName: "Ada",
  emails: [{ value: "a@x", type: "work", primary: true }, { value: "b@x" }],
  [ent("department")]: "R&D",
  [ent("manager")]: { value: "mem_2", displayName: "Bob" },
  [`${plenumUser}:seatStatus`]: "assigned",
  meta,
});
const shown = (attributes?: unknown, excluded?: unknown) =>
  renderResource(userType, values, readSelection(userType, attributes, excluded));

test("SCIM-026: a whole resource: schemas first, meta last, nothing unassigned", () => {
  expect(Object.entries(shown())).toEqual([
    ["schemas", [coreUser, enterpriseUser, plenumUser]],
    ["id", "mem_1"],
    ["externalId", "00u1"],
    ["userName", "ada@acme.test"],
    ["name", { familyName: "Lovelace", givenName: "Ada" }],
    ["displayName", "Ada"],
    ["active", true],
    ["emails", [{ value: "a@x", type: "work", primary: true }, { value: "b@x" }]],
    [enterpriseUser, { department: "R&D", manager: { value: "mem_2", displayName: "Bob" } }],
    [plenumUser, { seatStatus: "assigned" }],
    ["meta", meta],
  ]);
});

test("SCIM-060: schemas names the extensions that have data, and no other", () => {
  const bare = renderResource(
    userType,
    new Map<string, Value>([
      ["id", "mem_1"],
      ["userName", "a"],
    ]),
    readSelection(userType, undefined, undefined),
  );

  expect(bare).toEqual({ schemas: [coreUser], id: "mem_1", userName: "a" });
});

test.each([
  ["userName", { userName: "ada@acme.test" }],
  [" userName , displayName ", { userName: "ada@acme.test", displayName: "Ada" }],
  ["USERNAME", { userName: "ada@acme.test" }],
  ["emails.type", { emails: [{ type: "work" }] }],
  ["name.givenName", { name: { givenName: "Ada" } }],
  [`${coreUser}:userName`, { userName: "ada@acme.test" }],
  [enterpriseUser, { [enterpriseUser]: { department: "R&D", manager: { value: "mem_2", displayName: "Bob" } } }],
  [`${enterpriseUser}:manager.value`, { [enterpriseUser]: { manager: { value: "mem_2" } } }],
  ["meta.version", { meta: { version: 'W/"1"' } }],
  ["password,colour,groups", {}],
  ["schemas,id", {}],
])("SCIM-102: attributes=%s shows that and what is always shown", (attributes, expected) => {
  expect(shown(attributes)).toEqual({ schemas: [coreUser, enterpriseUser, plenumUser], id: "mem_1", ...expected });
});

test("SCIM-102: excludedAttributes takes away, but never what is always shown", () => {
  const document = shown(
    undefined,
    `id,schemas,meta,emails.primary,name.familyName,${enterpriseUser},${plenumUser}:seatStatus,active,externalId`,
  );

  expect(document).toEqual({
    schemas: [coreUser, enterpriseUser, plenumUser],
    id: "mem_1",
    userName: "ada@acme.test",
    name: { givenName: "Ada" },
    displayName: "Ada",
    emails: [{ value: "a@x", type: "work" }, { value: "b@x" }],
  });
});

test("SCIM-102: both together are refused; empty ones mean nothing", () => {
  expect(codeOf(() => shown("userName", "meta"))).toBe("400 invalidValue");
  expect(codeOf(() => shown(5))).toBe("400 invalidValue");
  expect(shown("", " , ")).toEqual(shown());
  expect(shown(["userName"])).toEqual(shown("userName"));
});

test("SCIM-103: a selection says before anything is read whether the members are wanted", () => {
  const wants = (attributes?: string, excluded?: string) =>
    readSelection(groupType, attributes, excluded).shows({
      schema: groupType.core,
      key: "members",
      attribute: groupType.core.attributes[1] as never,
    });

  expect([
    wants(),
    wants("displayName"),
    wants("members.value"),
    wants(undefined, "members"),
    wants(undefined, "members.display"),
  ]).toEqual([true, false, true, false, true]);
});

test("SCIM-075: what must never be returned is not, even when it is asked for", () => {
  const withPassword = withValues({ id: "mem_1", password: "x" });

  expect(renderResource(userType, withPassword, readSelection(userType, "password", undefined))).toEqual({
    schemas: [coreUser],
    id: "mem_1",
  });
  expect(renderResource(userType, withPassword, readSelection(userType, undefined, undefined))).not.toHaveProperty(
    "password",
  );
});

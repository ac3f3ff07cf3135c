import fc from "fast-check";
import { userType } from "../../services/scim/attributes/registry";
import { readPatchPath } from "../../services/scim/patch/patch-path";
import { ScimRefusal } from "../../services/scim/refusal";
import { coreUser, enterpriseUser, plenumUser } from "../../services/scim/urns";
import { codeOf, readingAs } from "./support/reading";

const read = (path: string) => readPatchPath(userType, path, readingAs());

function brief(path: string): string {
  const target = read(path);
  if (target.kind === "extension") return `extension ${target.schema.name}`;
  if (target.kind === "unknown") return `unknown ${target.path}`;
  return `${target.place.key}${target.filter ? "[…]" : ""}${target.sub ? `.${target.sub.name}` : ""}`;
}

test.each([
  ["userName", "userName"],
  ["NAME.FAMILYNAME", "name.familyName"],
  ["emails", "emails"],
  ["emails.value", "emails.value"],
  ['emails[type eq "work"]', "emails[…]"],
  ['emails[type eq "work"].value', "emails[…].value"],
  ['emails[type eq "work" and primary eq true].value', "emails[…].value"],
  ['Emails[Type EQ "work"].Value', "emails[…].value"],
  ['addresses[type eq "work"].locality', "addresses[…].locality"],
  ['roles[primary eq "True"].value', "roles[…].value"],
  ['emails[value eq "a]b"].type', "emails[…].type"],
  ['emails[value eq "a\\"]b"].type', "emails[…].type"],
  [`${coreUser}:userName`, "userName"],
  [`${coreUser}:name.givenName`, "name.givenName"],
  [`${coreUser}:emails[type eq "work"].value`, "emails[…].value"],
  [`${enterpriseUser}:manager`, `${enterpriseUser}:manager`],
  [`${enterpriseUser}:manager.value`, `${enterpriseUser}:manager.value`],
  [`${enterpriseUser.toUpperCase()}:MANAGER.VALUE`, `${enterpriseUser}:manager.value`],
  [`${plenumUser}:licence`, `${plenumUser}:licence`],
  [enterpriseUser, "extension EnterpriseUser"],
  [plenumUser.toLowerCase(), "extension PlenumUser"],
  [coreUser, "extension User"],
  ["groups.$ref", "groups.$ref"],
])("SCIM-155: the path %s points at %s", (path, expected) => {
  expect(brief(path)).toBe(expected);
});

test.each([
  ["an unknown attribute", "colour", "unknown colour"],
  ["an unknown sub-attribute", "name.colour", "unknown name.colour"],
  ["an unknown sub-attribute behind a filter", 'emails[type eq "work"].colour', "unknown emails.colour"],
  ["an attribute of a schema that nobody knows", "urn:acme:2.0:User:tag", "unknown urn:acme:2.0:User:tag"],
  ["an enterprise attribute without its URN", "department", "unknown department"],
])("SCIM-154: %s is well-formed and unknown", (_, path, expected) => {
  expect(brief(path)).toBe(expected);
});

test.each([
  "",
  " ",
  ".",
  "name.",
  ".name",
  "name..givenName",
  "name.givenName.x",
  "emails[",
  "emails]",
  "emails[]",
  "user name",
  'emails[type eq "work"]value',
  'emails[type eq "work"].value.x',
  'emails[type eq "work"][type eq "home"]',
  'emails.value[type eq "work"]',
  'name[givenName eq "x"]',
  'userName[value eq "x"]',
  "urn:",
  ":",
  "a:b",
  'emails[type eq "work].value',
  'members[value eq "x"',
  "5",
  "$",
  "name.$",
])("SCIM-154: the path %j is refused", (path) => {
  expect(["400 invalidPath", "400 invalidFilter"]).toContain(codeOf(() => read(path)));
});

test.each(['emails[foo eq "x"]', "emails[type]", "emails[primary gt true]"])(
  "SCIM-154: a bad filter within a path is invalidFilter: %s",
  (path) => {
    expect(codeOf(() => read(path))).toBe("400 invalidFilter");
  },
);

test("SCIM-034: whatever path comes, it is read or refused as invalidPath or invalidFilter", () => {
  const piece = fc.constantFrom(
    "emails",
    "[",
    "]",
    ".",
    "value",
    'type eq "work"',
    ":",
    "urn:x",
    coreUser,
    enterpriseUser,
    '"',
    "\\",
    " ",
    "$ref",
    "name",
  );
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.array(piece, { maxLength: 12 }).map((p) => p.join("")),
      ),
      (path) => {
        try {
          return brief(path) !== "";
        } catch (error) {
          return error instanceof ScimRefusal && ["invalidPath", "invalidFilter"].includes(error.scimType ?? "");
        }
      },
    ),
    { numRuns: 5_000 },
  );
});

import type { Attribute } from "../../services/scim/attributes/attribute";
import {
  findPlace,
  findSub,
  placesOf,
  resourceTypes,
  schemas,
  userType,
} from "../../services/scim/attributes/registry";
import type { Scope } from "../../services/scim/filter/operand";
import { operandOf } from "../../services/scim/filter/operands";
import { relationOf } from "../../services/scim/filter/relations";
import { coreUser, enterpriseUser, plenumUser } from "../../services/scim/urns";

const names = (urn: string) => schemas.find((s) => s.urn === urn)?.attributes.map((a) => a.name);
const subs = (name: string, urn?: string) =>
  findPlace(userType, name, urn)?.attribute.subAttributes?.map((s) => s.name);

test("SCIM-060: the common attributes have the traits of RFC 7643 §3.1", () => {
  const traits = ["id", "externalId", "schemas", "meta"].map((name) => {
    const { mutability, returned, caseExact, uniqueness } = (findPlace(userType, name) as { attribute: Attribute })
      .attribute;
    return [name, mutability, returned, caseExact, uniqueness];
  });

  expect(traits).toEqual([
    ["id", "readOnly", "always", true, "server"],
    ["externalId", "readWrite", "default", true, "none"],
    ["schemas", "readWrite", "always", false, "none"],
    ["meta", "readOnly", "default", false, "none"],
  ]);
  expect(subs("meta")).toEqual(["resourceType", "created", "lastModified", "location", "version"]);
});

test("SCIM-061: User has every attribute of RFC 7643 §4.1", () => {
  expect(names(coreUser)).toEqual([
    "userName",
    "name",
    "displayName",
    "nickName",
    "profileUrl",
    "title",
    "userType",
    "preferredLanguage",
    "locale",
    "timezone",
    "active",
    "password",
    "emails",
    "phoneNumbers",
    "ims",
    "photos",
    "addresses",
    "groups",
    "entitlements",
    "roles",
    "x509Certificates",
  ]);
  expect(subs("name")).toEqual([
    "formatted",
    "familyName",
    "givenName",
    "middleName",
    "honorificPrefix",
    "honorificSuffix",
  ]);
  expect(subs("emails")).toEqual(["value", "display", "type", "primary"]);
  expect(subs("addresses")).toEqual([
    "formatted",
    "streetAddress",
    "locality",
    "region",
    "postalCode",
    "country",
    "type",
    "primary",
  ]);
  expect(subs("groups")).toEqual(["value", "$ref", "display", "type"]);
  expect(findPlace(userType, "groups")?.attribute.mutability).toBe("readOnly");
  expect(findPlace(userType, "password")?.attribute).toMatchObject({ mutability: "writeOnly", returned: "never" });
  expect(findPlace(userType, "userName")?.attribute).toMatchObject({
    required: true,
    caseExact: false,
    uniqueness: "server",
  });
});

test("SCIM-062: the enterprise extension has every attribute of RFC 7643 §4.3", () => {
  expect(names(enterpriseUser)).toEqual([
    "employeeNumber",
    "costCenter",
    "organization",
    "division",
    "department",
    "manager",
  ]);
  expect(subs("manager", enterpriseUser)).toEqual(["value", "$ref", "displayName"]);
});

test("SCIM-063: the plenum extension is flat, and says which of it is read-only", () => {
  expect(names(plenumUser)).toEqual([
    "seatStatus",
    "seatType",
    "licence",
    "licenceOptions",
    "role",
    "managedBy",
    "invitationStatus",
    "deprovisionPolicy",
    "transferTo",
  ]);
  const own = placesOf(userType).filter((place) => place.schema.urn === plenumUser);
  expect(own.filter((place) => place.attribute.type === "complex")).toEqual([]);
  expect(own.filter((p) => p.attribute.mutability === "readOnly").map((p) => p.attribute.name)).toEqual([
    "seatStatus",
    "managedBy",
    "invitationStatus",
  ]);
});

test("SCIM-054: every attribute of the table can be filtered and sorted on from the table alone", () => {
  const unusable: string[] = [];
  for (const type of resourceTypes.slice(0, 2)) {
    const values: unknown[] = [];
    const scope: Scope = { type, parameter: (v) => `$${values.push(v)}`, connectionId: "c", baseUrl: "https://x" };
    for (const place of placesOf(type)) {
      const { attribute } = place;
      if (attribute.name === "schemas" || attribute.returned === "never") continue;
      const leaves = attribute.subAttributes ?? [undefined];
      for (const sub of leaves) {
        try {
          const operand = attribute.multiValued
            ? relationOf(place, scope).operand(sub)
            : operandOf(sub ? { ...place, sub } : place, scope);
          if (operand.sql === "") unusable.push(place.key);
        } catch {
          unusable.push(`${type.name}.${place.key}.${sub?.name ?? ""}`);
        }
      }
    }
  }

  expect(unusable).toEqual([]);
});

test("SCIM-070: attributes, sub-attributes and URNs are found in any case", () => {
  expect(findPlace(userType, "USERNAME")?.key).toBe("userName");
  expect(findPlace(userType, "DEPARTMENT", enterpriseUser.toUpperCase())?.key).toBe(`${enterpriseUser}:department`);
  expect(findSub((findPlace(userType, "name") as { attribute: Attribute }).attribute, "FAMILYNAME")?.name).toBe(
    "familyName",
  );
  expect(findPlace(userType, "__proto__")).toBeUndefined();
  expect(findPlace(userType, "constructor")).toBeUndefined();
});

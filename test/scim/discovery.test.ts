import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import {
  discoveryList,
  findResourceTypeDocument,
  findSchemaDocument,
  resourceTypeDocuments,
  schemaDocuments,
  serviceProviderConfig,
} from "../../services/scim/discovery";
import { schemaFiles } from "../../services/scim/generate-schemas";
import { limits } from "../../services/scim/limits";
import { coreUser, enterpriseUser, plenumUser } from "../../services/scim/urns";

const base = "https://plenum.test/scim/v2/con_1";

test("SCIM-050: ServiceProviderConfig is one object with the limits that are enforced", () => {
  expect(serviceProviderConfig(base, "https://plenum.test")).toMatchObject({
    schemas: ["urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig"],
    patch: { supported: true },
    filter: { supported: true, maxResults: limits.maxPageSize },
    changePassword: { supported: false },
    sort: { supported: true },
    etag: { supported: true },
    authenticationSchemes: [{ type: "oauthbearertoken", primary: true }, { type: "oauth2" }],
    meta: { resourceType: "ServiceProviderConfig", location: `${base}/ServiceProviderConfig` },
  });
});

test("SCIM-051: the resource types, each with its endpoint, schema and extensions", () => {
  const types = resourceTypeDocuments(base);

  expect(types.map((t) => [t["id"], t["name"], t["endpoint"]])).toEqual([
    ["User", "User", "/Users"],
    ["Group", "Group", "/Groups"],
    ["Role", "Role", "/Roles"],
    ["Entitlement", "Entitlement", "/Entitlements"],
  ]);
  expect(types[0]).toMatchObject({
    schema: coreUser,
    schemaExtensions: [
      { schema: enterpriseUser, required: false },
      { schema: plenumUser, required: false },
    ],
    meta: { location: `${base}/ResourceTypes/User`, resourceType: "ResourceType" },
  });
  expect(findResourceTypeDocument(base, "user")?.["id"]).toBe("User");
  expect(findResourceTypeDocument(base, "Robot")).toBeUndefined();
});

test("SCIM-052: every attribute of every schema says all of its traits, without nulls", () => {
  const documents = schemaDocuments(base);
  const traits = [
    "name",
    "type",
    "multiValued",
    "description",
    "required",
    "caseExact",
    "mutability",
    "returned",
    "uniqueness",
  ];
  const incomplete: string[] = [];
  const visit = (attribute: Record<string, unknown>, path: string) => {
    if (traits.some((trait) => attribute[trait] === undefined) || attribute["description"] === "")
      incomplete.push(path);
    if (attribute["type"] === "reference" && !Array.isArray(attribute["referenceTypes"])) incomplete.push(path);
    if ((attribute["type"] === "complex") !== Array.isArray(attribute["subAttributes"])) incomplete.push(path);
    for (const sub of (attribute["subAttributes"] ?? []) as Record<string, unknown>[])
      visit(sub, `${path}.${String(sub["name"])}`);
  };
  for (const document of documents) {
    for (const attribute of document["attributes"] as Record<string, unknown>[])
      visit(attribute, `${String(document["id"])}:${String(attribute["name"])}`);
  }

  expect(incomplete).toEqual([]);
  expect(documents).toHaveLength(10);
  expect(JSON.stringify(documents)).not.toContain("null");
  expect(JSON.stringify(documents)).not.toContain("stored");
});

test("SCIM-052: what is never returned is not described, and a schema is found by its URN in any case", () => {
  const user = findSchemaDocument(base, coreUser.toUpperCase()) as { attributes: { name: string }[] };

  expect(user.attributes.map((a) => a.name)).not.toContain("password");
  expect(findSchemaDocument(base, "urn:unknown")).toBeUndefined();
});

test("SCIM-053: discovery lists are whole", () => {
  expect(discoveryList([{ id: 1 }, { id: 2 }])).toMatchObject({ totalResults: 2, itemsPerPage: 2, startIndex: 1 });
});

test("SCIM-EN27: the schemas are camelCase throughout", () => {
  const names = JSON.stringify(schemaDocuments(base)).match(/"name":"[^"]+"/g) ?? [];

  expect(names.filter((name) => !/"name":"(\$ref|[a-zA-Z][A-Za-z0-9]*)"/.test(name))).toEqual([]);
});

test("SCIM-054: the generated files in schema/scim are those of the attribute table", () => {
  const folder = join(__dirname, "../../schema/scim");
  const onDisk = Object.fromEntries(
    readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), "utf8")]),
  );

  expect(onDisk).toEqual(Object.fromEntries(schemaFiles()));
});

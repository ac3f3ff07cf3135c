import { presets, type Preset } from "../../services/scim/dialects";
import { coreGroup, coreUser, enterpriseUser, messages } from "../../services/scim/urns";
import { openScim, scimClient, type ScimClient, type ScimServer } from "./support/door";

// What RFC 7643 §8.4 to §8.7 and RFC 7644 §3 print of groups, discovery, queries, errors and versions. The writes stand
// in rfc.http.test.ts.
let server: ScimServer;
beforeAll(async () => {
  server = await openScim();
});

const all = Object.keys(presets) as Preset[];

const babs = {
  schemas: [coreUser, enterpriseUser],
  userName: "bjensen",
  externalId: "bjensen",
  name: { familyName: "O'Malley", givenName: "Barbara" },
  displayName: "Smith, Babs",
  title: "Tour Guide",
  userType: "Employee",
  emails: [{ value: "bjensen@example.com", type: "work", primary: true }],
  [enterpriseUser]: { employeeNumber: "701984" },
};
const james = {
  schemas: [coreUser],
  userName: "Jsmith",
  displayName: "Smith, James",
  userType: "Intern",
  emails: [{ value: "james@example.org", type: "home" }],
  ims: [{ value: "james@foo.com", type: "xmpp" }],
};
const mandy = { schemas: [coreUser], userName: "mandy", displayName: "Mandy Pepperidge", userType: "Contractor" };

interface Scene {
  readonly idp: ScimClient;
  /** The ids by user name. */
  readonly ids: Readonly<Record<string, string>>;
}

async function scene(preset: Preset): Promise<Scene> {
  const idp = await scimClient(server, { preset });
  const ids: Record<string, string> = {};
  for (const user of [babs, james, mandy]) ids[user.userName] = (await idp.post("/Users", user)).body.id;
  return { idp, ids };
}

// The figure of RFC 7644 §3.4.2.2, line by line, and whom it finds of Babs, James, Mandy and the organization's owner.
const filters: readonly (readonly [string, readonly string[]])[] = [
  ['userName eq "bjensen"', ["bjensen"]],
  [`name.familyName co "O'Malley"`, ["bjensen"]],
  ['userName sw "J"', ["Jsmith"]],
  [`${coreUser}:userName sw "J"`, ["Jsmith"]],
  ["title pr", ["bjensen"]],
  ['meta.lastModified gt "2011-05-13T04:42:34Z"', ["Jsmith", "bjensen", "mandy", "owner"]],
  ['meta.lastModified ge "2011-05-13T04:42:34Z"', ["Jsmith", "bjensen", "mandy", "owner"]],
  ['meta.lastModified lt "2011-05-13T04:42:34Z"', []],
  ['meta.lastModified le "2011-05-13T04:42:34Z"', []],
  ['title pr and userType eq "Employee"', ["bjensen"]],
  ['title pr or userType eq "Intern"', ["Jsmith", "bjensen"]],
  [`schemas eq "${enterpriseUser}"`, ["bjensen"]],
  ['userType eq "Employee" and (emails co "example.com" or emails.value co "example.org")', ["bjensen"]],
  ['userType ne "Employee" and not (emails co "example.com" or emails.value co "example.org")', ["mandy", "owner"]],
  ['userType eq "Employee" and (emails.type eq "work")', ["bjensen"]],
  ['userType eq "Employee" and emails[type eq "work" and value co "@example.com"]', ["bjensen"]],
  [
    'emails[type eq "work" and value co "@example.com"] or ims[type eq "xmpp" and value co "@foo.com"]',
    ["Jsmith", "bjensen"],
  ],
];

test.each(all)("SCIM-TF01, SCIM-110: the filters of RFC 7644 §3.4.2.2 in the dialect %s", async (preset) => {
  const { idp } = await scene(preset);
  const found = [];
  for (const [filter] of filters) {
    const { status, body } = await idp.get(`/Users?filter=${encodeURIComponent(filter)}`);
    const names = (body.Resources ?? []).map(({ userName }: { userName: string }) =>
      userName.startsWith("owner@") ? "owner" : userName,
    );
    found.push([filter, status, names.sort()]);
  }
  expect(found).toEqual(filters.map(([filter, names]) => [filter, 200, names]));
});

test.each(all)(
  "SCIM-TF01, SCIM-101, SCIM-102, SCIM-182: the queries of RFC 7644 §3.4 in the dialect %s",
  async (preset) => {
    const { idp, ids } = await scene(preset);
    const one = await idp.get(`/Users/${ids["bjensen"] ?? ""}`);
    expect([one.status, one.headers.etag, one.headers.location]).toEqual([
      200,
      one.body.meta.version,
      `${idp.baseUrl}/Users/${ids["bjensen"] ?? ""}`,
    ]);

    const list = await idp.get("/Users?attributes=userName");
    expect(list.body).toMatchObject({ schemas: [messages.listResponse], totalResults: 4 });
    expect(list.body.Resources.map((found: object) => Object.keys(found).sort())).toEqual(
      Array(4).fill(["id", "schemas", "userName"]),
    );
    const page = await idp.get("/Users?startIndex=1&count=10");
    expect(page.body).toMatchObject({ totalResults: 4, startIndex: 1, itemsPerPage: 4 });

    const search = await idp.post("/.search", {
      schemas: [messages.searchRequest],
      attributes: ["displayName", "userName"],
      filter: 'displayName sw "smith"',
      startIndex: 1,
      count: 10,
    });
    expect(search.body).toMatchObject({
      schemas: [messages.listResponse],
      totalResults: 2,
      startIndex: 1,
      itemsPerPage: 2,
    });
    expect(search.body.Resources.map((found: { userName: string }) => found.userName).sort()).toEqual([
      "Jsmith",
      "bjensen",
    ]);
  },
);

test.each(all)("SCIM-TF01, SCIM-064: the group of RFC 7643 §8.4 in the dialect %s", async (preset) => {
  const { idp, ids } = await scene(preset);
  const member = (name: string, display: string) => ({
    value: ids[name],
    $ref: `https://example.com/v2/Users/${ids[name] ?? ""}`,
    display,
  });
  const { status, body } = await idp.post("/Groups", {
    schemas: [coreGroup],
    id: "e9e30dba-f08f-4109-8486-d5c6a331660a",
    displayName: "Tour Guides",
    members: [member("bjensen", "Babs Jensen"), member("mandy", "Mandy Pepperidge")],
    meta: { resourceType: "Group", version: 'W/"3694e05e9dff592"' },
  });
  expect(status).toBe(201);
  expect(body).toMatchObject({ schemas: expect.arrayContaining([coreGroup]), displayName: "Tour Guides" });
  expect(body.members).toHaveLength(2);
  expect(body.members).toEqual(
    expect.arrayContaining([
      expect.objectContaining({
        value: ids["bjensen"],
        $ref: `${idp.baseUrl}/Users/${ids["bjensen"] ?? ""}`,
        type: "User",
      }),
      expect.objectContaining({ value: ids["mandy"], display: "Mandy Pepperidge" }),
    ]),
  );
});

// RFC 7643 §8.7.1: type of each attribute, in the RFC's order; a star where it has several values. No password: it is
// taken and thrown away, and what is listed is what is kept (SCIM-052).
const attributesOfRfc = {
  [coreUser]: `userName:string name:complex displayName:string nickName:string profileUrl:reference title:string
    userType:string preferredLanguage:string locale:string timezone:string active:boolean
    emails:complex* phoneNumbers:complex* ims:complex* photos:complex* addresses:complex* groups:complex*
    entitlements:complex* roles:complex* x509Certificates:complex*`,
  [coreGroup]: "displayName:string members:complex*",
  [enterpriseUser]: `employeeNumber:string costCenter:string organization:string division:string department:string
    manager:complex`,
};

test("SCIM-TF01, SCIM-050, SCIM-051, SCIM-052: the discovery documents of RFC 7643 §8.5 to §8.7", async () => {
  const { idp } = await scene("strict");
  const config = (await idp.get("/ServiceProviderConfig")).body;
  expect(config).toMatchObject({
    schemas: ["urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig"],
    patch: { supported: true },
    bulk: { supported: true, maxOperations: 1000, maxPayloadSize: expect.any(Number) },
    filter: { supported: true, maxResults: 200 },
    ...{ changePassword: { supported: false }, sort: { supported: true }, etag: { supported: true } },
    meta: { resourceType: "ServiceProviderConfig", location: `${idp.baseUrl}/ServiceProviderConfig` },
  });
  expect(config.authenticationSchemes[0]).toMatchObject({ type: "oauthbearertoken", specUri: expect.any(String) });

  const types = (await idp.get("/ResourceTypes")).body.Resources;
  expect(types.slice(0, 2)).toMatchObject([
    { id: "User", name: "User", endpoint: "/Users", schema: coreUser, meta: { resourceType: "ResourceType" } },
    { id: "Group", name: "Group", endpoint: "/Groups", schema: coreGroup },
  ]);
  expect(types[0].schemaExtensions).toContainEqual({ schema: enterpriseUser, required: false });

  const schemas = (await idp.get("/Schemas")).body.Resources as { id: string; description: string; attributes: [] }[];
  expect(schemas.find(({ id }) => id === coreUser)?.description).toBe("User Account");
  for (const [urn, expected] of Object.entries(attributesOfRfc)) {
    const { attributes } = (await idp.get(`/Schemas/${urn}`)).body as {
      attributes: { name: string; type: string; multiValued: boolean }[];
    };
    const told = attributes.map(({ name, type, multiValued }) => `${name}:${type}${multiValued ? "*" : ""}`);
    expect([urn, expected.split(/\s+/).filter((attribute) => !told.includes(attribute))]).toEqual([urn, []]);
  }
});

test.each(all)(
  "SCIM-TF01, SCIM-030, SCIM-170, SCIM-175: deletion, errors and versions of RFC 7644 §3.6, §3.12 and §3.14 in the dialect %s",
  async (preset) => {
    const { idp, ids } = await scene(preset);
    const path = `/Users/${ids["bjensen"] ?? ""}`;
    const { body } = await idp.get(path);
    const stale = await idp.delete(path, { "if-match": 'W/"a330bc54f0671c9"' });
    expect([stale.status, stale.body.schemas, stale.body.status]).toEqual([412, [messages.error], "412"]);
    expect((await idp.get(path, { "if-none-match": body.meta.version })).status).toBe(304);

    const gone = await idp.delete(path, { "if-match": body.meta.version });
    expect([gone.status, gone.text]).toEqual([204, ""]);
    const missing = await idp.get(path);
    expect(missing.status).toBe(404);
    expect(Object.keys(missing.body).sort()).toEqual(["detail", "schemas", "status"]);
    expect(missing.body).toMatchObject({ schemas: [messages.error], status: "404" });
    const same = await idp.post("/Users", { schemas: [coreUser], userName: "Mandy" });
    expect([same.status, same.body.scimType]).toEqual([409, "uniqueness"]);
    const readOnly = await idp.patch(`/Users/${ids["mandy"] ?? ""}`, {
      schemas: [messages.patchOp],
      Operations: [{ op: "replace", path: "id", value: "x" }],
    });
    expect([readOnly.status, readOnly.body.scimType]).toEqual([400, "mutability"]);
  },
);

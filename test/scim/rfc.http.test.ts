import { presets, type Preset } from "../../services/scim/dialects";
import { coreGroup, coreUser, enterpriseUser, messages } from "../../services/scim/urns";
import { openScim, scimClient, type ScimClient, type ScimServer } from "./support/door";

// The request bodies of RFC 7643 §8 and RFC 7644 §3, as printed there; ids of the examples are replaced by real ones.
let server: ScimServer;
beforeAll(async () => {
  server = await openScim();
});

const minimalUser = {
  schemas: [coreUser],
  id: "2819c223-7f76-453a-919d-413861904646",
  userName: "bjensen@example.com",
  meta: {
    resourceType: "User",
    created: "2010-01-23T04:56:22Z",
    lastModified: "2011-05-13T04:42:34Z",
    version: 'W/"3694e05e9dff590"',
    location: "https://example.com/v2/Users/2819c223-7f76-453a-919d-413861904646",
  },
};
const certificate =
  "MIIDQzCCAqygAwIBAgICEAAwDQYJKoZIhvcNAQEFBQAwTjELMAkGA1UEBhMCVVMxEzARBgNVBAgMCkNhbGlmb3JuaWExFDASBgNVBAoMC2V4YW1wbGUuY29tMRQwEgYDVQQDDAtleGFtcGxlLmNvbTAeFw0xMTEwMjIwNjI0MzFaFw0xMjEwMDQwNjI0MzFa";
const fullUser = {
  ...minimalUser,
  externalId: "701984",
  name: {
    formatted: "Ms. Barbara J Jensen, III",
    familyName: "Jensen",
    givenName: "Barbara",
    middleName: "Jane",
    honorificPrefix: "Ms.",
    honorificSuffix: "III",
  },
  displayName: "Babs Jensen",
  nickName: "Babs",
  profileUrl: "https://login.example.com/bjensen",
  emails: [
    { value: "bjensen@example.com", type: "work", primary: true },
    { value: "babs@jensen.org", type: "home" },
  ],
  addresses: [
    {
      streetAddress: "100 Universal City Plaza",
      locality: "Hollywood",
      region: "CA",
      postalCode: "91608",
      country: "USA",
      formatted: "100 Universal City Plaza\nHollywood, CA 91608 USA",
      type: "work",
      primary: true,
    },
    {
      streetAddress: "456 Hollywood Blvd",
      locality: "Hollywood",
      region: "CA",
      postalCode: "91608",
      country: "USA",
      formatted: "456 Hollywood Blvd\nHollywood, CA 91608 USA",
      type: "home",
    },
  ],
  phoneNumbers: [
    { value: "555-555-5555", type: "work" },
    { value: "555-555-4444", type: "mobile" },
  ],
  ims: [{ value: "someaimhandle", type: "aim" }],
  photos: [
    { value: "https://photos.example.com/profilephoto/72930000000Ccne/F", type: "photo" },
    { value: "https://photos.example.com/profilephoto/72930000000Ccne/T", type: "thumbnail" },
  ],
  userType: "Employee",
  title: "Tour Guide",
  preferredLanguage: "en-US",
  locale: "en-US",
  timezone: "America/Los_Angeles",
  active: true,
  password: "t1meMa$heen",
  groups: [
    {
      value: "e9e30dba-f08f-4109-8486-d5c6a331660a",
      $ref: "https://example.com/v2/Groups/e9e30dba-f08f-4109-8486-d5c6a331660a",
      display: "Tour Guides",
    },
  ],
  x509Certificates: [{ value: certificate }],
};
const enterprise = {
  ...fullUser,
  schemas: [coreUser, enterpriseUser],
  [enterpriseUser]: {
    employeeNumber: "701984",
    costCenter: "4130",
    organization: "Universal Studios",
    division: "Theme Park",
    department: "Tour Operations",
    manager: {
      value: "26118915-6090-4610-87e4-49d8ca9f808d",
      $ref: "../Users/26118915-6090-4610-87e4-49d8ca9f808d",
      displayName: "John Smith",
    },
  },
};

const all = Object.keys(presets) as Preset[];
const pathless = all.filter((preset) => presets[preset].pathlessPatch === "allow");
const idpOf = (preset: Preset): Promise<ScimClient> => scimClient(server, { preset });
const patch = async (idp: ScimClient, path: string, ...Operations: object[]): Promise<void> => {
  const reply = await idp.patch(path, { schemas: [messages.patchOp], Operations });
  expect([200, 204]).toContain(reply.status);
};

test.each(all)(
  "SCIM-TF01: the users of RFC 7643 §8.1 to §8.3 are created and replaced in the dialect %s",
  async (preset) => {
    const idp = await idpOf(preset);
    for (const [i, example] of [minimalUser, fullUser, enterprise].entries()) {
      const sent = { ...example, userName: `user${i}@example.com` };
      const {
        password: _password,
        groups: _groups,
        id: _id,
        meta: _meta,
        schemas: _schemas,
        ...kept
      } = sent as typeof fullUser;
      const manager = { value: "26118915-6090-4610-87e4-49d8ca9f808d" };
      const expected = i === 2 ? { ...kept, [enterpriseUser]: { ...enterprise[enterpriseUser], manager } } : kept;
      const post = await idp.post("/Users", sent);
      expect([post.status, post.body.detail]).toEqual([201, undefined]);
      expect(post.body).toMatchObject(expected);
      const put = await idp.put(`/Users/${post.body.id}`, sent);
      expect([put.status, put.body]).toEqual([200, post.body]);
    }
  },
);

test.each(all)("SCIM-TF01: the PATCH examples with a path of RFC 7644 §3.5.2 in the dialect %s", async (preset) => {
  const idp = await idpOf(preset);
  const [a = "", b = "", c = ""] = await Promise.all(
    ["a", "b", "c"].map(async (name) => (await idp.post("/Users", { ...fullUser, userName: name })).body.id as string),
  );
  const id = (await idp.post("/Groups", { schemas: [coreGroup], displayName: "Tour Guides", members: [] })).body
    .id as string;
  const members = async () =>
    ((await idp.get(`/Groups/${id}`)).body.members ?? []).map((m: { value: string }) => m.value).sort();
  const member = (value: string) => ({ display: "Babs Jensen", $ref: `https://example.com/v2/Users/${value}`, value });

  await patch(idp, `/Groups/${id}`, { op: "add", path: "members", value: [member(a)] });
  expect(await members()).toEqual([a]);
  await patch(
    idp,
    `/Groups/${id}`,
    { op: "remove", path: `members[value eq "${a}"]` },
    { op: "add", path: "members", value: [member(b)] },
  );
  expect(await members()).toEqual([b]);
  await patch(idp, `/Groups/${id}`, { op: "replace", path: "members", value: [member(a), member(c)] });
  expect(await members()).toEqual([a, c].sort());
  await patch(idp, `/Groups/${id}`, { op: "remove", path: "members" });
  expect(await members()).toEqual([]);

  await patch(idp, `/Users/${a}`, { op: "remove", path: 'emails[type eq "work" and value ew "example.com"]' });
  expect((await idp.get(`/Users/${a}`)).body.emails).toEqual([{ value: "babs@jensen.org", type: "home" }]);
  const work = {
    type: "work",
    streetAddress: "911 Universal City Plaza",
    locality: "Hollywood",
    region: "CA",
    postalCode: "91608",
    country: "US",
    formatted: "911 Universal City Plaza\nHollywood, CA 91608 US",
    primary: true,
  };
  await patch(idp, `/Users/${b}`, { op: "replace", path: 'addresses[type eq "work"]', value: work });
  expect((await idp.get(`/Users/${b}`)).body.addresses).toEqual(expect.arrayContaining([work]));
  await patch(idp, `/Users/${b}`, {
    op: "replace",
    path: 'addresses[type eq "work"].streetAddress',
    value: "1010 Broadway Ave",
  });
  expect((await idp.get(`/Users/${b}`)).body.addresses).toEqual(
    expect.arrayContaining([{ ...work, streetAddress: "1010 Broadway Ave" }]),
  );
});

test.each(pathless)(
  "SCIM-TF01: the PATCH examples without a path of RFC 7644 §3.5.2 in the dialect %s",
  async (preset) => {
    const idp = await idpOf(preset);
    const { id } = (await idp.post("/Users", { ...minimalUser, userName: "babs" })).body;
    const emails = [{ value: "babs@jensen.org", type: "home" }];
    await patch(idp, `/Users/${id}`, { op: "add", value: { emails, nickname: "Babs" } });
    expect((await idp.get(`/Users/${id}`)).body).toMatchObject({ emails, nickName: "Babs" });
    const replaced = [
      { value: "bjensen@example.com", type: "work", primary: true },
      { value: "babs@jensen.org", type: "home" },
    ];
    await patch(idp, `/Users/${id}`, { op: "replace", value: { emails: replaced, nickname: "B" } });
    expect((await idp.get(`/Users/${id}`)).body).toMatchObject({ emails: replaced, nickName: "B" });
  },
);

test.each(all)("SCIM-TF01: the bulk examples of RFC 7644 §3.7 in the dialect %s", async (preset) => {
  const idp = await idpOf(preset);
  const bob = (await idp.post("/Users", { schemas: [coreUser], userName: "Bob" })).body;
  const dave = (await idp.post("/Users", { schemas: [coreUser], userName: "Dave" })).body;
  const gone = (await idp.post("/Users", { schemas: [coreUser], userName: "Gone" })).body;
  const reply = await idp.post("/Bulk", {
    schemas: [messages.bulkRequest],
    failOnErrors: 1,
    Operations: [
      { method: "POST", path: "/Users", bulkId: "qwerty", data: { schemas: [coreUser], userName: "Alice" } },
      {
        method: "PUT",
        path: `/Users/${bob.id}`,
        version: bob.meta.version,
        data: { schemas: [coreUser], id: bob.id, userName: "Bobby" },
      },
      {
        method: "PATCH",
        path: `/Users/${dave.id}`,
        version: dave.meta.version,
        data: {
          schemas: [messages.patchOp],
          Operations: [
            { op: "remove", path: "nickName" },
            { op: "replace", path: "userName", value: "Davey" },
          ],
        },
      },
      { method: "DELETE", path: `/Users/${gone.id}`, version: gone.meta.version },
      {
        method: "POST",
        path: "/Groups",
        bulkId: "ytrewq",
        data: { schemas: [coreGroup], displayName: "Tour Guides", members: [{ type: "User", value: "bulkId:qwerty" }] },
      },
      {
        method: "POST",
        path: "/Users",
        bulkId: "last",
        data: {
          schemas: [coreUser, enterpriseUser],
          userName: "Eve",
          [enterpriseUser]: { employeeNumber: "11250", manager: { value: "bulkId:qwerty" } },
        },
      },
    ],
  });

  expect((reply.body.Operations as { status: string }[]).map((o) => o.status)).toEqual([
    "201",
    "200",
    "200",
    "204",
    "201",
    "201",
  ]);
});

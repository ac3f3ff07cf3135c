import type { Send } from "../support/door";
import { at, has, is, isStatus, isThere, kept, type Check, type Known, type Step } from "./steps";

const core = "urn:ietf:params:scim:schemas:core:2.0:User";
const enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
const coreGroup = "urn:ietf:params:scim:schemas:core:2.0:Group";
const patchOp = "urn:ietf:params:scim:api:messages:2.0:PatchOp";

const says = (words: string, yes = true): Check => ({
  what: `the body ${yes ? "holds" : "does not hold"} ${words}`,
  holds: ({ text }) => text.includes(words) === yes,
});
const saysKept = (name: string, yes = true): Check => ({
  what: `the body ${yes ? "holds" : "does not hold"} the id of ${name}`,
  holds: ({ text }, known) => text.includes(known.get(name) ?? "nothing") === yes,
});
const isTrue = (place: string, value: boolean): Check => ({
  what: `${place} is the JSON value ${value}`,
  holds: ({ body }) => at(body, place) === value,
});

const path = (endpoint: string, name: string) => (known: Known) => `/${endpoint}/${known.get(name) ?? ""}`;
const get =
  (to: string | ((known: Known) => string)) =>
  (known: Known): Send => ({
    path: typeof to === "string" ? to : to(known),
  });
const post =
  (to: string, body: (known: Known) => object) =>
  (known: Known): Send => ({
    method: "POST",
    path: to,
    body: body(known),
  });
const put =
  (to: (known: Known) => string, body: (known: Known) => object) =>
  (known: Known): Send => ({
    method: "PUT",
    path: to(known),
    body: body(known),
  });
const patch =
  (to: (known: Known) => string, ...operations: ((known: Known) => object)[]) =>
  (known: Known): Send => ({
    method: "PATCH",
    path: to(known),
    body: { schemas: [patchOp], Operations: operations.map((operation) => operation(known)) },
  });
const remove =
  (to: (known: Known) => string) =>
  (known: Known): Send => ({ method: "DELETE", path: to(known) });

/** A user as that client fills one in: nulls, an own idea of meta, two addresses, three telephones. */
const user =
  (userName: string, more: object = {}) =>
  (): object => ({
    schemas: [core],
    userName,
    externalId: `ext-${userName}`,
    active: true,
    displayName: "Camille Durand",
    name: { formatted: "Camille Durand", familyName: "Durand", givenName: "Camille", honorificPrefix: null },
    emails: [
      { Primary: true, type: "work", value: `${userName}@example.com` },
      { Primary: false, type: "home", value: `${userName}@example.org` },
    ],
    addresses: [
      {
        type: "work",
        country: "Belgium",
        locality: "Namur",
        postalCode: "5000",
        streetAddress: "1 rue",
        primary: false,
      },
      { type: "other", country: null, locality: null, postalCode: null, streetAddress: null, primary: false },
    ],
    phoneNumbers: [
      { type: "fax", value: "1", primary: false },
      { type: "mobile", value: "2", primary: false },
      { type: "work", value: "3", primary: true },
    ],
    preferredLanguage: "fr",
    roles: [],
    title: "Engineer",
    meta: { resourceType: "User", created: "2019-09-18T18:15:26.5788954+00:00" },
    ...more,
  });
const group =
  (displayName: string, ...members: string[]) =>
  (known: Known): object => ({
    schemas: [coreGroup],
    externalId: `ext-${displayName}`,
    displayName,
    members: members.map((name) => ({ value: known.get(name), display: "somebody" })),
  });
const made = { keeps: (as: string) => ({ [as]: "id" }) };

/**
 * What the Postman collection of Microsoft's SCIM reference code asks (AzureAD/SCIMReferenceCode, 2023), request for
 * request in our own words and with our own values: discovery, users, groups, and its cases with unusual input. What
 * it asserts of its own server only is told in docs/conformance.md.
 */
export const microsoftCases: readonly Step[] = [
  { name: "users", request: get("/Users"), checks: [isStatus(200)] },
  { name: "groups", request: get("/Groups"), checks: [isStatus(200)] },
  {
    name: "resource types",
    request: get("/ResourceTypes"),
    checks: [isStatus(200), is("Resources[0].endpoint", "/Users")],
  },
  {
    name: "configuration",
    request: get("/ServiceProviderConfig"),
    checks: [isStatus(200), isTrue("patch.supported", true)],
  },
  { name: "schemas", request: get("/Schemas"), checks: [isStatus(200), says("User Account")] },

  { name: "a user", request: post("/Users", user("one")), checks: [isStatus(201)], ...{ keeps: made.keeps("one") } },
  {
    name: "an enterprise user",
    request: post("/Users", user("two", { schemas: [enterprise, core], [enterprise]: { Department: "Bookings" } })),
    checks: [isStatus(201), is(`emails[0].value`, "two@example.com"), says("Bookings")],
    keeps: made.keeps("two"),
  },
  { name: "the first", request: get(path("Users", "one")), checks: [isStatus(200), is("id", kept("one"))] },
  { name: "the second", request: get(path("Users", "two")), checks: [isStatus(200), is("id", kept("two"))] },
  {
    name: "some attributes",
    request: get("/Users?attributes=userName,emails"),
    checks: [isStatus(200), saysKept("one"), says("displayName", false)],
  },
  {
    name: "a filter with names in other letters and plus for blanks",
    request: get("/Users/?filter=DisplayName+eq+%22Camille%20Durand%22"),
    checks: [isStatus(200), saysKept("one")],
  },
  {
    name: "another user name",
    request: patch(path("Users", "one"), () => ({ op: "replace", path: "userName", value: "uno" })),
    checks: [isStatus(204)],
  },
  {
    name: "which is there",
    request: get(path("Users", "one")),
    checks: [isStatus(200), is("id", kept("one")), is("userName", "uno")],
  },
  {
    name: "the second replaced",
    request: put(path("Users", "two"), user("dos", { name: { formatted: "NewName", familyName: "New" } })),
    checks: [isStatus(200)],
  },
  {
    name: "with its name",
    request: get(path("Users", "two")),
    checks: [isStatus(200), is("name.formatted", "NewName")],
  },
  { name: "the first removed", request: remove(path("Users", "one")), checks: [isStatus(204)] },
  { name: "the second removed", request: remove(path("Users", "two")), checks: [isStatus(204)] },

  {
    name: "an empty group",
    request: post("/Groups", group("Empty")),
    checks: [isStatus(201)],
    keeps: made.keeps("empty"),
  },
  { name: "a member", request: post("/Users", user("three")), checks: [isStatus(201)], keeps: made.keeps("three") },
  { name: "another", request: post("/Users", user("four")), checks: [isStatus(201)], keeps: made.keeps("four") },
  {
    name: "a group with a member",
    request: post("/Groups", group("Full", "three")),
    checks: [isStatus(201)],
    keeps: made.keeps("full"),
  },
  { name: "both groups", request: get("/Groups"), checks: [isStatus(200), saysKept("empty"), saysKept("full")] },
  {
    name: "a third group",
    request: post("/Groups", group("Third")),
    checks: [isStatus(201)],
    keeps: made.keeps("third"),
  },
  {
    name: "the third replaced",
    request: put(path("Groups", "third"), group("Put", "three", "four")),
    checks: [isStatus(200)],
  },
  {
    name: "with its members",
    request: get(path("Groups", "third")),
    checks: [isStatus(200), is("id", kept("third")), is("displayName", "Put"), saysKept("three"), saysKept("four")],
  },
  ...["add", "remove", "add again"].map((name): Step => ({
    name: `${name} a member`,
    request: patch(path("Groups", "empty"), (known) =>
      name === "remove"
        ? { op: "remove", path: `members[value eq "${known.get("four") ?? ""}"]` }
        : { name: "addMember", op: "add", path: "members", value: [{ displayName: "new", value: known.get("four") }] },
    ),
    checks: [isStatus(204)],
  })),
  {
    name: "who is there",
    request: get(path("Groups", "empty")),
    checks: [isStatus(200), is("id", kept("empty")), saysKept("four")],
  },
  {
    name: "all members removed",
    request: patch(path("Groups", "empty"), () => ({ op: "remove", path: "members" })),
    checks: [isStatus(204)],
  },
  { name: "nobody is left", request: get(path("Groups", "empty")), checks: [isStatus(200), saysKept("four", false)] },
  ...["three", "four"].map((name): Step => ({
    name: `${name} removed`,
    request: remove(path("Users", name)),
    checks: [isStatus(204)],
  })),
  ...["empty", "full", "third"].map((name): Step => ({
    name: `${name} removed`,
    request: remove(path("Groups", name)),
    checks: [isStatus(204)],
  })),

  {
    name: "a user full of nulls",
    request: post("/Users", user("omalley", { roles: [], nickName: null, addresses: null })),
    checks: [isStatus(201), is("userName", "omalley"), isTrue("active", true)],
    keeps: made.keeps("omalley"),
  },
  {
    name: "active as a text",
    request: post("/Users", user("emp1", { active: "True" })),
    checks: [isStatus(201), isTrue("active", true)],
    keeps: made.keeps("emp1"),
  },
  {
    name: "two addresses of one type",
    request: post(
      "/Users",
      user("emp2", {
        emails: [
          { type: "work", primary: true, value: "a@example.com" },
          { type: "work", primary: false, value: "b@example.com" },
        ],
      }),
    ),
    checks: [isStatus(201), isThere("emails[0].value")],
    keeps: made.keeps("emp2"),
  },
  { name: "all of them", request: get("/Users"), checks: [isStatus(200), says("omalley"), says("emp1"), says("emp2")] },
  {
    name: "no user name",
    request: post("/Users", () => ({ schemas: [core], active: true, displayName: "X" })),
    checks: [isStatus(400)],
  },
  {
    name: "no JSON",
    request: () => ({
      method: "POST",
      path: "/Users",
      raw: '{"acve": tre, }',
      headers: { "content-type": "application/scim+json" },
    }),
    checks: [isStatus(400), is("status", "400")],
  },
  ...[1, 2].map((): Step => ({
    name: "there already",
    request: post("/Users", user("emp2")),
    checks: [isStatus(409), isThere("detail")],
  })),
  {
    name: "replaced without a user name",
    request: put(path("Users", "omalley"), () => ({ schemas: [core], userame: "omalley", active: false })),
    checks: [isStatus(400)],
  },
  {
    name: "replaced with an attribute that there is not",
    request: put(
      path("Users", "omalley"),
      user("omalley", { addresses: undefined, adreses: [{ country: "Germany" }] }),
    ),
    checks: [isStatus(200), says("adreses", false), says("Germany", false)],
  },
  {
    name: "an extension with its names in other letters",
    request: post("/Users", user("enterprise", { schemas: [core, enterprise], [enterprise]: { Department: "Sales" } })),
    checks: [isStatus(201), has("schemas", enterprise), says('"department":"Sales"')],
    keeps: made.keeps("enterprise"),
  },
  {
    name: "a name by PATCH",
    request: patch(path("Users", "omalley"), () => ({ op: "Replace", path: "userName", value: "newusername" })),
    checks: [isStatus(204)],
  },
  {
    name: "inactive by PATCH",
    request: patch(path("Users", "omalley"), () => ({ op: "Replace", path: "active", value: false })),
    checks: [isStatus(204)],
  },
  {
    name: "both are done",
    request: get(path("Users", "omalley")),
    checks: [isStatus(200), is("userName", "newusername"), isTrue("active", false)],
  },
  {
    name: "replaced as a whole",
    request: put(
      path("Users", "omalley"),
      user("omalley", { active: false, addresses: [{ type: "work", country: "Germany" }] }),
    ),
    checks: [isStatus(200), is("userName", "omalley"), isTrue("active", false), says("Germany")],
  },
  {
    name: "a page",
    request: get("/Users?startIndex=1&count=2"),
    checks: [isStatus(200), is("itemsPerPage", "2"), is("totalResults", "5")],
  },
  {
    name: "and with brackets and or",
    request: get(
      `/Users?filter=${encodeURIComponent('name.FamilyName eq "Durand" and (emails.Value co "example.com" or emails.Value co "example.org")')}`,
    ),
    checks: [isStatus(200), is("totalResults", "4")],
  },
  {
    name: "a beginning",
    request: get(`/Users?filter=${encodeURIComponent('userName sw "OM"')}`),
    checks: [isStatus(200), is("totalResults", "1")],
  },
  {
    name: "later than",
    request: get(`/Users?filter=${encodeURIComponent('meta.Created gt "2015-10-10T14:38:21.8617979-07:00"')}`),
    checks: [isStatus(200), is("totalResults", "5")],
  },
  {
    name: "an unlikely first page of a full synchronization",
    request: get(
      `/Users?count=5&startIndex=1&filter=${encodeURIComponent('active eq true and (meta.lastModified ge "0001-01-03T00:00:00.0000000Z" and meta.lastModified le "2999-01-01T00:00:00Z")')}`,
    ),
    checks: [isStatus(200), is("totalResults", "4")],
  },

  { name: "a group", request: post("/Groups", group("Group 1")), checks: [isStatus(201)], keeps: made.keeps("group") },
  ...["string id 1", "string id 2"].map((value): Step => ({
    name: "a member that nobody is",
    request: patch(path("Groups", "group"), () => ({ op: "add", path: "members", value })),
    checks: [isStatus(204)],
  })),
  { name: "the group", request: get(path("Groups", "group")), checks: [isStatus(200), says("string id", false)] },
  {
    name: "the group without members",
    request: get((known) => `${path("Groups", "group")(known)}?excludedAttributes=members`),
    checks: [isStatus(200), says("members", false)],
  },
  {
    name: "another name",
    request: put(path("Groups", "group"), group("Autre")),
    checks: [isStatus(200), is("displayName", "Autre")],
  },
  ...["omalley", "emp1", "emp2", "enterprise"].map((name): Step => ({
    name: `${name} removed`,
    request: remove(path("Users", name)),
    checks: [isStatus(204)],
  })),
  { name: "the group removed", request: remove(path("Groups", "group")), checks: [isStatus(204)] },
  {
    name: "only who was there before",
    request: get("/Users?attributes=userName"),
    checks: [isStatus(200), is("totalResults", "1")],
  },
  { name: "no group is left", request: get("/Groups"), checks: [isStatus(200), is("totalResults", "0")] },
];

import { coreGroup, coreUser, enterpriseUser, messages } from "../../services/scim/urns";
import { asOwner, clientOf, openScim, scimClient, type Reply, type ScimClient, type ScimServer } from "./support/door";
import { seedMembers } from "./support/seed";

let server: ScimServer;
let idp: ScimClient;
beforeAll(async () => {
  server = await openScim();
  idp = await scimClient(server);
  for (const name of ["a", "b", "c"]) {
    await idp.post("/Users", {
      schemas: [coreUser],
      userName: idp.org.email(name),
      displayName: `User ${name}`,
      [enterpriseUser]: { department: name.toUpperCase() },
    });
  }
  for (const displayName of ["Zeta", "Alpha"]) await idp.post("/Groups", { schemas: [coreGroup], displayName });
});

const search = (path: string, more: object, client = idp): Promise<Reply> =>
  client.post(path, { schemas: [messages.searchRequest], ...more });
const names = ({ body }: Reply): string[] =>
  (body.Resources as { userName?: string; displayName?: string }[]).map(
    (r) => (r.displayName ?? r.userName ?? "").split("@")[0] ?? "",
  );

test("SCIM-182: .search answers as the GET does, for users and groups", async () => {
  const query = {
    filter: "displayName pr",
    sortBy: "displayName",
    sortOrder: "descending",
    startIndex: 2,
    count: 1,
    attributes: ["displayName"],
  };
  const get = await idp.get(
    "/Users?filter=displayName%20pr&sortBy=displayName&sortOrder=descending&startIndex=2&count=1&attributes=displayName",
  );
  const post = await search("/Users/.search", query);
  const groups = await search("/Groups/.SEARCH", { filter: 'displayName eq "zeta"', excludedAttributes: "members" });

  expect([post.status, post.body]).toEqual([200, get.body]);
  expect(names(post)).toEqual(["User b"]);
  expect(names(groups)).toEqual(["Zeta"]);
  const walked = await search("/Users/.search", { cursor: "", count: 2 });
  expect([walked.body.itemsPerPage, typeof walked.body.nextCursor]).toEqual([2, "string"]);
});

test("SCIM-182: the body must be a search request; nonsense in it is refused like nonsense in a URL", async () => {
  const code = async (body: object) => {
    const reply = await idp.post("/Users/.search", body);
    return `${reply.status} ${String(reply.body.scimType)}`;
  };
  const of = (more: object) => ({ schemas: [messages.searchRequest], ...more });

  expect(await code({ schemas: [messages.patchOp] })).toBe("400 invalidSyntax");
  expect(await code(of({ filter: 5 }))).toBe("400 invalidFilter");
  expect(await code(of({ filter: "foo eq 1" }))).toBe("400 invalidFilter");
  expect(await code(of({ count: "many" }))).toBe("400 invalidValue");
  expect(await code(of({ attributes: 5 }))).toBe("400 invalidValue");
  expect(await code(of({ sortBy: ["a"] }))).toBe("400 invalidValue");
  expect((await idp.get("/Users/.search")).status).toBe(405);
  expect((await idp.post("/Users/.search", { filter: "title pr" })).status).toBe(200);
});

test("SCIM-046: a token that only reads may search, and searches are no writes in the log", async () => {
  const reader = await clientOf(server, idp.org, { scopes: ["scim.read"] });
  const [before] = await asOwner("select count(*)::integer as n from provisioning_entry where org_id = $1", [
    idp.org.orgId,
  ]);

  expect((await search("/Users/.search", { count: 1 }, reader)).status).toBe(200);
  expect((await search("/.search", { count: 1 }, reader)).status).toBe(200);
  expect(
    await asOwner("select count(*)::integer as n from provisioning_entry where org_id = $1", [idp.org.orgId]),
  ).toEqual([before]);
});

test("SCIM-105: the base URL lists users and groups in one order", async () => {
  const get = await idp.get("/");
  expect([get.status, get.body.totalResults, get.body.itemsPerPage]).toEqual([200, 6, 6]);
  expect(names(get)).toEqual(["owner", "User a", "User b", "User c", "Zeta", "Alpha"]);
  expect(names(await idp.get("/?sortBy=displayName"))).toEqual([
    "Alpha",
    "User a",
    "User b",
    "User c",
    "Zeta",
    "owner",
  ]);
  expect(names(await idp.get("?sortBy=displayName&sortOrder=descending&startIndex=2&count=2"))).toEqual([
    "Zeta",
    "User c",
  ]);
  expect((await idp.get("?attributes=displayName&count=1")).body.Resources[0]).toEqual({
    schemas: expect.any(Array),
    id: expect.any(String),
  });
});

test("SCIM-105: an attribute that one type lacks does not match there; one that all lack is an error", async () => {
  const found = async (filter: string) => names(await search("/.search", { filter }));

  expect(await found('displayName sw "u" or displayName eq "alpha"')).toEqual(["User a", "User b", "User c", "Alpha"]);
  expect(await found(`userName eq "${idp.org.email("b")}" or members pr or displayName eq "zeta"`)).toEqual([
    "User b",
    "Zeta",
  ]);
  expect(await found('meta.resourceType eq "Group"')).toEqual(["Zeta", "Alpha"]);
  expect(await found(`${enterpriseUser}:department eq "c"`)).toEqual(["User c"]);
  expect(await found("not (userName pr) and displayName pr")).toEqual([]);
  for (const filter of ["foo pr", 'displayName pr or foo eq "x"']) {
    expect((await search("/.search", { filter })).body.scimType).toBe("invalidFilter");
  }
  expect((await idp.get("/?sortBy=foo")).body.scimType).toBe("invalidValue");
  expect((await idp.get("/?cursor")).body.scimType).toBe("invalidValue");
});

test("SCIM-105: a query over everything that is too much needs a filter", async () => {
  const large = await scimClient(server);
  await seedMembers(large.org.orgId, 10_000);
  const all = await large.get("/?count=1");

  expect([all.status, all.body.scimType]).toEqual([400, "tooMany"]);
  expect((await large.get("/?count=1&filter=userName%20sw%20%22bulk%22")).body.totalResults).toBe(10_000);
});

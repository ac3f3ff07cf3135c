import { seedMembers } from "./support/seed";
import { coreUser } from "../../services/scim/urns";
import { asOwner, openScim, scimClient, type Reply, type ScimClient, type ScimServer } from "./support/door";

let server: ScimServer;
let idp: ScimClient;
const names = ["d", "a", "c", "b", "f", "e", "g"];
beforeAll(async () => {
  server = await openScim();
  idp = await scimClient(server);
  for (const [i, name] of names.entries()) {
    await idp.post("/Users", {
      schemas: [coreUser],
      userName: idp.org.email(name),
      ...(i % 3 === 0 ? {} : { title: "ABC"[i % 3] }),
      emails: [{ value: `${name}@x.test` }],
    });
  }
});

interface List {
  readonly totalResults: number;
  readonly itemsPerPage: number;
  readonly startIndex?: number;
  readonly nextCursor?: string;
  readonly previousCursor?: string;
  readonly Resources: readonly { readonly id: string; readonly userName: string }[];
}
const list = async (client: ScimClient, query: string): Promise<List> => {
  const { status, body }: Reply = await client.get(`/Users?${query}`);
  expect([status, body.detail]).toEqual([200, undefined]);
  return body as List;
};
const initials = ({ Resources }: List): string => Resources.map((u) => u.userName[0]).join("");

async function walk(query: string): Promise<{ pages: string[]; last: List }> {
  const pages: string[] = [];
  let page = await list(idp, `${query}&cursor`);
  for (;;) {
    pages.push(initials(page));
    if (page.nextCursor === undefined) return { pages, last: page };
    page = await list(idp, `${query}&cursor=${page.nextCursor}`);
  }
}

test("SCIM-132: a walk by cursor sees every page once, forwards and back, and counts exactly", async () => {
  const first = await list(idp, "cursor&count=3");
  expect([first.totalResults, first.itemsPerPage, first.startIndex, first.previousCursor]).toEqual([
    8,
    3,
    undefined,
    undefined,
  ]);
  const { pages, last } = await walk("count=3");
  expect(pages).toEqual(["oda", "cbf", "eg"]);
  expect([last.nextCursor, last.itemsPerPage]).toEqual([undefined, 2]);

  const middle = await list(idp, `cursor=${last.previousCursor ?? ""}&count=3`);
  expect(initials(middle)).toBe("cbf");
  expect(initials(await list(idp, `cursor=${middle.nextCursor ?? ""}&count=3`))).toBe("eg");
  const beginning = await list(idp, `cursor=${middle.previousCursor ?? ""}&count=3`);
  expect([initials(beginning), beginning.previousCursor]).toEqual(["oda", undefined]);
});

test.each([
  ["sortBy=userName", "abcdefgo"],
  ["sortBy=userName&sortOrder=descending", "ogfedcba"],
  ["sortBy=emails.value", "abcdefgo"],
  ["sortBy=title", ""],
  ["sortBy=active", "odacbfeg"],
  ["sortBy=meta.created&sortOrder=descending", "gefbcado"],
  ["sortBy=id", "odacbfeg"],
  ["filter=title%20pr", "acfe"],
  ["filter=title%20pr&sortBy=title&sortOrder=descending", ""],
])("SCIM-132: a walk in the order of %s is the list in that order", async (query, expected) => {
  for (const count of [1, 2, 3, 8]) {
    const { pages } = await walk(`${query}&count=${count}`);
    const whole = initials(await list(idp, query));
    expect(pages.join("")).toBe(whole);
    if (expected !== "") expect(whole).toBe(expected);
  }
});

test("SCIM-132: without cursor the pages are numbered; both ways together are refused", async () => {
  expect((await list(idp, "count=2")).startIndex).toBe(1);
  expect((await idp.get("/Users?cursor&startIndex=1")).body.scimType).toBe("invalidValue");
});

test("SCIM-133: a cursor is good for its list, its connection and its count only", async () => {
  const { nextCursor = "" } = await list(
    idp,
    "cursor&count=2&filter=userName%20pr&sortBy=userName&attributes=userName",
  );
  const same = "count=2&filter=userName%20pr&sortBy=userName&attributes=userName";
  const code = async (query: string, client = idp) =>
    (await client.get(`/Users?${query}&cursor=${nextCursor}`)).body.scimType;
  const other = await scimClient(server);

  expect(nextCursor).toMatch(/^[A-Za-z0-9_-]+$/);
  expect(await code(same)).toBeUndefined();
  expect(await code(same.replace("count=2&", ""))).toBeUndefined();
  expect(await code(same.replace("count=2", "count=3"))).toBe("invalidCount");
  expect(await code(same.replace("userName%20pr", "title%20pr"))).toBe("invalidCursor");
  expect(await code(same.replace("sortBy=userName", "sortBy=title"))).toBe("invalidCursor");
  expect(await code(same.replace("attributes=userName", "attributes=title"))).toBe("invalidCursor");
  expect(await code(same, other)).toBe("invalidCursor");
  expect((await idp.get(`/Groups?${same}&cursor=${nextCursor}`)).body.scimType).toMatch(/invalid(Cursor|Filter|Value)/);
  expect((await idp.get(`/Users?${same}&cursor=forged`)).body.scimType).toBe("invalidCursor");
});

test("SCIM-134: of 20,000 members, 50 deleted during the walk, every survivor is seen exactly once", async () => {
  const large = await scimClient(server, { seats: 10 });
  await asOwner(`update identity_connection set options = '{"scimRequestsPerSecond": 100000}' where org_id = $1`, [
    large.org.orgId,
  ]);
  await seedMembers(large.org.orgId, 20_000);
  const seen: string[] = [];
  const deleted = new Set<string>();
  let cursor = "";
  for (let page = 0; ; page++) {
    const read = await list(large, `cursor=${cursor}&count=200&attributes=userName`);
    seen.push(...read.Resources.map((u) => u.id));
    if (read.nextCursor === undefined) break;
    cursor = read.nextCursor;
    // Each second page somebody who was seen and the last who was read are deleted: an offset would slip by two.
    if (page % 2 === 0 && deleted.size < 50) {
      for (const id of [seen[Math.floor(seen.length / 2)] ?? "", seen.at(-1) ?? ""]) {
        if (!deleted.has(id) && (await large.delete(`/Users/${id}`)).status === 204) deleted.add(id);
      }
    }
  }

  expect(deleted.size).toBe(50);
  expect(seen).toHaveLength(20_001);
  expect(new Set(seen).size).toBe(20_001);
}, 120_000);

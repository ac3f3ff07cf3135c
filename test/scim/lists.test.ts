import { randomBytes } from "node:crypto";
import fc from "fast-check";
import { userType } from "../../services/scim/attributes/registry";
import { openCursor, queryDigest, sealCursor, type CursorContext } from "../../services/scim/cursor";
import { readPage } from "../../services/scim/paging";
import { readOrder } from "../../services/scim/sort";
import { codeOf } from "./support/reading";

test.each([
  [{}, { startIndex: 1, count: 100 }],
  [
    { startIndex: "0", count: "10" },
    { startIndex: 1, count: 10 },
  ],
  [
    { startIndex: "-5", count: "-5" },
    { startIndex: 1, count: 0 },
  ],
  [
    { startIndex: "7", count: "0" },
    { startIndex: 7, count: 0 },
  ],
  [{ count: "201" }, { startIndex: 1, count: 200 }],
  [
    { count: 200, startIndex: 5 },
    { startIndex: 5, count: 200 },
  ],
  [{ startIndex: "999999999999" }, { startIndex: 2_147_483_647, count: 100 }],
])("SCIM-130: the page %j is %j", (request, page) => {
  expect(readPage(request)).toEqual({ by: "index", ...page });
});

test.each([
  { count: "ten" },
  { startIndex: "1.5" },
  { count: true },
  { startIndex: [1] },
  { count: "1e2" },
  { count: "99999999999999999999" },
])("SCIM-130: %j is invalidValue", (request) => {
  expect(codeOf(() => readPage(request))).toBe("400 invalidValue");
});

test("SCIM-132: cursor, even empty, chooses the other way of paging; both together are refused", () => {
  expect(readPage({ cursor: "" })).toEqual({ by: "cursor", cursor: undefined, count: 100, countGiven: false });
  expect(readPage({ cursor: "abc", count: "5" })).toEqual({ by: "cursor", cursor: "abc", count: 5, countGiven: true });
  expect(codeOf(() => readPage({ cursor: "abc", startIndex: "1" }))).toBe("400 invalidValue");
  expect(codeOf(() => readPage({ cursor: 5 }))).toBe("400 invalidValue");
});

const context: CursorContext & { count: number } = {
  key: randomBytes(32),
  orgId: "org-1",
  connectionId: "con-1",
  query: queryDigest('userName sw "a"', "userName"),
  count: 10,
  now: new Date("2026-04-01T10:00:00Z"),
};
const position = { direction: "next", value: "ada@acme.test", id: "0190" } as const;

test("SCIM-133: a cursor comes back as it went, in unreserved characters only", () => {
  const cursor = sealCursor(position, context);

  expect(cursor).toMatch(/^[A-Za-z0-9_-]+$/);
  expect(openCursor(cursor, context)).toEqual({ position, count: 10 });
  expect(Buffer.from(cursor, "base64url").toString("latin1")).not.toContain("ada@acme.test");
  expect(sealCursor(position, context)).not.toBe(cursor);
});

test.each([
  ["another organization", { orgId: "org-2" }, "400 invalidCursor"],
  ["another connection", { connectionId: "con-2" }, "400 invalidCursor"],
  ["another query", { query: queryDigest("x") }, "400 invalidCursor"],
  ["another key", { key: randomBytes(32) }, "400 invalidCursor"],
  ["another count", { count: 11 }, "400 invalidCount"],
  ["an hour and a second later", { now: new Date("2026-04-01T11:00:01Z") }, "400 expiredCursor"],
])("SCIM-133: under %s a cursor is refused", (_, other, code) => {
  const cursor = sealCursor(position, context);

  expect(codeOf(() => openCursor(cursor, { ...context, ...other }))).toBe(code);
});

test("SCIM-133: a cursor is good for an hour, and no changed or made-up text is one", () => {
  const cursor = sealCursor(position, context);
  expect(openCursor(cursor, { ...context, now: new Date("2026-04-01T11:00:00Z") }).position).toEqual(position);
  fc.assert(
    fc.property(fc.nat(cursor.length - 1), fc.constantFrom("A", "B", "c", "0", "1", "9", "_", "-"), (at, letter) => {
      const forged = cursor.slice(0, at) + letter + cursor.slice(at + 1);
      // The last digit of base64url carries bits that are thrown away.
      if (Buffer.from(forged, "base64url").equals(Buffer.from(cursor, "base64url"))) return true;
      return codeOf(() => openCursor(forged, context)) === "400 invalidCursor";
    }),
  );
  fc.assert(fc.property(fc.string(), (text) => codeOf(() => openCursor(text, context)) === "400 invalidCursor"));
});

test("SCIM-120: sortBy takes any path with an order; sortOrder alone means nothing", () => {
  const order = (by?: string, direction?: string) => {
    const read = readOrder(userType, by, direction);
    return (
      read &&
      `${read.subject.key}${read.subject.sub ? `.${read.subject.sub.name}` : ""} ${read.descending ? "desc" : "asc"}`
    );
  };

  expect(order("userName")).toBe("userName asc");
  expect(order("NAME.familyName", "Descending")).toBe("name.familyName desc");
  expect(order("emails")).toBe("emails.value asc");
  expect(order("urn:ietf:params:scim:schemas:core:2.0:User:meta.created", "ASCENDING")).toBe("meta.created asc");
  expect(order(undefined, "nonsense")).toBeUndefined();
  for (const by of ["foo", "password", "name", "x509Certificates.value", "schemas", "userName.x", "addresses"]) {
    expect(codeOf(() => readOrder(userType, by, undefined))).toBe("400 invalidValue");
  }
  expect(codeOf(() => readOrder(userType, "userName", "up"))).toBe("400 invalidValue");
});

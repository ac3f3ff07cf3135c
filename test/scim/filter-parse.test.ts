import fc from "fast-check";
import { groupType, userType } from "../../services/scim/attributes/registry";
import { readFilter } from "../../services/scim/filter/bind";
import type { Filter } from "../../services/scim/filter/filter";
import { parseFilter } from "../../services/scim/filter/parse";
import { coreUser, enterpriseUser } from "../../services/scim/urns";
import { ScimRefusal } from "../../services/scim/refusal";
import { codeOf, readingAs } from "./support/reading";

const read = (text: string, reading = readingAs()): Filter => readFilter(userType, text, reading);
const tree = (text: string, reading = readingAs()) => parseFilter(text, reading.dialect, reading.trail);

/** A filter in short, e.g. `(userName eq "x" and emails[type eq "work"])`. */
function brief(filter: Filter): string {
  switch (filter.kind) {
    case "and":
    case "or":
      return `(${filter.parts.map(brief).join(` ${filter.kind} `)})`;
    case "not":
      return `not ${brief(filter.part)}`;
    case "element":
      return `${filter.place.key}[${brief(filter.part)}]`;
    case "never":
      return "never";
    default: {
      const name = `${filter.subject.key}${filter.subject.sub ? `.${filter.subject.sub.name}` : ""}`;
      return filter.kind === "present" ? `${name} pr` : `${name} ${filter.op} ${JSON.stringify(filter.literal)}`;
    }
  }
}

test.each([
  ['userName Eq "x" AND Active EQ true', '(userName eq "x" and active eq true)'],
  ['title pr or userType eq "a" and userName sw "b"', '(title pr or (userType eq "a" and userName sw "b"))'],
  ['(title pr or userType eq "a") and userName sw "b"', '((title pr or userType eq "a") and userName sw "b")'],
  ["not (title pr) and userName pr", "(not title pr and userName pr)"],
  ["NOT(title pr)", "not title pr"],
  ["a", ""],
])("SCIM-110: precedence is brackets, not, and, or; words in any case: %s", (text, expected) => {
  if (expected === "") expect(codeOf(() => read(text))).toBe("400 invalidFilter");
  else expect(brief(read(text))).toBe(expected);
});

test.each([
  ['"a\\"b"', 'a"b'],
  ['"a\\\\b"', "a\\b"],
  ['"\\u00e9\\u0041"', "éA"],
  ['"\\ud83d\\ude00"', "😀"],
  ['"a\\nb"', "a\nb"],
  ['"100%_\'; drop table member; --"', "100%_'; drop table member; --"],
  ['"]) or (userName pr"', "]) or (userName pr"],
  ['" and "', " and "],
])("SCIM-110: the literal %s is decoded as JSON", (literal, value) => {
  expect(tree(`userName eq ${literal}`)).toEqual({ kind: "compare", path: "userName", op: "eq", literal: value });
});

test("SCIM-110: numbers, negative ones before a blank too, booleans and null are literals", () => {
  const count = (text: string) => brief(readFilter(groupType, text, readingAs()));
  const urn = "urn:ietf:params:scim:schemas:extension:plenum:2.0:Group:memberCount";

  expect(count(`${urn} gt -5 and displayName pr`)).toBe(`(${urn} gt -5 and displayName pr)`);
  expect(count(`${urn} le 1.5e2`)).toBe(`${urn} le 150`);
  expect(brief(read("nickName eq null"))).toBe("nickName eq null");
  expect(brief(read("active ne false"))).toBe("active ne false");
});

test("SCIM-113: a condition behind the bracket is one on the same element", () => {
  expect(brief(read('emails[type eq "work"].value eq "a@x"'))).toBe(
    'emails[(emails.type eq "work" and emails.value eq "a@x")]',
  );
  expect(brief(read('emails[type eq "work" or primary eq true].value pr and title pr'))).toBe(
    '(emails[((emails.type eq "work" or emails.primary eq true) and emails.value pr)] and title pr)',
  );
  expect(brief(read('emails[type eq "work"] and emails.value eq "a@x"'))).toBe(
    '(emails[emails.type eq "work"] and emails.value eq "a@x")',
  );
});

test.each([
  ['emails co "x"', 'emails.value co "x"'],
  ['roles eq "admin"', 'roles.value eq "admin"'],
  [`${coreUser.toUpperCase()}:userName sw "J"`, 'userName sw "J"'],
  [`${enterpriseUser}:manager.value eq "mem_1"`, `${enterpriseUser}:manager.value eq "mem_1"`],
  [`${enterpriseUser}:manager eq "mem_1"`, `${enterpriseUser}:manager.value eq "mem_1"`],
  ['groups[value eq "g1"]', 'groups[groups.value eq "g1"]'],
  ['groups.$ref co "x"', 'groups.$ref co "x"'],
  ["groups.$ref pr", "groups.$ref pr"],
  ['meta.lastModified gt "2024-01-01T00:00:00+02:00"', 'meta.lastModified gt "2023-12-31T22:00:00.000Z"'],
  ['schemas eq "urn:x"', 'schemas eq "urn:x"'],
  ["name pr", "name pr"],
  ['name[givenName eq "A"]', 'name[name.givenName eq "A"]'],
])("SCIM-114: %s is understood", (text, expected) => {
  expect(brief(read(text))).toBe(expected);
});

test.each([
  'name co "x"',
  "active gt true",
  'x509Certificates.value ge "AAAA"',
  'x509Certificates.value co "AAAA"',
  "userName eq 5",
  'active eq "x"',
  'meta.created gt "tomorrow"',
  'meta.created gt "2024-02-30T00:00:00Z"',
  'meta.created co "2024"',
  'meta.created sw "2024"',
  'password eq "x"',
  "password pr",
  "foo eq 1",
  'userName regex "x"',
  "userName eq",
  "(userName pr",
  "userName pr)",
  "",
  "   ",
  "userName gt null",
  "userName co null",
  "emails[type]",
  'emails[type eq "work"',
  'emails[].value eq "x"',
  'emails[type eq "work"].value',
  'emails[foo eq "x"]',
  'emails[type eq "work"].foo eq "x"',
  'emails[emails[type eq "x"]]',
  'userName[value eq "x"]',
  "externalId eq jyoung",
  'userName eq "x',
  'userName eq "\\x"',
  "userName eq 'x'",
  'userName eq "a" "b"',
  'userName eq "a" or',
  "not userName pr",
  "not",
  "and",
  '"userName" eq "x"',
  "userName eq {}",
  'urn:x:2.0:User:userName eq "x"',
  'userName.value eq "x"',
  'name.givenName.first eq "x"',
  "userName pr pr",
  'emails.type[value eq "x"]',
  "id eq 5",
  "[",
  "]",
  "((((",
  "𝒳 eq 1",
  'userName\u0000 eq "x"',
  'toString eq "x"',
  '__proto__ eq "x"',
])("SCIM-114: %j is refused as invalidFilter", (text) => {
  expect(codeOf(() => read(text))).toBe("400 invalidFilter");
});

test("SCIM-114: bare True and False pass where the dialect takes bare words, and are noted", () => {
  const reading = readingAs("okta");

  expect(brief(read("active eq True", reading))).toBe("active eq true");
  expect(reading.trail.coercions).toEqual([{ path: "filter", rule: "bareWords", from: "True", to: true }]);
  expect(brief(read('active eq "False"', reading))).toBe("active eq false");
  expect(codeOf(() => read("active eq True", readingAs("strict")))).toBe("400 invalidFilter");
  expect(codeOf(() => read('active eq "True"', readingAs("strict")))).toBe("400 invalidFilter");
});

test("SCIM-PG01: capital operators and lower-case names work; email works where the connection has the alias", () => {
  expect(brief(read('username Eq "a@x"', readingAs("ping")))).toBe('userName eq "a@x"');
  expect(codeOf(() => read('email Co "x"', readingAs("ping")))).toBe("400 invalidFilter");
  const aliased = readingAs("ping", { attributeAliases: { email: "emails.value" } });
  expect(brief(read('EMAIL Co "x"', aliased))).toBe('emails.value co "x"');
});

test("SCIM-105: where several types are asked, an attribute that one does not have never matches there", () => {
  const lenient = { ...readingAs(), lenient: true };

  expect(brief(readFilter(groupType, 'userName eq "x" or displayName eq "y"', lenient))).toBe(
    '(never or displayName eq "y")',
  );
  expect(brief(readFilter(groupType, 'emails[type eq "work"]', lenient))).toBe("never");
});

test("SCIM-115: length, number of conditions and depth are limited before anything parses", () => {
  const long = `userName eq "${"x".repeat(4_082)}"`;
  expect(long.length).toBe(4_096);
  expect(brief(read(long)).length).toBe(4_096);
  expect(codeOf(() => read(`${long} `))).toBe("400 invalidFilter");

  const many = (n: number) => Array.from({ length: n }, () => "title pr").join(" or ");
  expect(brief(read(many(100)))).toContain("title pr or title pr");
  expect(codeOf(() => read(many(101)))).toBe("400 invalidFilter");

  const deep = (n: number) => `${"(".repeat(n)}title pr${")".repeat(n)}`;
  expect(brief(read(deep(32)))).toBe("title pr");
  expect(codeOf(() => read(deep(33)))).toBe("400 invalidFilter");
  expect(codeOf(() => read("(".repeat(4_000)))).toBe("400 invalidFilter");
});

test("SCIM-034: whatever text comes, the parser answers a filter or invalidFilter, and soon", () => {
  const word = fc.constantFrom(
    "userName",
    "emails",
    "name.givenName",
    "[",
    "]",
    "].value",
    "(",
    ")",
    " ",
    "eq",
    "ne",
    "co",
    "gt",
    "pr",
    "and",
    "or",
    "not",
    '"x"',
    '"\\u0041"',
    '"',
    "\\",
    "true",
    "null",
    "-1.5e3",
    "$ref",
    "urn:ietf:params:scim:schemas:core:2.0:User:id",
    ".",
    "%",
  );
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.array(word, { maxLength: 30 }).map((w) => w.join(" ")),
        fc.array(word).map((w) => w.join("")),
      ),
      (text) => {
        try {
          return brief(read(text)) !== "";
        } catch (error) {
          return error instanceof ScimRefusal && error.scimType === "invalidFilter" && error.message.length < 300;
        }
      },
    ),
    { numRuns: 5_000 },
  );
});

test("SCIM-110: any JSON string survives the way through the parser unchanged", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 50 }), (text) => {
      const read = tree(`title eq ${JSON.stringify(text)} and userName pr`);
      const literal = read.kind === "and" && read.parts[0]?.kind === "compare" ? read.parts[0].literal : undefined;
      return literal === text;
    }),
    { numRuns: 2_000 },
  );
});

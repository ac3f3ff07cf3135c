import fc from "fast-check";
import { TypeID } from "typeid-js";
import { parseEmail, readDomain, readEmail } from "../../services/kernel/email";
import { idPrefixes, newId, parseId, publicId, readId, uuidOf, base32Of, type Id } from "../../services/kernel/ids";
import { exact, formatMajor, sum, toMoney } from "../../services/kernel/money";
import { isTimeZone } from "../../services/kernel/period";
import { foldKey, parseSlug, parseText } from "../../services/kernel/text";
import { mintSecret, readSecret, secretPrefixes, type SecretKind } from "../../services/platform/secrets";

const uuid = fc.uuid({ version: 7 });

test("decision 2: a public id is the TypeID of the library, both ways, for every uuid", () => {
  fc.assert(
    fc.property(uuid, (id) => {
      const shown = publicId("member", id as Id<"member">);
      expect(shown).toBe(TypeID.fromUUID("mem", id).toString());
      expect(parseId("member", shown)).toBe(id);
      expect(uuidOf(base32Of(id))).toBe(id);
    }),
  );
});

test("SCIM-014, GQL-13: whatever is no id of its kind does not exist, and nothing else happens", () => {
  const member = publicId("member", newId("member"));
  const wrong = [
    "",
    "mem_",
    "mem",
    member.toUpperCase(),
    `${member}x`,
    `x${member}`,
    `mem_8${member.slice(5)}`, // 130 bits hold two ids, we write the low one
    member.replace("mem", "org"),
    "../etc",
    "%00",
    "mem_".repeat(3000),
  ];

  for (const text of wrong)
    expect(() => parseId("member", text)).toThrow(expect.objectContaining({ code: "not_found" }));
  fc.assert(fc.property(fc.string(), (text) => readId(text) === undefined || text.includes("_")));
});

test("decision 2: prefixes are distinct, ids are ordered by time of making", () => {
  const prefixes = Object.values(idPrefixes);
  expect(new Set(prefixes).size).toBe(prefixes.length);

  const made = Array.from({ length: 1000 }, () => newId("member"));
  expect([...made].sort()).toEqual(made);
});

test("decision 27: every secret names its organization and its kind; one changed character is noticed without a query", () => {
  const kinds = Object.keys(secretPrefixes) as SecretKind[];
  fc.assert(
    fc.property(uuid, fc.constantFrom(...kinds), fc.nat(), (orgId, kind, at) => {
      const secret = mintSecret(kind, orgId as Id<"organization">);
      expect(readSecret(secret.text)).toEqual({ kind, orgId, hash: secret.hash });
      const i = at % secret.text.length;
      const changed = `${secret.text.slice(0, i)}${secret.text[i] === "x" ? "y" : "x"}${secret.text.slice(i + 1)}`;
      expect(readSecret(changed)).toBeUndefined();
    }),
  );
});

test("SAML-61: an address has one @, no quoted local part and a domain as A-label; its key ignores case", () => {
  expect(readEmail("Ada.L@Bücher.Example")).toEqual({
    asGiven: "Ada.L@Bücher.Example",
    norm: "ada.l@xn--bcher-kva.example",
    domain: "xn--bcher-kva.example",
  });
  for (const text of [
    "",
    "a",
    "a@",
    "@b.c",
    "a@b",
    "a@b@c.d",
    '"a b"@c.d',
    "a b@c.d",
    "a@b..c",
    "a@-b.c",
    `${"a".repeat(65)}@b.c`,
    `a@${"b".repeat(300)}.c`,
    // What Node would cut off, drop or decode where it reads the host of a URL.
    "a@b.c/.evil.test",
    "a@b.c\\.evil.test",
    "a@b.c?.evil.test",
    "a@b.c#.evil.test",
    "a@b.c:25",
    "a@b%2Ec",
    "a@b.\tc",
  ]) {
    expect(readEmail(text)).toBeUndefined();
  }
  expect(() => parseEmail("owner", 7)).toThrow(
    expect.objectContaining({ facts: expect.objectContaining({ field: "owner" }) }),
  );
  expect(readDomain("EXAMPLE.org")).toBe("example.org");
  expect(readDomain("localhost")).toBeUndefined();
});

test("SCIM-080: the comparison key folds width, case and composition", () => {
  expect(foldKey("Ａlice@X")).toBe(foldKey("alice@x"));
  expect(foldKey("é")).toBe(foldKey("e\u0301"));
  fc.assert(fc.property(fc.string({ unit: "grapheme" }), (text) => foldKey(foldKey(text)) === foldKey(text)));
});

test("GQL-18: texts are NFC, trimmed, bounded, and without NUL, control characters or lone surrogates", () => {
  expect(parseText("name", "  e\u0301  ", { max: 5 })).toBe("é");
  expect(parseText("name", "👩‍🚀".repeat(2), { max: 6 })).toBe("👩‍🚀👩‍🚀");
  for (const bad of ["a\u0000b", "\ud800", "a\nb", "a\u202eb", "", "x".repeat(6), 7]) {
    expect(() => parseText("name", bad, { max: 5 })).toThrow(expect.objectContaining({ code: "invalid" }));
  }
});

test("a slug is lower case letters, digits and single hyphens", () => {
  expect(parseSlug("slug", " Atelier-9 ")).toBe("atelier-9");
  for (const bad of ["a", "-a", "a-", "a--b", "a_b", "é", "a".repeat(64), "a/b"]) {
    expect(() => parseSlug("slug", bad)).toThrow(expect.objectContaining({ code: "invalid" }));
  }
});

test("decision 9, DEC-32: money rounds once, half away from zero, in the currency's minor units", () => {
  const table: [string, string, bigint][] = [
    ["0.005", "EUR", 1n],
    ["-0.005", "EUR", -1n],
    ["0.0049999999", "EUR", 0n],
    ["10.60", "EUR", 1060n],
    ["1.5", "JPY", 2n],
    ["0.0005", "KWD", 1n],
  ];
  for (const [amount, currency, minor] of table) expect(toMoney(exact(amount), currency)).toEqual({ minor, currency });
  expect(toMoney(exact("0.053").times(100), "EUR").minor).toBe(530n);
  expect(toMoney(exact("0.0503").times(100), "EUR").minor).toBe(503n);
  expect(formatMajor({ minor: 6000n, currency: "EUR" })).toBe("60.00");
  expect(
    sum("EUR", [
      { minor: 1n, currency: "EUR" },
      { minor: 2n, currency: "EUR" },
    ]),
  ).toEqual({ minor: 3n, currency: "EUR" });
  expect(() => sum("EUR", [{ minor: 1n, currency: "USD" }])).toThrow("share a currency");
});

test("ORG-01: a time zone is one that the machine knows", () => {
  expect(["Europe/Paris", "UTC", "Australia/Lord_Howe"].every(isTimeZone)).toBe(true);
  expect(["Mars/Olympus", "", "Europe/Paris; drop", "../etc"].some(isTimeZone)).toBe(false);
});

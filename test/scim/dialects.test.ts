import { dialectOf, fits, presets, type Preset } from "../../services/scim/dialects";
import { readOperations } from "../../services/scim/patch/operation";
import { userType } from "../../services/scim/attributes/registry";
import { codeOf, patchBody, patched, ada, readingAs } from "./support/reading";

// §0 of the spec page, row by row: strict, tolerant, entra, okta, onelogin, ping, interop.
const order: readonly Preset[] = ["strict", "tolerant", "entra", "okta", "onelogin", "ping", "interop"];
const table: readonly [keyof (typeof presets)["tolerant"], readonly unknown[]][] = [
  ["coerceScalars", [false, true, true, true, true, true, false]],
  ["replaceNoMatch", ["refuse", "create", "create", "create", "create", "create", "refuse"]],
  ["removeNoMatch", ["refuse", "ignore", "ignore", "ignore", "ignore", "ignore", "refuse"]],
  ["pathlessPatch", ["allow", "allow", "allow", "allow", "allow", "allow", "refuse"]],
  ["dottedKeys", ["allow", "allow", "allow", "allow", "allow", "allow", "refuse"]],
  ["emptyOperations", ["refuse", "ignore", "ignore", "ignore", "ignore", "ignore", "refuse"]],
  ["unknownMembers", ["refuse", "refuse", "refuse", "ignore", "ignore", "refuse", "refuse"]],
  ["unknownAttributes", ["ignore", "ignore", "ignore", "ignore", "ignore", "ignore", "refuse"]],
  ["scalarForComplex", [false, true, true, true, true, true, false]],
  ["missingSchemas", ["refuse", "assume", "assume", "assume", "assume", "assume", "refuse"]],
  ["scim1Patch", [false, false, false, false, true, false, false]],
  ["rawAuthorization", [false, true, true, true, true, true, false]],
  ["patchResponse", ["200", "auto", "auto", "auto", "200", "200", "200"]],
  ["oneValuePerType", [false, false, true, false, false, false, false]],
];

test.each(table)("SCIM-002: the switch %s has the documented position in each preset", (name, positions) => {
  expect(order.map((preset) => presets[preset][name])).toEqual(positions);
});

test("SCIM-002: the same body has two documented outcomes under two presets", () => {
  const operations = [{ op: "Replace", path: "active", value: "False" }];

  expect(codeOf(() => patched(ada, operations, readingAs("strict")))).toBe("400 invalidValue");
  expect(patched(ada, operations, readingAs("entra"))["active"]).toBe(false);
});

test("SCIM-002: a connection's deviations lie over its preset, nonsense among them is left out", () => {
  const dialect = dialectOf("okta", {
    patchResponse: "200",
    emptyOperations: "sometimes",
    coerceScalars: "yes",
    memberPageGuard: 10,
    __proto__: { rawAuthorization: false },
    constructor: true,
    attributeAliases: { email: "emails.value" },
  });

  expect(dialect).toEqual({
    ...presets.okta,
    patchResponse: "200",
    memberPageGuard: 10,
    attributeAliases: { email: "emails.value" },
  });
  expect(fits("toString", true)).toBe(false);
  expect(fits("attributeAliases", { email: 5 })).toBe(false);
  expect(dialectOf("no-such-preset")).toEqual(presets.tolerant);
});

test("SCIM-001: every coercion of a request is noted with path, rule, from and to", () => {
  const reading = readingAs("entra");
  const operations = readOperations(
    userType,
    { Operations: [{ op: "Replace", path: "active", value: "False" }] },
    reading,
  );
  patched(ada, operations, reading);

  expect(reading.trail.coercions).toEqual([
    { path: "schemas", rule: "missingSchemas", from: null, to: ["urn:ietf:params:scim:api:messages:2.0:PatchOp"] },
    { path: "active", rule: "coerceScalars", from: "False", to: false },
  ]);
});

test("SCIM-001: an element that a dialect makes up is noted too", () => {
  const reading = readingAs("entra");
  patched(ada, [{ op: "replace", path: 'emails[type eq "work"].value', value: "ada@acme.test" }], reading);

  expect(reading.trail.coercions).toEqual([
    { path: "emails", rule: "replaceNoMatch", from: null, to: { type: "work", value: "ada@acme.test" } },
  ]);
});

test("SCIM-001: a huge body does not make a huge trail", () => {
  const reading = readingAs("tolerant");
  const emails = Array.from({ length: 900 }, (_, i) => `m${i}@acme.test`);
  patched(ada, [{ op: "replace", path: "emails", value: emails }], reading);

  expect(reading.trail.coercions).toHaveLength(200);
  expect(patchBody([])).toEqual({ schemas: ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], Operations: [] });
});

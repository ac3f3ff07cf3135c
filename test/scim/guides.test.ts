import { readFileSync } from "node:fs";
import { join } from "node:path";
import { presets } from "../../services/scim/dialects";
import { scimReply } from "../../services/scim/errors";
import { commands } from "../../services/cli/commands";
import { plenumSchema } from "../../services/gateway/schema/build";

const folder = join(__dirname, "../../docs/guides/scim");
const providers = ["okta", "entra", "onelogin", "jumpcloud", "ping", "google", "keycloak", "authentik"];
const guides = providers.flatMap((provider) => ["en", "fr"].map((language) => `${provider}.${language}.md`));
const read = (name: string): string => readFileSync(join(folder, name), "utf8");

/** Every keyword that stands in the type of refusals, so that a new one is missed here. */
const keywords = [
  ...readFileSync(join(__dirname, "../../services/scim/refusal.ts"), "utf8")
    .split("export type ScimType =")[1]!
    .split(";")[0]!
    .matchAll(/"(\w+)"/g),
].map((match) => match[1]!);
const statuses = [...new Set(Object.values(scimReply).map(({ status }) => String(status)))];

test.each(guides)("SCIM-199, SCIM-032: the guide %s names the base URL, every status and every scimType", (name) => {
  const text = read(name);
  expect(text).toContain("/scim/v2/{connectionId}");
  expect(keywords.length).toBe(16);
  expect(keywords.filter((word) => !text.includes(`\`${word}\``))).toEqual([]);
  const all = [...statuses, "415", "501", "503"];
  expect(all.filter((status) => !new RegExp(`^\\| ${status} +\\|`, "m").test(text))).toEqual([]);
});

test.each(guides)("SCIM-002: what the guide %s tells to type is there: presets, commands, GraphQL fields", (name) => {
  const text = read(name);
  const [, preset = ""] = /--preset (\w+)/.exec(text) ?? [];
  expect(Object.keys(presets)).toContain(preset);

  const known = commands.map((command) => command.name);
  const typed = [...text.matchAll(/npm run plenum -- ([a-z -]+?) --/g)].map((match) => match[1]!.trim());
  const short = [...text.matchAll(/`(scim (?:health|log|replay|drift))/g)].map((match) => match[1]!);
  expect(typed.length).toBeGreaterThanOrEqual(4);
  expect([...typed, ...short].filter((command) => !known.includes(command))).toEqual([]);

  const schema = plenumSchema();
  const fields = { ...schema.getQueryType()?.getFields(), ...schema.getMutationType()?.getFields() };
  const asked = ["createScimToken", "setScimDialect", "startScimPreview", "provisioningHealth", "provisioningEntries"];
  for (const field of [...asked, "replayProvisioningEntry", "provisioningDrift"]) {
    expect([field, text.includes(field), field in fields]).toEqual([field, true, true]);
  }
});

test("SCIM-GO01: the index of the guides links every one of them in both languages", () => {
  const index = read("README.md");
  expect(guides.filter((name) => !index.includes(`(${name})`))).toEqual([]);
});

import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { mappingProfileNames } from "../../services/domain/identity";
import { commands } from "../../services/cli/commands";
import { samlCodes } from "../../services/saml/codes";
import { setupGuides } from "../../services/saml/setup-guides";

const docs = join(__dirname, "../../docs");
const read = (path: string) => readFileSync(join(docs, path), "utf8");
const languages = ["en", "fr"] as const;
const pages = [
  "guides/saml/README.md",
  ...mappingProfileNames.flatMap((name) => languages.map((language) => `guides/saml/${name}.${language}.md`)),
  ...languages.map((language) => `security-saml.${language}.md`),
  "saml-performance.md",
];

test("SAML-110: the root's documentation leads to the guides, and no link of theirs is dead", () => {
  expect(readFileSync(join(docs, "../README.md"), "utf8")).toContain("docs/guides/saml/README.md");
  const index = read("guides/saml/README.md");
  for (const name of mappingProfileNames) {
    for (const language of languages) expect(index).toContain(`(${name}.${language}.md)`);
  }
  const dead = pages.flatMap((page) =>
    [...read(page).matchAll(/\]\(([^)#]+)\)/g)]
      .map(([, target]) => join(docs, dirname(page), target ?? ""))
      .filter((target) => !existsSync(target)),
  );
  expect(dead).toEqual([]);
});

test.each(mappingProfileNames)(
  "SAML-14, SAML-110: the guide for %s names its fields in both languages, and codes and commands that exist",
  (name) => {
    const known = new Set<string>(samlCodes);
    const spoken = new Set(commands.map((command) => command.name));
    for (const language of languages) {
      const text = read(`guides/saml/${name}.${language}.md`);
      for (const [label] of setupGuides[name].fields) {
        expect([language, label, text.includes(label)]).toEqual([language, label, true]);
      }
      expect(text).toContain(`--profile ${name}`);
      const codes = [...text.matchAll(/^\| `([a-z]+(?:_[a-z0-9]+)+)`/gm)].map(([, code]) => code ?? "");
      const theirs = /^(app_|given_name)/;
      expect(codes.filter((code) => !known.has(code) && !theirs.test(code))).toEqual([]);
      const used = [...text.matchAll(/`plenum (saml [a-z]+(?: [a-z]+)?)/g)].map(([, words]) => words ?? "");
      expect(used.filter((words) => !spoken.has(words) && !spoken.has(words.split(" ").slice(0, 2).join(" ")))).toEqual(
        [],
      );
    }
  },
);

test("SAML-110, SAML-A94: the security pages say what cannot be known, in both languages", () => {
  const [english, french] = languages.map((language) => read(`security-saml.${language}.md`));
  for (const page of [english, french]) expect(page).toContain("golden SAML");
  expect(english).toMatch(/Single logout is best effort/);
  expect(english).toMatch(/claim of the identity provider/);
  expect(french).toMatch(/La déconnexion unique est faite au mieux/);
  expect(french).toMatch(/une affirmation du fournisseur d'identité/);
});

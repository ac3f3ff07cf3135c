import { attacks } from "../support/attacks";
import { encode, type Scene } from "../support/saml-kit";
import { judge, makeScene, type Settings } from "../support/saml-scene";
import type { SamlCode } from "../../services/saml/codes";
import { ruleBook, type RuleBook } from "../../services/saml/verify";

interface Case {
  readonly field: string;
  readonly code: SamlCode;
  readonly settings: readonly Settings[];
}

let scene: Scene;
let cases: readonly Case[];

beforeAll(async () => {
  scene = await makeScene();
  cases = attacks.flatMap((attack) =>
    Object.values(attack.variants).map((variant) => {
      const built = variant.build(scene);
      return { field: variant.isField ? built : encode(built), code: variant.code, settings: [attack, variant] };
    }),
  );
});

function answer({ field, settings }: Case, book: RuleBook): string {
  try {
    const verdict = judge(scene, field, settings, book);
    return verdict.ok ? "accepted" : verdict.refusal.code;
  } catch (error) {
    return `fault: ${String(error)}`;
  }
}

const without = (chapter: "structure" | "signature" | "profile", index: number): RuleBook => ({
  ...ruleBook,
  [chapter]: ruleBook[chapter].filter((_, i) => i !== index),
});

const mutants = (["structure", "signature", "profile"] as const).flatMap((chapter) =>
  ruleBook[chapter].map((rule, index) => [chapter, index, rule.by, rule.code] as const),
);

test("SAML-107: the suite is green before a rule is taken away", () => {
  const wrong = cases.filter((one) => answer(one, ruleBook) !== one.code);

  expect(wrong).toEqual([]);
});

// A rule whose absence nobody notices is either dead or untested.
test.each(mutants)("%s rule %i (%s, %s): without it a case turns red", (chapter, index, _by, code) => {
  const book = without(chapter, index);
  const likelyFirst = [...cases].sort((a, b) => Number(b.code === code) - Number(a.code === code));

  const red = likelyFirst.find((one) => answer(one, book) !== one.code);

  expect(red).toMatchObject({ code });
});

test("SAML-31: without the pre-scan its refusals are gone", () => {
  const scanned = cases.filter(({ code }) => code === "xml_comment" || code === "xml_processing_instruction");

  const stillRefusedSo = scanned.filter((one) => answer(one, { ...ruleBook, prescan: false }) === one.code);

  expect(scanned.length).toBeGreaterThan(8);
  expect(stillRefusedSo).toEqual([]);
});

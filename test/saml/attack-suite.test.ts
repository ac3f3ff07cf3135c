import { attacks } from "../support/attacks";
import { encode, type Scene } from "../support/saml-kit";
import { inMode, judge, makeScene, modesOf, variantsIn } from "../support/saml-scene";

let asked: Scene;

beforeAll(async () => {
  asked = await makeScene();
});

const tries = attacks.flatMap((attack) =>
  modesOf(attack).map((mode) => [attack.id, mode, attack.what, attack] as const),
);

describe.each(tries)("%s, %s: %s", (_id, mode, _what, attack) => {
  const expectation = { kind: mode };

  test("the legitimate response passes", () => {
    const scene = inMode(asked, mode);

    const verdict = judge(scene, encode(attack.good(scene)), [{ expectation }, attack]);

    expect(verdict).toMatchObject({ ok: true });
  });

  test.each(variantsIn(attack, mode))("%s is refused", (_name, variant) => {
    const scene = inMode(asked, mode);
    const built = variant.build(scene);

    const verdict = judge(scene, variant.isField ? built : encode(built), [{ expectation }, attack, variant]);

    expect(verdict).toMatchObject({ ok: false, refusal: { code: variant.code } });
  });
});

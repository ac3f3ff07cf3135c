import { attacks } from "../support/attacks";
import { encode, type Scene } from "../support/saml-kit";
import { judge, makeScene } from "../support/saml-scene";

let scene: Scene;

beforeAll(async () => {
  scene = await makeScene();
});

describe.each(attacks.map((attack) => [attack.id, attack.what, attack] as const))("%s: %s", (_id, _what, attack) => {
  test("the legitimate response passes", () => {
    const verdict = judge(scene, encode(attack.good(scene)), [attack]);

    expect(verdict).toMatchObject({ ok: true });
  });

  test.each(Object.entries(attack.variants))("%s is refused", (_name, variant) => {
    const built = variant.build(scene);

    const verdict = judge(scene, variant.isField ? built : encode(built), [attack, variant]);

    expect(verdict).toMatchObject({ ok: false, refusal: { code: variant.code } });
  });
});

import type { Expectation } from "../../services/saml/trust";
import { ruleBook, verifyField, type RuleBook, type Verdict } from "../../services/saml/verify";
import type { Attack, Variant } from "./attacks";
import { makeKeys, trustOf, type Scene } from "./saml-kit";

/** One identity provider, one connection of ours, one instant. */
export async function makeScene(): Promise<Scene> {
  const [keys, foreignKeys] = await Promise.all([makeKeys("idp"), makeKeys("stranger")]);
  return {
    now: new Date("2026-03-02T09:00:00.000Z"),
    idpEntityId: "https://idp.acme.example/metadata",
    spEntityId: "https://plenum.example/saml/con_1",
    acsUrl: "https://plenum.example/saml/con_1/acs",
    requestId: "_0123456789abcdef0123456789abcdef",
    keys,
    foreignKeys,
  };
}

/** Who began: we, by a request, or the identity provider. */
export type Mode = Expectation["kind"];

/** The modes in which an attack is tried. */
export const modesOf = ({ expectation, isAboutRequests }: Attack): readonly Mode[] =>
  expectation ? [expectation.kind] : isAboutRequests ? ["solicited"] : ["solicited", "unsolicited"];

/** The variants of an attack that make sense in a mode. */
export const variantsIn = ({ variants }: Attack, mode: Mode): [string, Variant][] =>
  Object.entries(variants).filter(([, { expectation }]) => mode === "solicited" || expectation === undefined);

export const inMode = (scene: Scene, mode: Mode): Scene =>
  mode === "solicited" ? scene : { ...scene, requestId: null };

export type Settings = Pick<Attack, "trust" | "expectation">;

/** The verdict over a form field under the settings of an attack and, over these, of its variant. */
export function judge(scene: Scene, field: string, settings: readonly Settings[], book: RuleBook = ruleBook): Verdict {
  const trust = settings.reduce((all, one) => ({ ...all, ...one.trust?.(scene) }), trustOf(scene));
  const asked = settings.map((one) => one.expectation).findLast((one) => one !== undefined);
  const expectation: Expectation = asked ?? { kind: "solicited" };
  return verifyField(field, trust, expectation, scene.now, book);
}
